"""The options of a print, and the answers to print."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QWidget

from dgdesk.draft.drafts import Draft
from dgdesk.evidence.pages.spool import safe
from dgdesk.printing.survey.choices import PrintChoices, Variant
from dgdesk.system.progress import Progress
from dgdesk.ui.widgets.choice import CheckRow, RadioRow
from dgdesk.ui.widgets.label import Texts, WrapLabel
from dgdesk.ui.widgets.layout import column
from dgdesk.ui.widgets.text_layout import Run
from dgdesk.ui.widgets.theme_file import SPACE

if TYPE_CHECKING:
    from dgdesk.draft.signatories import Duty
    from dgdesk.printing.document import Printed
    from dgdesk.submission.signing_set import SigningOrder

SUFFIX = ".pdf"


class Material:
    """A snapshot of a draft's answers. Create it in the draft's thread; `make` can run in any other.

    ``scratch`` is a folder for temporary marked copies, which the answers digest needs.
    """

    def __init__(self, draft: Draft, claimed: datetime, scratch: Path) -> None:
        session = draft.session
        self._rules, self._facts, self._respondent = session.rules, session.state.facts, draft.respondent
        self._draft, self._claimed, self._scratch = draft, claimed, scratch
        self._reading = threading.Lock()
        self._digest: str | None = None
        self._found = False
        self._order: SigningOrder | None = None

    def make(self, choices: PrintChoices, progress: Progress) -> Printed:
        """Make a print.

        Raises:
            CheckFailed: ``print.not_ready`` if the form is not ready to sign; as `signing_order`.
            Cancelled: the user chose something else.
            as `digest_for_signature` and `print_survey`.
        """
        # fontTools, HarfBuzz and others take a while to import, so not in the window's thread
        from dgdesk.printing.survey.document import print_survey
        from dgdesk.submission.survey_pdf import source_of
        from dgdesk.text.messages import load_catalogue

        progress.at(0, 0)
        if choices.variant == "signing":
            return self._signing_order().print(choices, progress)
        source = source_of(
            self._rules,
            self._facts,
            self._respondent,
            blank=choices.variant == "blank",
            claimed=self._claimed,
            answers_digest=self._find_digest(progress) if choices.variant == "final" else None,
        )
        progress.at(0, 0)
        return print_survey(source, choices, load_catalogue("th"), progress=progress)

    def let_go(self) -> None:
        """Wait until nothing reads the draft; call it after the print is cancelled."""
        with self._reading:
            pass

    @property
    def has_digest(self) -> bool:
        """Whether the print for signature that was made has the answers digest on its pages."""
        return self._digest is not None

    @property
    def unnamed(self) -> tuple[Duty, ...]:
        """Whose names a signing set that was made leaves to be written by hand."""
        return () if self._order is None else tuple(one.duty for one in self._order.texts.unnamed)

    def _signing_order(self) -> SigningOrder:
        from dgdesk.submission.signing_set import signing_order  # see `make`

        with self._reading:
            if self._order is None:
                self._order = signing_order(self._draft)
            return self._order

    def _find_digest(self, progress: Progress) -> str | None:
        from dgdesk.submission.export import digest_for_signature  # imports the signing libraries

        with self._reading:
            progress.check()
            if not self._found:
                self._scratch.mkdir(parents=True, exist_ok=True)
                self._digest = digest_for_signature(self._draft, self._scratch, check=progress.check)
                self._found = True
            return self._digest


def suggested_name(respondent: str, edition: str, kind: str) -> str:
    """Return the suggested file name of a print; ``edition`` in words."""
    return safe(" ".join(part for part in (respondent, edition, kind) if part) + SUFFIX)


_VARIANTS: tuple[Variant, ...] = ("signing", "draft", "final", "blank", "answers", "compact", "problems")
_WHOLE: tuple[Variant, ...] = ("signing", "problems")
"""The prints that are never of one section only."""


class ChoicesForm(QWidget):
    """The form for the options. ``changed`` comes with every choice; ``sections``: ids and titles."""

    changed = Signal()

    def __init__(self, texts: Texts, sections: Sequence[tuple[str, str]], variant: Variant, parent: QWidget) -> None:
        super().__init__(parent)
        self._texts = texts
        say = texts.say
        self._column = column(self, SPACE // 2)
        self._column.setContentsMargins(0, 0, SPACE, 0)
        self._head("ui.printing.what")
        self._variants = QButtonGroup(self)
        self.variants = {one: self._radio(say(f"ui.printing.variant.{one}"), self._variants) for one in _VARIANTS}
        self.variants[variant].setChecked(True)
        self.one_section = self._check("ui.printing.one_section")
        self._sections_box = QWidget(self)
        inner = column(self._sections_box, SPACE // 2, left=2 * SPACE)
        self._sections = QButtonGroup(self)
        self.sections: dict[str, RadioRow] = {}
        for name, title in sections:
            section = self.sections[name] = RadioRow(texts, (Run(title),), self._sections_box)
            self._sections.addButton(section)
            inner.addWidget(section)
        if self.sections:
            next(iter(self.sections.values())).setChecked(True)
        self._column.addWidget(self._sections_box)
        self._column.addSpacing(SPACE)
        self._head("ui.printing.how")
        self.thai_digits = self._check("ui.printing.thai_digits")
        self.large = self._check("ui.printing.large")
        self.notes = self._check("ui.printing.notes", on=True)
        self.skipped = self._check("ui.printing.skipped", on=True)
        self.initials = self._check("ui.printing.initials")
        self.duplex = self._check("ui.printing.duplex")
        self._column.addStretch(1)
        self._follow()
        for group in (self._variants, self._sections):
            group.idToggled.connect(self._take_radio)
        for row in self._checks:
            row.toggled.connect(self._take)

    @property
    def choices(self) -> PrintChoices:
        """The current choices."""
        variant = next(name for name, row in self.variants.items() if row.isChecked())
        section = next((name for name, row in self.sections.items() if row.isChecked()), None)
        return PrintChoices(
            variant=variant,
            section=section if self.one_section.isChecked() and variant not in _WHOLE else None,
            thai_digits=self.thai_digits.isChecked(),
            large=self.large.isChecked(),
            notes=self.notes.isChecked(),
            skipped="reasons" if self.skipped.isChecked() else "leave-out",
            initials=self.initials.isChecked(),
            duplex=self.duplex.isChecked(),
        )

    @property
    def _checks(self) -> tuple[CheckRow, ...]:
        several = (self.one_section, self.thai_digits, self.large, self.notes, self.skipped)
        return (*several, self.initials, self.duplex)

    def _head(self, code: str) -> None:
        self._column.addWidget(WrapLabel(self._texts, self._texts.say(code), "question", self))

    def _radio(self, words: str, group: QButtonGroup) -> RadioRow:
        row = RadioRow(self._texts, (Run(words),), self)
        group.addButton(row)
        self._column.addWidget(row)
        return row

    def _check(self, code: str, *, on: bool = False) -> CheckRow:
        row = CheckRow(self._texts, (Run(self._texts.say(code)),), self)
        row.setChecked(on)
        self._column.addWidget(row)
        return row

    def _take_radio(self, _: int, on: bool) -> None:
        if on:  # the button chosen before emits it too
            self._take()

    def _take(self, *_: object) -> None:
        self._follow()
        self.changed.emit()

    def _follow(self) -> None:
        """Enable the options that have an effect."""
        variant = self.choices.variant
        self.one_section.setEnabled(variant not in _WHOLE)
        self._sections_box.setVisible(self.one_section.isChecked() and variant not in _WHOLE)
        self.notes.setEnabled(variant not in ("answers", "compact", "problems"))
        self.skipped.setEnabled(variant in ("draft", "final", "signing"))
