"""Files and pictures on the clipboard go to the part of the page that takes them, whatever has the focus there."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget


@runtime_checkable
class TakesFiles(Protocol):
    """A part of the window that takes files for the widgets inside it."""

    def paste_files(self, at: QWidget) -> bool:
        """Take what is on the clipboard, for the widget ``at``; False if nothing here takes it."""


def holds_files(mime: QMimeData | None) -> bool:
    """Return whether the data is files of this PC, or a picture; cells of a table are text, though a picture is added.

    A web address is text too.
    """
    if mime is None:
        return False
    return any(url.isLocalFile() for url in mime.urls()) or (mime.hasImage() and not mime.hasText())


def paste_up(at: QWidget, event: QKeyEvent) -> bool:
    """If the key pastes files, let the nearest part around ``at`` take them; return whether one did."""
    if not event.matches(QKeySequence.StandardKey.Paste) or not holds_files(QGuiApplication.clipboard().mimeData()):
        return False
    owner = at.parentWidget()
    while owner is not None:
        if isinstance(owner, TakesFiles) and owner.paste_files(at):
            return True
        owner = owner.parentWidget()
    return False
