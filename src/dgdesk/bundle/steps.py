"""What an export is at, by name, for whoever waits for it."""

from __future__ import annotations

from typing import Literal, TypeAlias

Step: TypeAlias = Literal["copies", "print", "writing", "reading", "sealing"]
"""Marked copies are made, the survey is printed, the bundle is written and signed, read back and proved, encrypted."""
