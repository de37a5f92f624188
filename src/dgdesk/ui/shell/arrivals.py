"""Answers to what the system hands over when the program starts: a double click, or files dropped on its icon.

Everything is answered in the window: a draft is opened, an edition installed, a bundle verified, and of anything else a
sentence says what it is and where it belongs.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from dgdesk.draft.drafts import SUFFIX
from dgdesk.system.kinds import Kind, kind_of
from dgdesk.ui.editions.actions import EditionActions
from dgdesk.ui.editions.dropping import is_pack
from dgdesk.ui.form.host import DraftHost
from dgdesk.ui.shell.dialogs import DialogActions
from dgdesk.ui.widgets.dialogs import tell

_BUNDLE: Final = ".zip"
_OPENED: Final = ("draft", "edition", "bundle")
_LONGEST: Final = 120
_SAID: Final[dict[Kind, str]] = {
    "receipt": "ui.arrived.receipt",
    "encrypted": "ui.arrived.encrypted",
    "addendum": "ui.arrived.addendum",
    "agency": "ui.arrived.agency",
    "key": "ui.arrived.key",
    "folder": "ui.arrived.folder",
}
"""What is said of files that do not open by themselves; of all others ``ui.arrived.other``."""


class Arrivals:
    """Opens the files. Which kind a file is, its content says; a damaged one counts as what its name says."""

    def __init__(self, host: DraftHost, dialogs: DialogActions, editions: EditionActions) -> None:
        self._host, self._dialogs, self._editions = host, dialogs, editions

    def open(self, paths: Sequence[Path]) -> bool:
        """Open the first file that can be opened; return False if another window has that draft and came forward."""
        found = [(path, arrived(path)) for path in paths]
        at = next((number for number, (_, kind) in enumerate(found) if kind in _OPENED), 0)
        path, kind = found[at]
        if len(found) > 1:
            texts = self._host.texts
            words = texts.say("ui.arrived.several", count=len(found), name=texts.cut(path.name, _LONGEST))
            tell(texts, words, self._host.window)
        return self._open(path, kind)

    def _open(self, path: Path, kind: str) -> bool:
        host, texts = self._host, self._host.texts
        if kind == "draft":
            if host.open(path):
                return False
            self._dialogs.ask_name_later()
        elif kind == "edition":
            self._editions.install(path, host.window)
        elif kind == "bundle":
            self._dialogs.check_bundle(path)
        else:
            tell(texts, texts.say(kind, name=texts.cut(path.name, _LONGEST)), host.window, "warning")
        return True


def arrived(path: Path) -> str:
    """Return ``draft``, ``edition`` or ``bundle``, or the code of the sentence that says why a file is not opened."""
    try:
        kind = kind_of(path)
    except FileNotFoundError:
        return "draft" if path.suffix.casefold() == SUFFIX else "ui.arrived.missing"
    except (OSError, ValueError):
        return "draft" if path.suffix.casefold() == SUFFIX else "ui.arrived.unreadable"
    if kind in _OPENED:
        return kind
    if kind in _SAID:
        return _SAID[kind]
    if path.suffix.casefold() == SUFFIX:
        return "draft"
    if is_pack(path):
        return "edition"
    return "bundle" if path.suffix.casefold() == _BUNDLE else "ui.arrived.other"
