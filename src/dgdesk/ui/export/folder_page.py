"""The page that asks for the bundle's file, and whether to encrypt it for the agency."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QStorageInfo, Qt
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from dgdesk.bundle.encryption.age_keys import MOST_KEY_FILE, read_recipient_file
from dgdesk.bundle.signing.certificates import read_small
from dgdesk.draft.drafts import Draft
from dgdesk.errors import FileError, UsageError
from dgdesk.evidence.limits import in_units
from dgdesk.submission.export import check_exportable
from dgdesk.submission.names import signoff_path
from dgdesk.system.glance import Glances
from dgdesk.system.kinds import Kind
from dgdesk.system.profile import own_profile
from dgdesk.system.targets import Target, check_targets
from dgdesk.text.editions import edition_year
from dgdesk.ui.export.choices import (
    Remembered,
    TargetFolder,
    bundle_path,
    bundle_stem,
    free_path,
    names_file,
    space_needed,
    space_warnings,
    typed_folder,
)
from dgdesk.ui.export.pages import WizardPage, tell_on
from dgdesk.ui.widgets.buttons import give_keys
from dgdesk.ui.widgets.choice import RadioRow
from dgdesk.ui.widgets.dialogs import ask
from dgdesk.ui.widgets.file_dialogs import choose_file, choose_name
from dgdesk.ui.widgets.inputs import LineInput
from dgdesk.ui.widgets.label import WrapLabel
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.text_layout import Run
from dgdesk.ui.widgets.theme import Panel
from dgdesk.ui.widgets.theme_file import SPACE


class FolderPage(WizardPage):
    """Asks for file and encryption. ``place`` is the choice, set when the user continues."""

    def __init__(self, draft: Draft, services: Services, remembered: Remembered, parent: QWidget) -> None:
        super().__init__(services.texts, services.texts.say("ui.exporting.head.place"), parent)
        say = self.texts.say
        self._draft = draft
        self._year = edition_year(draft.session.form.definition.edition)
        self._needed = space_needed(draft.session.state.facts.evidence)
        self.as_draft = False
        self.place: TargetFolder | None = None
        self.path = LineInput(self.body)
        self.browse = QPushButton(say("ui.exporting.browse"), self.body)
        self.space = self._place_panel()
        self.plain: RadioRow = RadioRow(self.texts, (Run(say("ui.exporting.plain")),), self.body)
        self.sealed: RadioRow = RadioRow(self.texts, (Run(say("ui.exporting.sealed")),), self.body)
        self.recipients = LineInput(self.body)
        self.find_keys = QPushButton(say("ui.exporting.find_keys"), self.body)
        self._keys = self._kind_panel()
        self.column.addStretch(1)
        give_keys((self.browse, "O"), (self.find_keys, "K"))
        self._folder_first = _begin_in(draft, remembered)
        self._suggested = ""
        self.suggest(as_draft=False)
        self.recipients.setText(remembered.recipients)
        self.plain.setChecked(True)
        self._follow_kind()
        self.browse.clicked.connect(self._choose_path)
        self.find_keys.clicked.connect(self._choose_keys)
        self.sealed.toggled.connect(self._follow_kind)
        self.path.textChanged.connect(self._forget)
        self.path.left.connect(self._show_space)
        self.recipients.textChanged.connect(self._forget)

    def suggest(self, *, as_draft: bool) -> None:
        """Say whether a draft is exported, and suggest a name that says so too, unless another one was typed."""
        self.as_draft = as_draft
        if self.path.text() == self._suggested:
            path = bundle_path(self._stem(), self._folder_first, sealed=self.sealed.isChecked())
            self._suggested = str(free_path(path, _is_there))
            self.path.setText(self._suggested)

    def enter(self) -> None:
        """Show the free space of the disk."""
        self._show_space()

    def first(self) -> QWidget | None:
        """Focus the file name."""
        return self.path

    def may_go_on(self) -> bool:
        """Whether there is a name, and keys if they are needed."""
        return bool(self.path.text().strip()) and (self.plain.isChecked() or bool(self.recipients.text().strip()))

    def settle(self) -> None:
        """Check file and keys; ask before replacing an existing file.

        Raises:
            UsageError: ``ui.exporting.no_name``, ``ui.exporting.named``; as `check_exportable`,
            `read_recipient_file`.
            CheckFailed: as `check_exportable`; ``FileError``: ``bundle.no_folder``, ``ui.exporting.is_folder``, as
            `read_small`.
        """
        self.place = None
        self._name_in_folder()
        target = self._target()
        recipients = self._read_keys() if self.sealed.isChecked() else ()
        check_exportable(self._draft, target, as_draft=self.as_draft)
        try:
            if not target.parent.is_dir():
                raise FileError("bundle.no_folder", path=target)
            if target.is_dir():
                raise FileError("ui.exporting.is_folder", name=target.name)
        except (OSError, ValueError) as error:
            raise FileError("bundle.not_written", path=target) from error
        kind: Kind = "encrypted" if recipients else "bundle"
        wanted = (Target(target, kind, True), Target(signoff_path(target), "pdf", True))
        inputs = [self._draft.path, *([Path(self.recipients.text().strip())] if recipients else [])]
        check_targets(wanted, inputs=inputs, own=own_profile().root)
        there = [one.path for one in wanted if os.path.lexists(one.path)]
        for path in there:
            if not self._agrees(path):
                raise UsageError("ui.exporting.kept", name=path.name)
        self.path.setText(str(target))
        self.place = TargetFolder(target, recipients, bool(there))

    def remembered(self) -> Remembered:
        """Return the choices to remember for the next export."""
        folder = "" if self.place is None else str(self.place.target.parent)
        return Remembered(folder, self.recipients.text().strip())

    def _target(self) -> Path:
        typed = self.path.text().strip()
        if not names_file(typed):
            raise UsageError("ui.exporting.no_name")
        return bundle_path(typed, self._draft.path.parent, sealed=self.sealed.isChecked())

    def _name_in_folder(self) -> None:
        """Where a folder was typed that is there, add the suggested name to it, and let the person look at it first."""
        folder = typed_folder(self.path.text(), self._draft.path.parent)
        if folder is not None:
            path = free_path(bundle_path(self._stem(), folder, sealed=self.sealed.isChecked()), _is_there)
            self.path.setText(str(path))
            raise UsageError("ui.exporting.named", name=path.name)

    def _stem(self) -> str:
        """The suggested name without its suffix."""
        place = self._draft.respondent_name or self._draft.path.stem
        return bundle_stem(place, self.texts.say("ui.exporting.draft_in_name") if self.as_draft else self._year)

    def _agrees(self, target: Path) -> bool:
        say = self.texts.say
        buttons = (say("ui.exporting.replace"), say("ui.exporting.other_name"))
        words = say("ui.exporting.exists", name=target.name, folder=target.parent)
        return ask(self.texts, words, buttons, self.window(), default=1) == 0

    def _read_keys(self) -> tuple[str, ...]:
        path = Path(self.recipients.text().strip())
        return read_recipient_file(read_small(path, MOST_KEY_FILE), path.name)

    def _place_panel(self) -> WrapLabel:
        say = self.texts.say
        panel = Panel("card", self.body)
        inner = QVBoxLayout(panel)
        inner.setContentsMargins(2 * SPACE, SPACE + SPACE // 2, 2 * SPACE, SPACE + SPACE // 2)
        inner.addWidget(WrapLabel(self.texts, say("ui.exporting.file"), "question", panel))
        inner.addLayout(_row(self.path, self.browse))
        self.path.setAccessibleName(say("ui.exporting.file"))
        space = WrapLabel(self.texts, "", "hint", panel)
        inner.addWidget(space)
        self.column.addWidget(panel)
        return space

    def _kind_panel(self) -> QWidget:
        say = self.texts.say
        panel = Panel("card", self.body)
        inner = QVBoxLayout(panel)
        inner.setContentsMargins(2 * SPACE, SPACE + SPACE // 2, 2 * SPACE, SPACE + SPACE // 2)
        inner.addWidget(WrapLabel(self.texts, say("ui.exporting.kind"), "question", panel))
        group = QButtonGroup(self)
        for row in (self.plain, self.sealed):
            group.addButton(row)
            inner.addWidget(row)
        keys = QWidget(panel)
        below = QVBoxLayout(keys)
        below.setContentsMargins(3 * SPACE + SPACE // 2, 0, 0, 0)
        below.addWidget(WrapLabel(self.texts, say("ui.exporting.keys"), "text", keys))
        below.addLayout(_row(self.recipients, self.find_keys))
        self.recipients.setAccessibleName(say("ui.exporting.keys_name"))
        self.recipients.setAccessibleDescription(say("ui.exporting.keys"))
        inner.addWidget(keys)
        self.column.addWidget(panel)
        return keys

    def _choose_path(self) -> None:
        say = self.texts.say
        kinds = say("ui.exporting.sealed_files" if self.sealed.isChecked() else "ui.bundle_files")
        # `settle` asks about replacing a file, once its suffix is known
        name = choose_name(self, "bundle", say("ui.exporting.choose_place"), "", kinds, at=self.path.text())
        if names_file(name):
            self.path.setText(str(bundle_path(name, self._draft.path.parent, sealed=self.sealed.isChecked())))
            self._show_space()

    def _choose_keys(self) -> None:
        say = self.texts.say
        title, kinds = say("ui.exporting.choose_keys"), say("ui.exporting.key_files")
        chosen = choose_file(self, "key", title, kinds, at=self.recipients.text())
        if chosen is not None:
            self.recipients.setText(str(chosen))

    def _follow_kind(self) -> None:
        sealed = self.sealed.isChecked()
        for row in (self.plain, self.sealed):  # Tab goes to the selected one, the arrow keys to the other
            row.setFocusPolicy(Qt.FocusPolicy.StrongFocus if row.isChecked() else Qt.FocusPolicy.ClickFocus)
        self._keys.setVisible(sealed)
        if names_file(typed := self.path.text().strip()):
            was_suggested = self.path.text() == self._suggested
            self.path.setText(str(bundle_path(typed, self._draft.path.parent, sealed=sealed)))
            if was_suggested:
                self._suggested = self.path.text()
                self.suggest(as_draft=self.as_draft)
        self._forget()

    def _forget(self) -> None:
        self.place = None
        self.changed.emit()

    def _show_space(self) -> None:
        say = self.texts.say
        free, system = _space_at(self._folder())
        values = {"needed": in_units(self._needed), "free": in_units(max(free, 0))}
        codes = space_warnings(self._needed, free, system)
        if codes:
            tell_on(self.space, "warning", "\n".join(say(code, **values) for code in codes))
        else:
            tell_on(self.space, "hint", say("ui.exporting.space", **values) if free >= 0 else "")

    def _folder(self) -> Path | None:
        try:
            folder = self._target().parent
            return folder if folder.is_dir() else None
        except (UsageError, OSError, ValueError):
            return None


def _is_there(path: Path) -> bool:
    """Tell whether a bundle of this name, or its sheet for signatures, is there."""
    try:
        return path.exists() or signoff_path(path).exists()
    except (OSError, ValueError):  # what cannot be looked at is reported when it is written
        return False


def _begin_in(draft: Draft, remembered: Remembered) -> Path:
    """The last folder if it exists (a USB stick may be gone), else the draft's."""
    folders = [Path(remembered.folder)] if remembered.folder else []
    return Glances().first(folders) or draft.path.parent


def _space_at(folder: Path | None) -> tuple[int, str]:
    """Return the free bytes of a folder's disk (-1 if unknown), and the name of its file system."""
    if folder is None:
        return -1, ""
    disk = QStorageInfo(str(folder))
    if not disk.isValid():
        return -1, ""
    return disk.bytesAvailable(), bytes(disk.fileSystemType().data()).decode("ascii", "replace")


def _row(box: LineInput, button: QPushButton) -> QHBoxLayout:
    button.setAutoDefault(False)
    row = QHBoxLayout()
    row.addWidget(box, 1)
    row.addWidget(button)
    return row
