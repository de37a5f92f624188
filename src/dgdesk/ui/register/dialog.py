"""The register dialog: every export of the open draft with its receipts and scans."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from dgdesk.bundle.signing.identity_store import IdentityStore
from dgdesk.draft.file.model import ExportRecord
from dgdesk.draft.file.register import KIND, RECEIPT, SCAN
from dgdesk.errors import DgdeskError
from dgdesk.evidence.inspection.endings import leaving_name
from dgdesk.folders.index import disk_name
from dgdesk.submission.receipts import kind_of_reply, take_out
from dgdesk.submission.since_export import last_edit, since_export
from dgdesk.survey.answers.attachments import Attachment
from dgdesk.system.settings import SettingsFile
from dgdesk.ui.evidence.viewers import show_file
from dgdesk.ui.form.bridge import Bridge
from dgdesk.ui.identities.wording import name_words
from dgdesk.ui.register.busy_dialog import BusyDialog
from dgdesk.ui.register.entries import (
    ExportEntry,
    entries,
    export_facts,
    grouped,
    receipt_facts,
    scan_facts,
    sort_files,
    technical_facts,
    text_of,
)
from dgdesk.ui.register.receipt_dialog import ReceiptDialog
from dgdesk.ui.register.scans import AddendumDialog, ScanResults, attach_scans, result_words
from dgdesk.ui.register.since_line import since_words
from dgdesk.ui.register.tree import RegisterTree
from dgdesk.ui.widgets.buttons import give_keys, what_this_is
from dgdesk.ui.widgets.details import TechnicalDetails
from dgdesk.ui.widgets.file_dialogs import choose_files
from dgdesk.ui.widgets.label import WrapLabel, copy_plain
from dgdesk.ui.widgets.layout import FlowLayout, LaterFill
from dgdesk.ui.widgets.saving import choose_target
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.theme import sheet
from dgdesk.ui.widgets.theme_file import SPACE

_PAUSE = 50


class RegisterDialog(BusyDialog):
    """Shows the register. Receipts and scans can be dropped on it; a read-only draft can only be looked at.

    ``wanted`` carries the address and evidence slot (or "") of a question to go to.
    """

    wanted = Signal(str, str)

    def __init__(self, bridge: Bridge, services: Services, settings: SettingsFile, parent: QWidget | None) -> None:
        super().__init__(bridge, services.texts, parent)
        self._services, self._settings = services, settings
        self.entries: tuple[ExportEntry, ...] = ()
        self._lines: tuple[ExportRecord, ...] | None = None
        self._names: dict[str, str] = {}
        say = self._texts.say
        self.setWindowTitle(say("ui.register.title"))
        self.setStyleSheet(sheet())
        self.resize(960, 620)
        self.setAcceptDrops(not bridge.read_only)
        self.said = WrapLabel(self._texts, "", "text", self)
        self.tree = RegisterTree(services, self)
        self.facts = WrapLabel(self._texts, "", "text", self)
        self.technical = TechnicalDetails(self._texts, self)
        self.area = QScrollArea(self)
        self.area.setWidgetResizable(True)
        self.area.setAccessibleName(say("ui.register.facts"))
        codes = ("copy", "save", "open", "receipt", "scan", "addendum", "changes")
        self.copy, self.save, self.open_button, self.receipt, self.scan, self.addendum, self.changes = (
            QPushButton(say(f"ui.register.{code}"), self) for code in codes
        )
        self.close_button = QPushButton(say("ui.close"), self)
        acts = (self.copy, self.save, self.open_button, self.receipt, self.scan, self.addendum, self.changes)
        buttons = (*acts, self.close_button)
        give_keys(*zip(buttons, "YSORTANC", strict=True))
        for button in buttons:
            button.setAutoDefault(False)
        self._lay_out()
        for button, action in (
            (self.copy, self._copy),
            (self.save, self._save),
            (self.open_button, self._open),
            (self.receipt, self._import_receipt),
            (self.scan, self._choose_scans),
            (self.addendum, self._make_addendum),
            (self.changes, self._show_changes),
            (self.close_button, self.reject),
        ):
            button.clicked.connect(lambda _=False, action=action: action())
        self.tree.currentItemChanged.connect(lambda *_: self._follow_choice())
        self.tree.itemActivated.connect(lambda *_: self._open())
        later = LaterFill(self.fill, self, _PAUSE)
        bridge.registered.connect(later.want)
        bridge.jobs.ended.connect(later.want)
        self.fill()
        self.tree.setFocus()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * SPACE, SPACE + SPACE // 2, 2 * SPACE, SPACE + SPACE // 2)
        layout.setSpacing(SPACE)
        layout.addWidget(self.said)
        middle, inner = QHBoxLayout(), QWidget(self.area)
        middle.setSpacing(SPACE + SPACE // 2)
        facts = QVBoxLayout(inner)
        facts.setContentsMargins(SPACE, SPACE, SPACE, SPACE)
        facts.addWidget(self.facts)
        facts.addWidget(self.technical)
        facts.addStretch(1)
        self.area.setWidget(inner)
        middle.addWidget(self.tree, 3)
        middle.addWidget(self.area, 2)
        layout.addLayout(middle, 1)
        layout.addWidget(self.outcome)
        layout.addWidget(self.strip)
        below = QHBoxLayout()
        about = what_this_is(self, self._texts, "ui.what.register")
        holder = QWidget(self)
        row, top = FlowLayout(holder, SPACE), Qt.AlignmentFlag.AlignTop
        for button in (self.copy, self.save, self.open_button, self.receipt, self.scan, self.addendum, self.changes):
            row.addWidget(button)
        below.addWidget(about, 0, top)
        below.addWidget(holder, 1)
        below.addWidget(self.close_button, 0, top)
        layout.addLayout(below)
        parts = (
            self.tree,
            self.area,
            self.technical.button,
            self.strip.cancel,
            about,
            self.copy,
            self.save,
            self.open_button,
        )
        for one, other in pairwise((*parts, self.receipt, self.scan, self.addendum, self.changes, self.close_button)):
            self.setTabOrder(one, other)

    # -- what is shown ---------------------------------------------------------------------------------------------

    def fill(self, chosen: int | None = None) -> None:
        """Read the register, unless a job has the draft. Select line ``chosen``, or else the one selected before."""
        if self._bridge.jobs.busy:
            return
        before = self.tree.line
        wanted = chosen or (before.number if before is not None else 0)
        package = self._bridge.draft.package
        try:
            lines = package.register()
            since = since_export(lines, last_edit(package))
        except DgdeskError as error:
            self.said.set_role("error")
            self.said.set_text(self._texts.error(error))
            return
        self.said.set_role("text")
        self.said.set_text(since_words(self._texts, since) if lines else self._texts.say("ui.register.none"))
        if lines == self._lines and chosen is None:
            return
        self._lines, self._names = lines, self._known_names()
        self.entries = entries(lines)
        self.tree.show_entries(self.entries, self._names, wanted)
        self._follow_choice()

    def _known_names(self) -> dict[str, str]:
        profile = self._services.profile
        cards = [one.card for one in IdentityStore(profile.identity, profile.identities).kept()]
        return {card.fingerprint: name_words(self._texts, card) for card in cards if card is not None}

    def _follow_choice(self) -> None:
        line, entry = self.tree.line, self.tree.entry
        kind = line.record.get(KIND) if line is not None else None
        facts: list[str] = []
        if line is not None and entry is not None:
            if kind == RECEIPT:
                facts = receipt_facts(self._texts, line)
            elif kind == SCAN:
                facts = scan_facts(self._texts, line)
            else:
                facts = export_facts(self._texts, entry, self._names)
        self.facts.set_text("\n".join(facts))
        technical = technical_facts(self._texts, line, entry) if line is not None and entry is not None else []
        self.technical.set_text("\n".join(technical))
        self.area.verticalScrollBar().setValue(0)
        free, may = not self.at_work, not self.at_work and not self._bridge.read_only
        self.copy.setEnabled(entry is not None)
        self.changes.setEnabled(free and entry is not None)
        self.save.setEnabled(free and kind in (RECEIPT, SCAN))
        self.open_button.setEnabled(free and kind == SCAN)
        self.receipt.setEnabled(may and bool(self.entries))
        self.scan.setEnabled(may and bool(self.entries))
        self.addendum.setEnabled(may and entry is not None and bool(entry.scans))

    def follow_work(self) -> None:
        """Enable the buttons that can be used now."""
        self._follow_choice()

    # -- what is done ----------------------------------------------------------------------------------------------

    def _copy(self) -> None:
        if (entry := self.tree.entry) is not None:
            copy_plain(entry.digest)
            self.tell("status", self._texts.say("ui.register.copied", digest=grouped(entry.digest)))

    def _show_changes(self) -> None:
        """Show what is different since the selected export; going to a question closes the register too."""
        entry = self.tree.entry
        if entry is None or self._bridge.jobs.busy:
            return
        from dgdesk.ui.review.changes_dialog import ChangesDialog

        dialog = ChangesDialog(self._bridge, self._services, entry.line.number, self)
        dialog.wanted.connect(self._lead)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _lead(self, address: str, slot: str) -> None:
        self.accept()
        self.wanted.emit(address, slot)

    def _save(self) -> None:
        line, entry = self.tree.line, self.tree.entry
        if line is None or entry is None or line.record.get(KIND) not in (RECEIPT, SCAN):
            return
        name = text_of(line, "name")
        if line.record.get(KIND) == RECEIPT or not name:
            name = f"{Path(entry.file).name}.receipt.json"
        else:
            name = leaving_name(name, kind := text_of(line, "media_type"), kind)
        package, kind = self._bridge.draft.package, kind_of_reply(line)
        suggested = package.path.with_name(disk_name(Path(name).name))
        title, ending = self._texts.say("ui.register.save_where"), suggested.suffix
        chosen = choose_target(
            self._texts, self, "receipt", title, suggested, "", kind, ending=ending, inputs=[package.path]
        )
        if chosen is not None:
            target, replace = chosen.path, bool(chosen.replace)
            said = self._texts.say("ui.register.saved", path=target)
            title = self._texts.say("ui.register.saving", name=target.name)
            self.work(
                title,
                lambda *_: take_out(package, line, target, replace=replace),
                lambda _: self.tell("status", said),
            )

    def _open(self) -> None:
        line = self.tree.line
        size = line.record.get("size") if line is not None else None
        if line is None or not self.open_button.isEnabled() or not isinstance(size, int):
            return
        file = Attachment(text_of(line, "sha256"), text_of(line, "name"), size, text_of(line, "media_type"))
        show_file(self._bridge, self._services, file, self, hint=self._texts.say("ui.register.only_look"))

    def _import_receipt(self, file: Path | None = None) -> None:
        dialog = ReceiptDialog(self._bridge, self._texts, self._settings, file, self)
        dialog.accepted.connect(lambda: self._receipt_entered(dialog))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _receipt_entered(self, dialog: ReceiptDialog) -> None:
        if dialog.entered is not None:
            self._bridge.registered.emit()
            self.fill(dialog.entered.line.number)
            code = "ui.register.receipt_entered" if dialog.entered.new else "ui.register.receipt_known"
            self.tell("status", self._texts.say(code, office=dialog.entered.receipt.office))

    def _choose_scans(self) -> None:
        title, kinds = self._texts.say("ui.register.scan_choose"), self._texts.say("ui.register.scan_files")
        self.attach(choose_files(self, "scan", title, kinds))

    def attach(self, paths: Sequence[Path]) -> None:
        """Attach scans; one without a readable code goes to the selected export."""
        entry = self.tree.entry
        if not paths or not self.scan.isEnabled():
            return
        package, chosen, files = self._bridge.draft.package, entry.digest if entry is not None else None, tuple(paths)
        documents = self._services.documents
        self.work(
            self._texts.say("ui.register.scanning", count=len(files)),
            lambda progress: attach_scans(package, files, chosen, documents, progress),
            self._scans_attached,
        )

    def _scans_attached(self, results: ScanResults) -> None:
        if results.kept:
            self._bridge.registered.emit()
        self.fill(results.kept[-1].line.number if results.kept else None)
        words = result_words(self._texts, results)
        if len(results.files) > 1:
            self.facts.set_text(words)  # it scrolls, where the line below would push the list away
            said = self._texts.say(
                "ui.register.scans_told", kept=len(results.kept), count=len(results.files) + results.left
            )
            self.tell(results.role, said)
        else:
            self.tell(results.role, words)

    def _make_addendum(self) -> None:
        if (entry := self.tree.entry) is not None and entry.scans:
            dialog = AddendumDialog(self._bridge, self._services, entry, self)
            dialog.finished.connect(dialog.deleteLater)
            dialog.open()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.scan.isEnabled() and event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        urls = event.mimeData().urls()
        receipts, scans = sort_files(Path(url.toLocalFile()) for url in urls if url.isLocalFile())
        event.acceptProposedAction()
        if len(receipts) > 1 or (receipts and scans):
            self.tell("error", self._texts.say("ui.register.drop_apart"))
        elif receipts:
            self._import_receipt(receipts[0])
        else:
            self.attach(scans)
