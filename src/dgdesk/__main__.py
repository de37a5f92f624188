"""Arguments → window, or a headless command."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Open the window (no arguments, or a draft's file), or carry out a headless command; return the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if opens_window(given):
        from dgdesk.ui.app import run

        return run(given)
    from dgdesk.cli.main import main as command

    for stream in (sys.stdout, sys.stderr):
        # A Windows console or a pipe may not be UTF-8; Thai must get through all the same.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    return command(given, sys.stdout, sys.stderr)


def opens_window(arguments: Sequence[str]) -> bool:
    """Tell whether the arguments ask for the window: none, or just a draft's file."""
    rest = [argument for argument in arguments if not argument.startswith("-platform")]
    return not rest or (len(rest) == 1 and rest[0].endswith(".dgdesk"))


if __name__ == "__main__":
    sys.exit(main())
