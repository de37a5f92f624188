"""The enrolment dialog: the certificate for the agency, as a file, as a fingerprint and as a QR code."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from dgdesk.bundle.report import printable
from dgdesk.bundle.signing.enrolment import fingerprint_qr, groups, validity
from dgdesk.bundle.signing.identity import IdentityCard
from dgdesk.errors import DgdeskError, FileError
from dgdesk.folders.index import disk_name
from dgdesk.printing.qr import QUIET, QrCode
from dgdesk.system.atomic import atomic_write
from dgdesk.ui.identities.wording import name_words, origin_words, validity_words
from dgdesk.ui.widgets.buttons import give_keys, what_this_is
from dgdesk.ui.widgets.dialogs import tell
from dgdesk.ui.widgets.fitting import ScrollingDialog
from dgdesk.ui.widgets.label import WrapLabel, copy_plain
from dgdesk.ui.widgets.saving import choose_target
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.theme import sheet
from dgdesk.ui.widgets.theme_file import SPACE

if TYPE_CHECKING:
    from dgdesk.printing.enrolment import EnrolmentCard

_MODULE = 4
"""Least pixels of a QR module, so that telephones can read it; it grows with the text size."""


class QrPicture(QWidget):
    """Shows one QR code. ``name`` is its text for screen readers."""

    def __init__(self, text: str, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._code = QrCode(text)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        side = self._code.modules * self._module()
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor("white"))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("black"))
        module = self._module()
        for at, row in enumerate(self._code.rows):
            for number, dark in enumerate(row):
                if dark:
                    left, top = (number + QUIET) * module, (at + QUIET) * module
                    painter.drawRect(QRectF(left, top, module, module))

    def _module(self) -> int:
        return max(_MODULE, self.fontMetrics().height() // 7)


_SUFFIX = ".pem"
_A_ROW = 20
"""Characters of four groups, one row."""


class EnrolDialog(ScrollingDialog):
    """Shows the card of one certificate, saves the certificate, copies the fingerprint, prints the card."""

    def __init__(self, card: IdentityCard, services: Services, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._card, self._services, self._texts = card, services, services.texts
        say = self._texts.say
        self.setWindowTitle(say("ui.identities.enrol_title"))
        self.setStyleSheet(sheet())
        self.setMinimumWidth(640)
        self.name_label = WrapLabel(self._texts, name_words(self._texts, card), "question", self)
        role, words = validity_words(self._texts, card, services.clock())
        self.validity = WrapLabel(self._texts, words, role, self)
        self.fingerprint = WrapLabel(self._texts, in_rows(card.fingerprint), "result", self)
        self.fingerprint.setAccessibleDescription(say("ui.identities.fingerprint"))
        self.qr = QrPicture(fingerprint_qr(card.fingerprint), say("ui.identities.qr"), self)
        self.outcome = WrapLabel(self._texts, "", "status", self)
        self.outcome.hide()
        codes = ("ui.identities.save", "ui.identities.copy", "ui.identities.print", "ui.close")
        self.save, self.copy, self.print_button, self.close_button = (QPushButton(say(code), self) for code in codes)
        give_keys((self.save, "S"), (self.copy, "D"), (self.print_button, "P"), (self.close_button, "C"))
        self.save.setObjectName("primary")
        self.save.setDefault(True)
        for button in (self.copy, self.print_button, self.close_button):
            button.setAutoDefault(False)
        self._lay_out()
        self.save.clicked.connect(self.save_certificate)
        self.copy.clicked.connect(self._copy)
        self.print_button.clicked.connect(self.print_card)
        self.close_button.clicked.connect(self.reject)
        self.save.setFocus()

    def save_certificate(self) -> None:
        """Let the user choose a file, and save the public certificate."""
        say = self._texts.say
        suggested = disk_name(self._card.person or "signer") + _SUFFIX
        kinds = say("ui.identities.certificate_files")
        chosen = choose_target(
            self._texts, self, "certificate", say("ui.identities.save"), suggested, kinds, "certificate"
        )
        if chosen is None:
            return
        path = chosen.path
        try:
            atomic_write(
                path,
                self._card.certificate_pem,
                replace=bool(chosen.replace),
                kind="certificate",
                explain=lambda _, target: FileError("ui.identities.not_saved", name=target.name),
            )
        except DgdeskError as error:
            tell(self._texts, self._texts.error(error), self, "warning")
            return
        self._say(say("ui.identities.saved", path=path))

    def print_card(self) -> None:
        """Print the card on a printer of this PC."""
        from dgdesk.printing.enrolment import print_enrolment  # imports fontTools and HarfBuzz
        from dgdesk.ui.widgets.printer import print_content

        say = self._texts.say
        printed = print_enrolment(self.paper(), self._texts.catalogue, breaker=self._texts.breaker)
        if print_content(printed.data, say("ui.identities.enrol_title"), self._texts, self):
            self._say(say("ui.printing.sent"))

    def paper(self) -> EnrolmentCard:
        """Return the content of the printed card."""
        from dgdesk.printing.enrolment import EnrolmentCard

        card, now = self._card, self._services.clock()
        return EnrolmentCard(
            signer=printable(card.person),
            province=printable(card.province),
            origin=origin_words(self._texts.speaking(replace(self._texts.catalogue, language="th")), card),
            last=validity(card.certificate, now).last,
            rows=tuple(in_rows(card.fingerprint).split("\n")),
            code=fingerprint_qr(card.fingerprint),
            printed=now,
        )

    def _copy(self) -> None:
        copy_plain(groups(self._card.fingerprint))
        self._say(self._texts.say("ui.identities.copied"))

    def _say(self, words: str) -> None:
        self.outcome.set_text(words)
        self.outcome.show()
        self.fit()

    def _lay_out(self) -> None:
        say = self._texts.say
        layout = QVBoxLayout(self)
        layout.setContentsMargins(5 * SPACE // 2, 2 * SPACE, 5 * SPACE // 2, 2 * SPACE)
        layout.setSpacing(SPACE)
        area = self.area
        area.column.addWidget(WrapLabel(self._texts, say("ui.identities.enrol_about"), "text", self))
        both = QHBoxLayout()
        both.setSpacing(2 * SPACE)
        left = QVBoxLayout()
        left.setSpacing(SPACE)
        left.addWidget(self.name_label)
        left.addWidget(WrapLabel(self._texts, origin_words(self._texts, self._card), "text", self))
        left.addWidget(self.validity)
        left.addSpacing(SPACE)
        left.addWidget(WrapLabel(self._texts, say("ui.identities.fingerprint"), "text", self))
        left.addWidget(self.fingerprint)
        left.addStretch(1)
        both.addLayout(left, 1)
        both.addWidget(self.qr, 0, Qt.AlignmentFlag.AlignTop)
        area.column.addLayout(both)
        area.column.addWidget(self.outcome)
        area.column.addStretch(1)
        layout.addWidget(area, 1)
        row = QHBoxLayout()
        about = what_this_is(self, self._texts, "ui.what.identities_enrol")
        parts = (about, self.copy, self.print_button, self.save, self.close_button)
        for part in parts[:3]:
            row.addWidget(part)
        row.addStretch(1)
        for part in parts[3:]:
            row.addWidget(part)
        layout.addLayout(row)
        for one, other in pairwise(parts):
            self.setTabOrder(one, other)


def in_rows(fingerprint: str) -> str:
    """Return a fingerprint in four rows of four groups, to be compared row by row."""
    words = groups(fingerprint)
    return "\n".join(words[at : at + _A_ROW].strip() for at in range(0, len(words), _A_ROW))
