"""``python -m legation``: the command line where its script is not on the path."""

from legation.cli import main

main()
