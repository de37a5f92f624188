"""Finds the language of a command in its arguments, before anything is parsed or imported."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal


def spoken(arguments: Sequence[str]) -> Literal["th", "en"]:
    """Return the language given by ``--lang``; Thai by default."""
    for at, argument in enumerate(arguments):
        value = argument.partition("=")[2] if argument.startswith("--lang=") else ""
        if argument == "--lang" and at + 1 < len(arguments):
            value = arguments[at + 1]
        if value == "en":
            return "en"
    return "th"
