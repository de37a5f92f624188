"""What an export is at, by name, for whoever waits for it."""

from __future__ import annotations

from typing import Literal, TypeAlias

Step: TypeAlias = Literal["copies", "print", "writing", "reading", "sealing"]
"""Making marked copies, printing the survey, writing and signing the bundle, verifying it, encrypting it."""
