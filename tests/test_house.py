"""The house stands: every room can be imported alone and loads no model."""

import subprocess
import sys


def test_importing_legation_loads_no_model():
    code = "import legation, sys; sys.exit(any(m in sys.modules for m in ('spacy', 'onnxruntime', 'torch')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
