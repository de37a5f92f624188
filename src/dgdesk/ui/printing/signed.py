"""The sheet for wet signatures, once a bundle is exported: print it, open it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from dgdesk.ui.widgets.dialogs import tell
from dgdesk.ui.widgets.label import Texts
from dgdesk.ui.widgets.printer import print_content

_MOST = 16 << 20


def print_sheet(path: Path, texts: Texts, parent: QWidget | None) -> bool:
    """Print the sheet on a printer of this PC; whether it was printed."""
    try:
        with path.open("rb") as stream:
            content = stream.read(_MOST)
    except OSError:
        tell(texts, texts.say("ui.printing.signoff_gone", path=path), parent, "warning")
        return False
    return print_content(content, path.stem, texts, parent)


def open_sheet(path: Path, texts: Texts, parent: QWidget | None) -> bool:
    """Open the sheet with this PC's own program; whether there is one."""
    if path.is_file() and QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
        return True
    tell(texts, texts.say("ui.printing.signoff_gone", path=path), parent, "warning")
    return False
