"""Asks for the file to save to; an existing one is replaced only if the user says so, and only by its own kind.

The file dialog itself asks nothing: its question differs from system to system, and where it is missing a file is lost.
The check is that of the commands (`dgdesk.system.targets`).
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from dgdesk.errors import DgdeskError
from dgdesk.system.kinds import Kind
from dgdesk.system.profile import own_profile
from dgdesk.system.targets import Target, check_targets, with_ending
from dgdesk.ui.widgets.dialogs import ask, tell
from dgdesk.ui.widgets.file_dialogs import Purpose, choose_name
from dgdesk.ui.widgets.label import Texts


def choose_target(
    texts: Texts,
    parent: QWidget | None,
    purpose: Purpose,
    title: str,
    suggested: str | Path,
    kinds: str,
    kind: Kind,
    *,
    ending: str = "",
    inputs: Iterable[Path] = (),
    new: bool = False,
) -> Target | None:
    """Let the user choose a file of ``kind`` to write; None if there is none, or the user keeps what is there.

    The ending is added or corrected, and the question and the result name the file with it. ``ending``: another one
    than is usual for the kind. ``purpose``, ``suggested``: see `choose_name`. ``inputs``: files that what is saved is
    made from. ``new``: nothing may be replaced.
    """
    name = choose_name(parent, purpose, title, suggested, kinds)
    if not name:
        return None
    endings = (ending,) if ending else None
    target = Target(with_ending(Path(name), kind, endings), kind, None if new else True, endings)
    return agreed(texts, parent, [target], inputs=inputs)


def agreed(
    texts: Texts, parent: QWidget | None, targets: Iterable[Target], *, inputs: Iterable[Path] = ()
) -> Target | None:
    """Return the first of the files to write if all may be written: their places are free, or the user agreed.

    Its ``replace`` says whether an existing file is to be replaced. What may not be replaced is shown.
    """
    wanted = tuple(targets)
    try:
        check_targets(wanted, inputs=inputs, own=own_profile().root)
    except DgdeskError as error:
        tell(texts, texts.error(error), parent, "warning")
        return None
    there = [target.path for target in wanted if os.path.lexists(target.path)]
    if not all(may_replace(texts, parent, path) for path in there):
        return None
    first = wanted[0]
    return Target(first.path, first.kind, bool(there), first.endings)


def may_replace(texts: Texts, parent: QWidget | None, path: Path) -> bool:
    """Ask whether an existing file may be replaced. Enter, Escape and closing the question mean no."""
    words = texts.say("ui.saving.exists", name=texts.cut(path.name, 120), folder=path.parent)
    buttons = (texts.say("ui.saving.replace"), texts.say("ui.saving.keep"))
    return ask(texts, words, buttons, parent, "warning", default=1) == 0
