"""Window, frozen: choices of a draft that may only be read: they take the focus and are read out, but nothing changes.

What is merely disabled is passed over by the Tab key: nobody without a mouse or a screen would learn the answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QAbstractButton, QWidget

# Shiboken cannot have two of Qt's classes among the bases of one.
if TYPE_CHECKING:
    _Button = QAbstractButton
else:
    _Button = object


class Frozen(_Button):
    """The part of a button that can be frozen; stands before Qt's class among the bases."""

    frozen = False

    def freeze(self, why: str) -> None:
        """Refuse changes from now on, and say so to screen readers."""
        self.frozen = True
        describe(self, why)

    def nextCheckState(self) -> None:
        """Stay as it is when frozen, whatever pressed it."""
        if not self.frozen:
            super().nextCheckState()


def describe(widget: QWidget, words: str) -> None:
    """Add words to what a screen reader says of a widget after its name, once."""
    known = widget.accessibleDescription()
    if words not in known:
        widget.setAccessibleDescription(" · ".join(part for part in (known, words) if part))
