"""小格 (gridbot): the command line. All logic is in the packages; start reading at bot/cli.py."""

import sys

from bot.cli import main

if __name__ == "__main__":
    sys.exit(main())
