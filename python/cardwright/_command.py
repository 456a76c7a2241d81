"""The command `cardwright`."""

from __future__ import annotations

import signal
import sys

from ._cardwright import command


def main() -> int:
    """Runs the command with the arguments of this program."""
    # The command handles Ctrl-C itself, as it does without Python.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return command(sys.argv)
