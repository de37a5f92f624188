"""Offers to repair a damaged draft that cannot be opened."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget

from dgdesk.draft.drafts import SUFFIX, named_losses, repair_draft
from dgdesk.draft.file.repair import Repaired
from dgdesk.errors import DgdeskError
from dgdesk.system.progress import Cancelled
from dgdesk.ui.widgets.dialogs import ask, tell
from dgdesk.ui.widgets.jobs import run_modal
from dgdesk.ui.widgets.report_dialog import report
from dgdesk.ui.widgets.saving import choose_target
from dgdesk.ui.widgets.services import Services, system_name

REPAIRABLE = frozenset(
    {
        *(
            "package.damaged",
            "package.unfinished",
            "package.value_damaged",
            "package.definition_damaged",
            "package.not_a_package",
        ),
        "package.copy_failed",  # an older draft is copied before its migration
    }
)


def say_unopened(path: Path, error: DgdeskError, services: Services, parent: QWidget) -> Path | None:
    """Say why a draft was not opened and offer repair if that may help; return the new file to open."""
    texts = services.texts
    say = texts.say
    if error.code not in REPAIRABLE:
        tell(texts, texts.error(error), parent, "warning")
        return None
    said = f"{texts.error(error)} {say('ui.repair.offer')}"
    if ask(texts, said, (say("ui.repair.do"), say("ui.cancel")), parent, "warning") != 0:
        return None
    suggested = path.with_name(say("ui.repair.name", name=path.stem) + SUFFIX)
    kinds = say("ui.draft_files")
    title = say("ui.repair.choose")
    chosen = choose_target(texts, parent, "draft", title, suggested, kinds, "draft", inputs=[path], new=True)
    if chosen is None:
        return None
    target = chosen.path
    try:
        done = run_modal(
            texts,
            say("ui.repair.working", name=path.name),
            lambda progress: repair_draft(
                path,
                target,
                clock=services.clock,
                who=services.who or system_name(),
                progress=progress,
            ),
            parent,
        )
    except Cancelled:
        return None
    except DgdeskError as failure:
        tell(texts, texts.error(failure), parent, "warning")
        return None
    return done.path if _wanted(done, services, parent) else None


def _wanted(done: Repaired, services: Services, parent: QWidget) -> bool:
    """Show what was saved and what was lost; return whether to open the file."""
    say = services.texts.say
    named = named_losses(done, clock=services.clock, who=services.who or system_name())
    rows = [(one.sentence(say),) for one in named]
    said = say("repair.done", path=done.path, answers=done.answers, changes=done.changes, files=done.files)
    said += " " + say("ui.repair.losses" if rows else "repair.all_saved")
    buttons = (say("ui.repair.open"), say("ui.close"))
    chosen, _ = report(services, say("ui.repair.title"), said, rows, buttons, "ui.repair.what", parent)
    return chosen == 0
