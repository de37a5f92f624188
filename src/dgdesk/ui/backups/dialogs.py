"""The dialogs for backup settings and for restoring a backup."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from dgdesk.draft.backups.names import BackupCopy, folder_for
from dgdesk.evidence.limits import in_units
from dgdesk.system.settings import BACKUP_COUNTS, BACKUP_DAYS, Settings
from dgdesk.text.dates import time_text
from dgdesk.ui.widgets.buttons import give_keys, what_this_is
from dgdesk.ui.widgets.choice import CheckRow
from dgdesk.ui.widgets.file_dialogs import choose_folder
from dgdesk.ui.widgets.fitting import FittedDialog
from dgdesk.ui.widgets.inputs import CalmCombo
from dgdesk.ui.widgets.label import Texts, WrapLabel
from dgdesk.ui.widgets.report_dialog import ReportDialog
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.text_layout import Run
from dgdesk.ui.widgets.theme import sheet
from dgdesk.ui.widgets.theme_file import SPACE
from dgdesk.ui.widgets.wrap_delegate import MARK


class BackupChoiceDialog(FittedDialog):
    """Asks whether, where and how many backups are made."""

    def __init__(self, settings: Settings, texts: Texts, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._settings, self._texts = settings, texts
        say = texts.say
        self._folder = settings.backup_folder
        self.setWindowTitle(say("ui.backups.settings_title"))
        self.setStyleSheet(sheet())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(5 * SPACE // 2, 2 * SPACE, 5 * SPACE // 2, 2 * SPACE)
        layout.setSpacing(SPACE)
        self.wanted_box = CheckRow(texts, (Run(say("ui.backups.wanted")),), self)
        self.wanted_box.setChecked(settings.backups)
        layout.addWidget(self.wanted_box)
        self.place = WrapLabel(texts, "", "text", self)
        self.place.setMinimumWidth(440)
        layout.addWidget(self.place)
        self.choose, self.beside = QPushButton(say("ui.backups.choose_folder"), self), QPushButton(self)
        self.beside.setText(say("ui.backups.beside_button"))
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        row.addWidget(self.choose)
        row.addWidget(self.beside)
        row.addStretch(1)
        layout.addLayout(row)
        grid = QGridLayout()
        grid.setHorizontalSpacing(2 * SPACE)
        grid.setVerticalSpacing(SPACE // 2)
        self.most = self._combo(grid, 0, "ui.backups.most", "ui.backups.count", BACKUP_COUNTS, settings.backup_most)
        self.days = self._combo(grid, 1, "ui.backups.days", "ui.backups.day_count", BACKUP_DAYS, settings.backup_days)
        layout.addLayout(grid)
        layout.addWidget(WrapLabel(texts, say("ui.backups.hint"), "hint", self))
        layout.addStretch(1)
        self.ok, self.cancel = QPushButton(say("ui.ok"), self), QPushButton(say("ui.cancel"), self)
        self.ok.setObjectName("primary")
        self.ok.setDefault(True)
        end = QHBoxLayout()
        end.addWidget(what_this_is(self, texts, "ui.backups.what_settings"))
        end.addStretch(1)
        end.addWidget(self.ok)
        end.addWidget(self.cancel)
        layout.addLayout(end)
        give_keys((self.choose, "F"), (self.beside, "B"), (self.ok, "O"), (self.cancel, "C"))
        self.choose.clicked.connect(self._choose)
        self.beside.clicked.connect(lambda: self._take(""))
        self.wanted_box.toggled.connect(lambda _: self._follow())
        self.ok.clicked.connect(self.accept)
        self.cancel.clicked.connect(self.reject)
        self._follow()
        self.wanted_box.setFocus()

    def wanted(self) -> Settings:
        """Return the settings as chosen."""
        return replace(
            self._settings,
            backups=self.wanted_box.isChecked(),
            backup_folder=self._folder,
            backup_most=BACKUP_COUNTS[self.most.currentIndex()],
            backup_days=BACKUP_DAYS[self.days.currentIndex()],
        )

    def _combo(
        self, grid: QGridLayout, column: int, label: str, entry: str, known: tuple[int, ...], now: int
    ) -> CalmCombo:
        say = self._texts.say
        combo = CalmCombo(self)
        combo.addItems([say(entry, count=each) for each in known])
        combo.setCurrentIndex(known.index(now))
        combo.setAccessibleName(say(label))
        grid.addWidget(WrapLabel(self._texts, say(label), "text", self), 0, column)
        grid.addWidget(combo, 1, column)
        grid.setColumnStretch(column, 1)
        return combo

    def _choose(self) -> None:
        say = self._texts.say
        folder = choose_folder(self, "backups", say("ui.backups.folder_choose"), at=self._folder)
        if folder is not None:
            self._take(str(folder))

    def _take(self, folder: str) -> None:
        self._folder = folder
        self._follow()
        self.fit()

    def _follow(self) -> None:
        say, on = self._texts.say, self.wanted_box.isChecked()
        self.place.set_text(
            say("ui.backups.in_folder", folder=self._folder) if self._folder else say("ui.backups.beside")
        )
        for each in (self.choose, self.most, self.days):
            each.setEnabled(on)
        self.beside.setEnabled(on and bool(self._folder))


def copy_lines(copy: BackupCopy, draft: Path, newest: bool, texts: Texts) -> tuple[str, ...]:
    """Return the lines of a backup: time and size, and its folder if it is not the usual one."""
    time = time_text(copy.at, texts.catalogue.language)
    first = texts.say("ui.backups.newest" if newest else "ui.backups.copy", time=time, size=in_units(copy.size))
    folder = copy.path.parent
    return (first,) if folder == folder_for(draft) else (first, texts.say("ui.backups.where", folder=folder))


class RestoreDialog(ReportDialog):
    """Asks for the backup to restore; ``copy`` is the choice."""

    def __init__(
        self, services: Services, copies: Sequence[BackupCopy], draft: Path, kept: Path | None, parent: QWidget | None
    ) -> None:
        """``kept``: the new name of the present draft; None if there is none."""
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
        """The chosen backup; None if the user cancelled."""
        return self._copies[self.row] if self.chosen == 0 and self.row >= 0 else None
