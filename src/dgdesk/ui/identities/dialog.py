"""The identities dialog: all identities on this PC, their state and their actions."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QPushButton, QTreeWidgetItem, QWidget

from dgdesk.bundle.signing.identity_store import IdentityStore, Kept
from dgdesk.ui.identities.enrol_dialog import EnrolDialog
from dgdesk.ui.identities.import_dialog import ImportDialog, ImportKind
from dgdesk.ui.identities.new_dialog import NewDialog
from dgdesk.ui.identities.passphrase_dialogs import BackupDialog, ChangeDialog
from dgdesk.ui.identities.wording import lock_words, name_words, origin_words, validity_words
from dgdesk.ui.widgets.buttons import give_keys, what_this_is
from dgdesk.ui.widgets.dialogs import ask
from dgdesk.ui.widgets.fitting import FittedDialog
from dgdesk.ui.widgets.label import WrapLabel
from dgdesk.ui.widgets.list_dialog import arrange_list
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.texts import NEW_LINE
from dgdesk.ui.widgets.theme import sheet
from dgdesk.ui.widgets.wrap_delegate import MARK, TEXT, WrapTree

_NAME = Qt.ItemDataRole.UserRole + 25
_LETTERS_WIDE, _LINES_HIGH = 100, 20
_MARKS = {"text": "complete", "warning": "warning", "error": "problems"}


class IdentitiesDialog(FittedDialog):
    """Lists the identities. ``offices`` are offered for a new one."""

    def __init__(self, services: Services, offices: Sequence[str], parent: QWidget | None) -> None:
        super().__init__(parent)
        self._services, self._texts, self._offices = services, services.texts, tuple(offices)
        self.store = IdentityStore(services.profile.identity, services.profile.identities)
        self._kept: dict[str, Kept] = {}
        say = self._texts.say
        self.setWindowTitle(say("ui.identities.title"))
        self.setStyleSheet(sheet())
        letter = self.fontMetrics()
        self.resize(_LETTERS_WIDE * letter.averageCharWidth(), _LINES_HIGH * letter.lineSpacing())
        self.tree = WrapTree(services, self)
        self.tree.setRootIsDecorated(False)
        self.tree.setIndentation(0)
        self.tree.setObjectName("identities")
        self.tree.setAccessibleName(say("ui.identities.list"))
        self.tree.setAccessibleDescription(say("ui.identities.about_list"))
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.said = WrapLabel(self._texts, "", "hint", self)
        names = ("enrol", "change", "backup", "new", "import", "restore")
        self.buttons = {name: QPushButton(say(f"ui.identities.do_{name}"), self) for name in names}
        self.close_button = QPushButton(say("ui.close"), self)
        give_keys(*zip(self.buttons.values(), "FPBNIR", strict=True), (self.close_button, "C"))
        for button in (*self.buttons.values(), self.close_button):
            button.setAutoDefault(False)
        self._lay_out()
        for name, do in (
            ("enrol", self.enrol),
            ("change", self.change),
            ("backup", self.backup),
            ("new", self.make_new),
            ("import", lambda: self.bring("pkcs12")),
            ("restore", lambda: self.bring("backup")),
        ):
            self.buttons[name].clicked.connect(do)
        self.close_button.clicked.connect(self.reject)
        self.tree.itemSelectionChanged.connect(self._follow)
        self.tree.itemActivated.connect(lambda *_: self.enrol())
        self.fill()
        (self.tree if self._kept else self.buttons["new"]).setFocus()

    def fill(self, name: str | None = None) -> None:
        """Read the identity store and select one by its name in the store."""
        selected = self.selected()
        name = name or (selected.name if selected is not None else None)
        self._kept = {one.name: one for one in self.store.kept()}
        self.tree.clear()
        for one in self._kept.values():
            row = QTreeWidgetItem(self.tree)
            mark, lines = self._words(one)
            row.setData(0, TEXT, NEW_LINE.join(lines))
            row.setData(0, MARK, mark)
            row.setData(0, Qt.ItemDataRole.AccessibleTextRole, " · ".join(lines))
            row.setData(0, _NAME, one.name)
            if one.name == name or self.tree.currentItem() is None:
                self.tree.setCurrentItem(row)
        self.said.set_text(self._texts.say("ui.identities.about" if self._kept else "ui.identities.empty"))
        self._follow()

    def selected(self) -> Kept | None:
        """Return the selected identity."""
        rows = self.tree.selectedItems()
        return self._kept.get(rows[0].data(0, _NAME)) if rows else None

    def enrol(self) -> None:
        """Show the card with which the agency enrols the certificate."""
        chosen = self.selected()
        if chosen is not None and chosen.card is not None:
            _show(EnrolDialog(chosen.card, self._services, self))

    def change(self) -> None:
        """Change the passphrase."""
        chosen = self.selected()
        if chosen is None or chosen.card is None:
            return
        if _show(ChangeDialog(chosen.folder, chosen.card, self._services, self)):
            self.fill()
            self._say("identity.passphrase_changed")

    def backup(self) -> None:
        """Write a backup; a key without a passphrase must get one first."""
        chosen = self.selected()
        if chosen is None or chosen.card is None:
            return
        if not chosen.card.protected:
            say = self._texts.say
            buttons = (say("ui.identities.do_change"), say("ui.cancel"))
            if ask(self._texts, say("ui.identities.backup_open"), buttons, self) == 0:
                self.change()
            return
        dialog = BackupDialog(chosen.folder, chosen.card, self._services, self)
        if _show(dialog):
            self._say("identity.backed_up", path=dialog.written)

    def make_new(self) -> None:
        """Create a new identity."""
        dialog = NewDialog(self.store, self._services, self._offices, self)
        if _show(dialog):
            self.fill(dialog.made)
            self._say("ui.identities.made")

    def bring(self, kind: ImportKind) -> None:
        """Import an identity from a file."""
        dialog = ImportDialog(kind, self.store, self._services, self)
        if _show(dialog):
            self.fill(dialog.made)
            self._say("ui.identities.brought")
            if dialog.note:
                self.said.set_text(f"{self._texts.say('ui.identities.brought')} {dialog.note}")

    def _lay_out(self) -> None:
        about = what_this_is(self, self._texts, "ui.what.identities")
        names = [*self.buttons]
        first, rest = names[: names.index("new")], names[names.index("new") :]
        groups = [[self.buttons[name] for name in part] for part in (first, rest)]
        arrange_list(self, (self.said,), self.tree, groups, (about, self.close_button))

    def _words(self, one: Kept) -> tuple[str, list[str]]:
        if one.card is None:
            return "problems", [self._texts.say("identity.listed_damaged", name=one.name)]
        role, validity = validity_words(self._texts, one.card, self._services.clock())
        about = f"{origin_words(self._texts, one.card)} · {lock_words(self._texts, one.card)}"
        return _MARKS[role], [name_words(self._texts, one.card), about, validity]

    def _say(self, code: str, **values: object) -> None:
        self.said.set_role("status")
        self.said.set_text(self._texts.say(code, **values))

    def _follow(self) -> None:
        chosen = self.selected()
        for name in ("enrol", "change", "backup"):
            self.buttons[name].setEnabled(chosen is not None and chosen.card is not None)


def _show(dialog: NewDialog | ImportDialog | ChangeDialog | BackupDialog | EnrolDialog) -> bool:
    done = bool(dialog.exec())
    dialog.deleteLater()
    return done
