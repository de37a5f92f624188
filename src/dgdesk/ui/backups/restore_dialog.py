"""Window, backups, restore dialog: the copies of a draft by their times; one is chosen to take the draft's place."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QWidget

from dgdesk.draft.backups.names import BackupCopy, folder_for
from dgdesk.evidence.limits import in_units
from dgdesk.text.dates import THAILAND, time_text
from dgdesk.ui.widgets.label import Texts
from dgdesk.ui.widgets.report_dialog import ReportDialog
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.wrap_delegate import MARK


def copy_lines(copy: BackupCopy, draft: Path, newest: bool, texts: Texts) -> tuple[str, ...]:
    """Return a copy's lines: when it was made by this PC's clock and its size; its folder if not beside the draft."""
    time = time_text(copy.at.astimezone(THAILAND), texts.catalogue.language)
    first = texts.say("ui.backups.newest" if newest else "ui.backups.copy", time=time, size=in_units(copy.size))
    folder = copy.path.parent
    return (first,) if folder == folder_for(draft) else (first, texts.say("ui.backups.where", folder=folder))


class RestoreDialog(ReportDialog):
    """The dialog. Once it is accepted by its first button, ``copy`` is the copy that is wanted."""

    def __init__(
        self, services: Services, copies: Sequence[BackupCopy], draft: Path, kept: Path | None, parent: QWidget | None
    ) -> None:
        """``kept`` is what the draft as it is now will be called; None: there is none any more."""
        texts = services.texts
        say = texts.say
        said = (
            say("ui.backups.choose_gone", name=draft.name)
            if kept is None
            else say("ui.backups.choose", name=draft.name, kept=kept.name)
        )
        super().__init__(
            services,
            say("ui.backups.title"),
            said,
            [copy_lines(copy, draft, number == 0, texts) for number, copy in enumerate(copies)],
            (say("ui.backups.go"), say("ui.cancel")),
            "ui.backups.what",
            parent,
            per_row=1,
        )
        self._copies = tuple(copies)
        for number in range(self.tree.topLevelItemCount()):
            item = self.tree.topLevelItem(number)
            if item is not None:
                item.setData(0, MARK, "")
        self.buttons[0].setObjectName("primary")

    @property
    def copy(self) -> BackupCopy | None:
        """The copy chosen; None if the person would rather leave everything as it is."""
        return self._copies[self.row] if self.chosen == 0 and self.row >= 0 else None
