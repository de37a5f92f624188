"""Offers to copy a draft that was opened directly from a mail or an archive to a permanent folder."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QApplication

from dgdesk.draft.drafts import SUFFIX
from dgdesk.draft.file.model import Damage
from dgdesk.draft.file.opening import open_draft_file
from dgdesk.errors import DgdeskError
from dgdesk.system.check.gather import temporary_folders
from dgdesk.system.check.places import Origin, origin_of
from dgdesk.system.progress import Cancelled, Progress
from dgdesk.ui.form.host import DraftHost
from dgdesk.ui.widgets.dialogs import ask, tell
from dgdesk.ui.widgets.file_dialogs import first_there
from dgdesk.ui.widgets.jobs import run_modal

_COPY, _READ = range(2)
_PASSING: Final = {"mail": "ui.office.arrived_mail", "archive": "ui.office.arrived_archive"}


def arrive(host: DraftHost, path: Path) -> bool:
    """Handle a draft in a temporary folder; False for any other: open it as usual."""
    origin = origin_here(path)
    if origin not in _PASSING:
        return False
    say, texts = host.texts.say, host.texts
    buttons = (say("ui.office.copy_open"), say("ui.open_read_only"), say("ui.cancel"))
    over = QApplication.activeModalWidget() or host.window
    message = f"{say(_PASSING[origin], name=path.name)}\n\n{say('ui.office.arrived_offer')}"
    chosen = ask(texts, message, buttons, over, "warning")
    if chosen == _READ:
        host.open_to_read(path)
    elif chosen == _COPY and (copy := _copied(host, path)) is not None:
        host.open(copy)
        tell(texts, say("ui.office.copied_to", path=copy), host.window)
    return True


def origin_here(path: Path) -> Origin:
    """Return the kind of folder that a draft is in."""
    try:
        whole = path.resolve()
    except (OSError, RuntimeError, ValueError):
        whole = path.absolute()
    return origin_of(path.absolute(), temporary_folders()) or origin_of(whole, temporary_folders())


def free_name(folder: Path, stem: str) -> Path:
    """Return an unused file name in a folder: "น่าน.dgdesk", "น่าน (2).dgdesk" …"""
    names = itertools.chain((f"{stem}{SUFFIX}",), (f"{stem} ({number}){SUFFIX}" for number in itertools.count(2)))
    return next(folder / name for name in names if not (folder / name).exists())


def _copied(host: DraftHost, path: Path) -> Path | None:
    """Copy a draft to the documents folder (or home); None if that failed or was cancelled, which was reported."""
    texts, clock = host.texts, host.services.clock
    folder = first_there(())

    def job(progress: Progress) -> tuple[Path, tuple[Damage, ...]]:
        target = free_name(folder, path.stem)
        with open_draft_file(path, clock=clock, who="?", read_only=True) as package:
            return target, package.backup(target, progress=progress)

    try:
        target, _ = run_modal(texts, texts.say("ui.office.copying", name=path.name), job, host.window)
    except Cancelled:
        return None
    except DgdeskError as error:
        tell(texts, texts.error(error), host.window, "warning")
        return None
    except OSError:
        tell(texts, texts.say("ui.office.copy_failed", path=folder), host.window, "warning")
        return None
    return target
