"""Every file and folder dialog of the window, and where it begins.

A dialog begins in the folder that was used last for its purpose, else beside the draft, else in the person's documents.
Never in the current folder: started by a shortcut, that is the folder of the program itself. What a text box beside the
button says goes first, since the person put it there.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final, Literal

from PySide6.QtCore import QObject, QStandardPaths, Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from dgdesk.system.glance import Glances
from dgdesk.system.settings import SettingsFile

Purpose = Literal[
    "draft",
    "copy",
    "backups",
    "evidence",
    "evidence_folder",
    "print",
    "bundle",
    "scan",
    "receipt",
    "certificate",
    "key",
    "edition",
    "agency",
    "inbox",
    "ledger",
    "tables",
    "unpacked",
    "support",
]
"""What a dialog is for; for each the last folder is remembered.

``bundle``: a province's own; ``inbox``: what an agency received, ``ledger``: what it knows of that,
``tables`` and ``unpacked`` what it makes of that.
"""

_DIRECT: Final = Qt.FindChildOption.FindDirectChildrenOnly


class FilePlaces(QObject):
    """Where the dialogs of a window begin. A child of the window; dialogs find it through their parents."""

    def __init__(self, settings: SettingsFile, window: QWidget, glances: Glances | None = None) -> None:
        super().__init__(window)
        self._settings, self._glances = settings, glances or Glances()
        self.draft: Path | None = None
        """The file of the open draft."""

    def begin(self, purpose: Purpose, typed: Iterable[Path] = (), beside: Iterable[Path] = ()) -> Path:
        """Return the folder to begin in. ``typed``: what a person wrote; ``beside``: of a file that this is about."""
        last, draft = self._settings.now.folders.get(purpose), self.draft
        used = [Path(last)] if last else []
        return first_there([*typed, *used, *beside, *([draft.parent] if draft else [])], self._glances)

    def remember(self, purpose: Purpose, folder: Path) -> None:
        """Begin there the next time."""
        now = self._settings.now
        self._settings.change(replace(now, folders={**now.folders, purpose: str(folder)}))


def documents() -> Path:
    """Return the person's documents folder as the system names it, in OneDrive too; it may be missing."""
    found = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return Path(found) if found else home()


def home() -> Path:
    """Return the person's home folder; without one, as some service accounts, the root of the disk."""
    with suppress(RuntimeError):
        return Path.home()
    return Path(Path.cwd().anchor)


def first_there(folders: Iterable[Path], glances: Glances | None = None) -> Path:
    """Return the first folder that is there, else the documents, else home. Waits at most a moment (`Glances`)."""
    wanted = [*(one for one in folders if one.is_absolute()), documents()]
    return (glances or Glances()).first(wanted) or home()


def choose_file(parent: QWidget | None, purpose: Purpose, title: str, kinds: str = "", *, at: str = "") -> Path | None:
    """Let the user choose a file to read; None if there is none. ``at``: what the box beside the button says."""
    name, _ = QFileDialog.getOpenFileName(parent, title, _begin(parent, purpose, at), kinds)
    return _used(parent, purpose, name)


def choose_files(
    parent: QWidget | None, purpose: Purpose, title: str, kinds: str = "", *, at: str = ""
) -> tuple[Path, ...]:
    """Let the user choose files to read. ``at``: as for `choose_file`."""
    names, _ = QFileDialog.getOpenFileNames(parent, title, _begin(parent, purpose, at), kinds)
    _used(parent, purpose, next(iter(names), ""))
    return tuple(map(Path, names))


def choose_folder(parent: QWidget | None, purpose: Purpose, title: str, *, at: str = "") -> Path | None:
    """Let the user choose a folder; None if there is none. ``at``: as for `choose_file`."""
    name = QFileDialog.getExistingDirectory(parent, title, _begin(parent, purpose, at, is_folder=True))
    return _used(parent, purpose, name, is_folder=True)


def choose_name(
    parent: QWidget | None, purpose: Purpose, title: str, suggested: str | Path, kinds: str = "", *, at: str = ""
) -> str:
    """Let the user choose the name of a file; empty if there is none. Nothing is asked or checked.

    ``suggested``: a name, or a path beside the file that the new one is made from. ``at``: as for `choose_file`.
    """
    options = QFileDialog.Option.DontConfirmOverwrite
    beside = Path(suggested)
    begin = _begin(parent, purpose, at, [beside.parent] if beside.is_absolute() else [], name=beside.name)
    name, _ = QFileDialog.getSaveFileName(parent, title, begin, kinds, "", options)
    _used(parent, purpose, name)
    return name


def places_of(parent: QWidget | None) -> FilePlaces | None:
    """Return the places of the window that a widget belongs to, or that its window was opened by."""
    while parent is not None:
        if (found := parent.findChild(FilePlaces, options=_DIRECT)) is not None:
            return found
        parent = parent.parentWidget()
    # a window without a parent, which does not stay above the main window
    each = (window.findChild(FilePlaces, options=_DIRECT) for window in QApplication.topLevelWidgets())
    return next((one for one in each if one is not None), None)


def _begin(
    parent: QWidget | None,
    purpose: Purpose,
    at: str,
    beside: Iterable[Path] = (),
    *,
    name: str = "",
    is_folder: bool = False,
) -> str:
    """Return what Qt's dialog is given: a folder, or a file in one. It is never empty."""
    written = Path(at.strip()) if at.strip() and "\0" not in at else None
    own = () if written is None or not written.is_absolute() else (written if is_folder else written.parent,)
    places = places_of(parent)
    folder = first_there([*own, *beside]) if places is None else places.begin(purpose, own, beside)
    if written is not None and not is_folder and (name or folder in own):
        name = written.name
    return str(folder / name)


def _used(parent: QWidget | None, purpose: Purpose, name: str, *, is_folder: bool = False) -> Path | None:
    if not name:
        return None
    path, places = Path(name), places_of(parent)
    folder = path if is_folder else path.parent
    if places is not None and folder.is_absolute():
        places.remember(purpose, folder)
    return path
