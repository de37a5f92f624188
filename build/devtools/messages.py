"""What the commands of ``build/dev.py`` say, and how they stop."""

from __future__ import annotations


class Stop(Exception):
    """The command cannot go on; the text is one sentence for the person at the keyboard, with what to do."""


def say(text: str) -> None:
    """Print what happens, at once."""
    print(f"dev.py: {text}", flush=True)
