"""The last page of the wizard: the bundle's file and digest, how it was verified, and the next steps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from dgdesk.bundle.export import ExportReport
from dgdesk.bundle.signing.identity import Identity
from dgdesk.draft.unsent import unsent_summary
from dgdesk.errors import DgdeskError, FileError
from dgdesk.system.atomic import atomic_write
from dgdesk.text.dates import time_text
from dgdesk.ui.export.choices import in_groups, what_next
from dgdesk.ui.export.pages import WizardPage, tell_on
from dgdesk.ui.widgets.buttons import give_keys
from dgdesk.ui.widgets.details import TechnicalDetails
from dgdesk.ui.widgets.dialogs import tell
from dgdesk.ui.widgets.icons import put_icon
from dgdesk.ui.widgets.label import Texts, WrapLabel, copy_plain
from dgdesk.ui.widgets.printer import print_content
from dgdesk.ui.widgets.saving import choose_target
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.theme import Panel
from dgdesk.ui.widgets.theme_file import SPACE

_MOST_FILES, _LONGEST = 5, 80


@dataclass(frozen=True, slots=True)
class Exported:
    """The result of an export. ``receivers``: how many keys can decrypt it (0: not encrypted)."""

    report: ExportReport
    identity: Identity
    certificate: Path | None
    claimed: datetime
    draft: bool
    receivers: int
    registered: bool
    unsent: tuple[str, ...] = ()
    """What is kept and not sent: a line for each answer that decides so."""


class DonePage(WizardPage):
    """Shows the result of an export.

    ``register_wanted`` asks for the register of exports, ``signing_wanted`` for the signing set, ``send_wanted`` to
    send the bundle of a digest, whose file has a name.
    """

    register_wanted = Signal()
    signing_wanted = Signal()
    send_wanted = Signal(str, str)

    def __init__(self, services: Services, made: Exported, parent: QWidget) -> None:
        super().__init__(services.texts, services.texts.say("ui.exporting.head.done"), parent)
        self._services, self._made = services, made
        say, report = self.texts.say, made.report
        self.verdict = self.add_text(
            say("ui.exporting.done_draft" if made.draft else "ui.exporting.done"), "warning" if made.draft else "status"
        )
        self.proved = self.add_text(say("ui.exporting.proved_sealed" if made.receivers else "ui.exporting.proved"))
        self.show_file, self.copy_path, self.copy_digest, self.sheet_print, self.sheet_open, self.save_certificate = (
            QPushButton(say(code), self.body)
            for code in (
                "ui.exporting.show_file",
                "ui.exporting.copy_path",
                "ui.export.copy_digest",
                "ui.printing.signoff_print",
                "ui.printing.signoff_open",
                "ui.exporting.save_certificate",
            )
        )
        opens = f"\n{say('sealed.written', count=made.receivers)}" if made.receivers else ""
        self.file = self._block("ui.exporting.where_it_is", f"{report.path}{opens}", (self.show_file, self.copy_path))
        claimed = time_text(made.claimed, self.texts.catalogue.language)
        signer = say("ui.exporting.signed", person=made.identity.person, province=made.identity.province, time=claimed)
        self.signer = self._block("ui.exporting.signer", signer, (self.save_certificate,))
        self.digest = TechnicalDetails(self.texts, self.body)
        self.digest.set_text(f"{say('ui.exporting.digest')}\n{in_groups(report.digest)}")
        self.copy_digest.setAutoDefault(False)
        folded = QHBoxLayout()
        folded.addWidget(self.digest, 1)
        folded.addWidget(self.copy_digest, 0, Qt.AlignmentFlag.AlignTop)
        self.column.addLayout(folded)
        self.digest.button.toggled.connect(self.copy_digest.setVisible)
        self.copy_digest.hide()
        self.sheet = self._block(
            "ui.exporting.sheet", "" if report.signoff is None else str(report.signoff), self._sheet_buttons()
        )
        self.unmarked = self.add_text("\n".join(self._unmarked()), "warning")
        self.unsent = self.add_text("\n".join(self._unsent()), "warning")
        self.register = self.add_text("" if made.registered else say("ui.exporting.not_registered"), "warning")
        self._after_buttons()
        self._next_panel()
        self.column.addStretch(1)
        put_icon(self.sheet_print, services.icons, "print")
        give_keys(
            (self.show_file, "F"),
            (self.copy_path, "Y"),
            (self.copy_digest, "D"),
            (self.sheet_print, "S"),
            (self.sheet_open, "H"),
            (self.save_certificate, "A"),
            (self.open_register, "R"),
            (self.signing, "P"),
            (self.send, "E"),
        )
        self.save_certificate.setVisible(made.certificate is not None)
        self.save_certificate.clicked.connect(self._save_certificate)
        self.open_register.clicked.connect(self.register_wanted)
        self.signing.clicked.connect(self.signing_wanted)
        self.send.clicked.connect(lambda: self.send_wanted.emit(report.digest, report.path.name))
        self.show_file.clicked.connect(self._show_folder)
        self.copy_path.clicked.connect(lambda: copy_plain(str(report.path)))
        self.copy_digest.clicked.connect(lambda: copy_plain(report.digest))
        self.sheet_print.clicked.connect(self._print_sheet)
        self.sheet_open.clicked.connect(self._open_sheet)

    def first(self) -> QWidget | None:
        """Focus the first thing that can be done with the file."""
        return self.show_file

    def _block(self, code: str, words: str, buttons: tuple[QPushButton, ...]) -> WrapLabel:
        """Add a panel with heading, text and buttons; hidden if the text is empty."""
        panel = Panel("card", self.body)
        inner = QVBoxLayout(panel)
        inner.setContentsMargins(2 * SPACE, SPACE, 2 * SPACE, SPACE)
        inner.setSpacing(SPACE // 2)
        row = QHBoxLayout()
        row.addWidget(WrapLabel(self.texts, self.texts.say(code), "question", panel), 1)
        for button in buttons:
            button.setAutoDefault(False)
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        inner.addLayout(row)
        label = WrapLabel(self.texts, words, "text", panel)
        inner.addWidget(label)
        panel.setVisible(bool(words))
        self.column.addWidget(panel)
        return label

    def _sheet_buttons(self) -> tuple[QPushButton, ...]:
        buttons = (self.sheet_print, self.sheet_open)
        for one in buttons:
            one.setVisible(self._made.report.signoff is not None)
        return buttons

    def _after_buttons(self) -> None:
        """What follows: to send it, and to print all that is signed. A draft is neither sent nor signed, and what is
        not registered has no signing set.
        """
        self.send = QPushButton(self.texts.say("ui.exporting.send"), self.body)
        self.signing = QPushButton(self.texts.say("ui.signing.print"), self.body)
        row = QHBoxLayout()
        for button in (self.send, self.signing):
            button.setAutoDefault(False)
            row.addWidget(button)
        row.addStretch(1)
        self.column.addLayout(row)
        self.send.setVisible(not self._made.draft)
        self.signing.setVisible(self._made.registered and not self._made.draft)
        put_icon(self.signing, self._services.icons, "print")

    def _next_panel(self) -> None:
        made, report = self._made, self._made.report
        values = {
            "file": report.path.name,
            "sheet": "" if report.signoff is None else report.signoff.name,
        }
        codes = what_next(draft=made.draft, sheet=report.signoff is not None, registered=made.registered)
        steps = (f"{number}. {self.texts.say(code, **values)}" for number, code in enumerate(codes, 1))
        panel = Panel("notes", self.body)
        inner = QVBoxLayout(panel)
        inner.setContentsMargins(2 * SPACE, SPACE + SPACE // 2, 2 * SPACE, SPACE + SPACE // 2)
        inner.setSpacing(SPACE)
        inner.addWidget(WrapLabel(self.texts, self.texts.say("ui.exporting.next"), "question", panel))
        self.steps = [WrapLabel(self.texts, words, "text", panel) for words in steps]
        for label in self.steps:
            inner.addWidget(label)
        self.open_register = QPushButton(self.texts.say("ui.exporting.open_register"), panel)
        self.open_register.setAutoDefault(False)
        self.open_register.setVisible(made.registered)
        inner.addWidget(self.open_register, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addWidget(panel)

    def _unmarked(self) -> list[str]:
        """Return a line for each file without a marked copy, with the reason; then for each unsigned copy."""
        say, unmarked = self.texts.say, self._made.report.unmarked
        words = [
            say("export.unmarked", name=self.texts.cut(str(one.values["name"]), _LONGEST), reason=say(one.code))
            for one in unmarked[:_MOST_FILES]
        ]
        more = len(unmarked) - _MOST_FILES
        words += [say("ui.export.unmarked_more", count=more)] if more > 0 else []
        unsigned = self._made.report.unsigned
        words += [
            say(one.code, name=self.texts.cut(str(one.values["name"]), _LONGEST)) for one in unsigned[:_MOST_FILES]
        ]
        more = len(unsigned) - _MOST_FILES
        return [*words, *([say("ui.export.unmarked_more", count=more)] if more > 0 else [])]

    def _unsent(self) -> list[str]:
        """Return how much is kept and not sent, then the answers that decide so, the first ones of very many."""
        say, lines = self.texts.say, self._made.unsent
        summary = unsent_summary(self._made.report.unsent, say)
        more = len(lines) - _MOST_FILES
        words = [summary] if summary else []
        words += [f"• {one}" for one in lines[:_MOST_FILES]]
        return [*words, *([say("ui.export.unsent_more", count=more)] if more > 0 else [])]

    def _save_certificate(self) -> None:
        """Save a copy of the signer's certificate where the person can find it, to send it to the agency."""
        source, texts = self._made.certificate, self.texts
        if source is None:
            return
        suggested = self._made.report.path.with_name(source.name)
        title, kinds = texts.say("ui.exporting.save_certificate"), texts.say("ui.check.certificate_files")
        chosen = choose_target(texts, self, "bundle", title, suggested, kinds, "certificate", inputs=[source])
        if chosen is None:
            return
        path, replace = chosen.path, bool(chosen.replace)
        try:
            atomic_write(path, source.read_bytes(), replace=replace, kind="certificate", explain=_not_saved)
        except (DgdeskError, OSError, ValueError):
            tell_on(self.register, "warning", texts.say("ui.exporting.certificate_not_saved", path=path))
            return
        tell_on(self.register, "status", texts.say("ui.exporting.certificate_saved", path=path))

    def _show_folder(self) -> None:
        folder = self._made.report.path.parent
        if not (folder.is_dir() and QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))):
            tell_on(self.register, "warning", self.texts.say("ui.exporting.no_folder_shown", path=folder))

    def _print_sheet(self) -> None:
        if self._made.report.signoff is not None:
            print_sheet(self._made.report.signoff, self.texts, self)

    def _open_sheet(self) -> None:
        if self._made.report.signoff is not None:
            open_sheet(self._made.report.signoff, self.texts, self)


def _not_saved(error: Exception, target: Path) -> FileError:
    return FileError("ui.exporting.certificate_not_saved", path=target)


_MOST_SHEET = 16 << 20


def print_sheet(path: Path, texts: Texts, parent: QWidget | None) -> bool:
    """Print the sheet on a printer of this PC; return whether it was printed."""
    try:
        with path.open("rb") as stream:
            content = stream.read(_MOST_SHEET)
    except OSError:
        tell(texts, texts.say("ui.printing.signoff_gone", path=path), parent, "warning")
        return False
    return print_content(content, path.stem, texts, parent)


def open_sheet(path: Path, texts: Texts, parent: QWidget | None) -> bool:
    """Open the sheet in the system's PDF program; return whether that worked."""
    if path.is_file() and QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
        return True
    tell(texts, texts.say("ui.printing.signoff_gone", path=path), parent, "warning")
    return False
