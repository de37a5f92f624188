"""Runs a program that must not hang: ``python last_words.py SECONDS PROGRAM ARGUMENTS…``.

A program that is still at work after so many seconds writes to its error stream in which line each of its threads is,
and ends with 1. The lines begin with `UNFINISHED`.
"""

from __future__ import annotations

import faulthandler
import runpy
import sys

UNFINISHED = "Timeout ("
"""How `faulthandler` begins."""


def main(arguments: list[str]) -> None:
    """Run the program as if it had been started itself."""
    seconds, program, *_ = arguments
    faulthandler.dump_traceback_later(float(seconds), exit=True)
    sys.argv[:] = arguments[1:]
    runpy.run_path(program, run_name="__main__")


if __name__ == "__main__":
    main(sys.argv[1:])
