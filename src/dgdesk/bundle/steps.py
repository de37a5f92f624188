"""What an export is at, by name, for whoever waits for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeAlias

Step: TypeAlias = Literal["copies", "print", "writing", "reading", "sealing"]
"""Marked copies are made, the survey is printed, the bundle is written and signed, read back and proved, encrypted."""
Stepped: TypeAlias = Callable[[Step], None]
"""Called as a step begins, and maybe again while it lasts, from whatever thread exports."""
