"""The tests of the exports tell their articles as those of the record do."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "record"))
