"""The printing dialog: choose a print, preview it, print it or save it as a PDF."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from dgdesk.draft.drafts import Draft
from dgdesk.draft.file.register import PRINT
from dgdesk.errors import DgdeskError, FileError
from dgdesk.printing.survey.choices import Variant
from dgdesk.text.editions import edition_words
from dgdesk.ui.evidence.viewer.tools import make_button, viewer_sheet
from dgdesk.ui.form.bridge import Bridge
from dgdesk.ui.printing.choices_form import ChoicesForm, Material, suggested_name
from dgdesk.ui.printing.preview import Preview
from dgdesk.ui.widgets.buttons import give_keys, set_lettered_text, what_this_is
from dgdesk.ui.widgets.dialogs import tell
from dgdesk.ui.widgets.fitting import FittedDialog
from dgdesk.ui.widgets.icons import put_icon
from dgdesk.ui.widgets.jobs import run_modal
from dgdesk.ui.widgets.label import Texts, WrapLabel
from dgdesk.ui.widgets.latest import LatestWins
from dgdesk.ui.widgets.layout import column
from dgdesk.ui.widgets.plain import set_tip
from dgdesk.ui.widgets.printer import print_content
from dgdesk.ui.widgets.saving import choose_target
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.theme_file import SPACE

if TYPE_CHECKING:
    from dgdesk.printing.document import Printed

MissingStep = Literal["export_now", "go_on"]
_REGISTERED = ("draft", "final", "answers", "signing")
"""The prints of answers, which a later state can be compared with."""
_SIGNS = 12
"""The most missing characters that are listed one by one."""


class PrintDialog(FittedDialog):
    """The dialog. ``printed`` is the print for the current choices, None until it is made.

    ``variant`` is chosen at first. With ``bridge`` the people who sign and the memo can be changed. ``on_paper`` says
    whether the present print was sent to a printer; ``wanted`` is the step that is missing and was asked for.
    """

    def __init__(
        self,
        draft: Draft,
        services: Services,
        parent: QWidget | None,
        *,
        variant: Variant | None = None,
        bridge: Bridge | None = None,
    ) -> None:
        super().__init__(parent)
        self._draft, self._texts, self._bridge = draft, services.texts, bridge
        self._services = services
        self.printed: Printed | None = None
        self.on_paper = False
        self.wanted: MissingStep | None = None
        self._is_closed = False
        root = services.profile.root
        self._material = Material(draft, services.clock(), _scratch(draft, root))
        self.prints = LatestWins("dgdesk printing", self)
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.setStyleSheet(viewer_sheet())
        self.setWindowTitle(self._texts.say("ui.printing.title"))
        self._build(services, root / "view", variant or ("final" if draft.session.state.ready else "draft"))
        self.form.changed.connect(self.make)
        self.preview.again.clicked.connect(self.make)
        self.cancel.clicked.connect(self.stop_making)
        self.save_button.clicked.connect(self.save)
        self.print_button.clicked.connect(self.print_out)
        self.close_button.clicked.connect(self.reject)
        self.signatories.clicked.connect(self.change_signatories)
        self.step.clicked.connect(self._take_step)
        for keys, work in (("Ctrl+P", self.print_button), ("Ctrl+S", self.save_button)):
            QShortcut(QKeySequence(keys), self).activated.connect(work.click)
        self.make()

    @property
    def making(self) -> bool:
        """Whether a print is being made."""
        return not self.waiting.isHidden()

    def make(self) -> None:
        """Start to make the chosen print; cancel the one in progress."""
        self._forget()
        self.waiting.show()
        self._show_percent(-1)
        if not self.preview.shows_page:
            self.preview.say_instead(self._texts.say("ui.printing.making"))
        choices, make = self.form.choices, self._material.make
        self.prints.request(
            lambda task: make_safely(lambda: make(choices, task.progress(self._show_percent))),
            self._take_print,
            self._take_failure,
        )

    @property
    def set_on_paper(self) -> bool:
        """Whether the present print is a signing set that was sent to a printer."""
        return self.on_paper and self.form.choices.variant == "signing"

    def change_signatories(self) -> None:
        """Let the user change who signs, and the memo; then make the print again."""
        from dgdesk.ui.printing.signing_dialog import ask_signatories

        if self._bridge is None:
            return
        self.prints.cancel()
        self._material.let_go()
        ask_signatories(self._bridge, self._texts, self)
        root = self._services.profile.root
        self._material = Material(self._draft, self._services.clock(), _scratch(self._draft, root))
        self.make()

    def stop_making(self) -> None:
        """Cancel the print in progress; the choices stay."""
        self.prints.cancel()
        self.waiting.hide()
        self.preview.say_instead(self._texts.say("ui.printing.cancelled"), again=True)
        self.preview.again.setFocus(Qt.FocusReason.OtherFocusReason)

    def save(self) -> None:
        """Let the user choose a file, and save the print."""
        from dgdesk.submission.survey_pdf import write_print  # see `Material.make`

        printed, say = self.printed, self._texts.say
        if printed is None:
            return
        suggested = self._draft.path.with_name(self._name)
        kinds, title = say("ui.printing.pdf_files"), say("ui.printing.where")
        chosen = choose_target(self._texts, self, "print", title, suggested, kinds, "pdf", inputs=[self._draft.path])
        if chosen is None:
            return
        path, replace = chosen.path, bool(chosen.replace)
        try:
            run_modal(
                self._texts,
                say("ui.printing.saving"),
                lambda _: write_print(path, printed.data, replace=replace),
                self,
            )
        except DgdeskError as error:
            tell(self._texts, self._texts.error(error), self, "warning")
            return
        self._note("status", say("ui.printing.saved", path=path, pages=printed.pages))
        self._file = path
        self._register()
        for button in (self.open_file, self.open_folder):
            button.show()
        self.open_file.setFocus()

    def print_out(self) -> None:
        """Print on a printer of this PC."""
        printed = self.printed
        if printed is not None and print_content(printed.data, self._name, self._texts, self):
            self._note("status", self._texts.say("ui.printing.sent"))
            self.on_paper = True
            self._register()

    def _register(self) -> None:
        """Enter the print into the register, so that what is changed later can be shown."""
        if not self._draft.package.read_only and self.form.choices.variant in _REGISTERED:
            with suppress(DgdeskError):  # what is on paper is on paper; the next save reports a broken draft
                self._draft.package.register_reply(PRINT, {"variant": self.form.choices.variant})

    def _open(self, path: Path) -> None:
        if not (path.exists() and QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))):
            self._note("warning", self._texts.say("ui.printing.not_opened", path=path))

    def done(self, result: int) -> None:
        """Release draft, thread and pages."""
        if not self._is_closed:
            self._is_closed = True
            self.prints.stop()  # a print that is still finished is dropped
            self._material.let_go()
            self.preview.close_file()
        super().done(result)

    @property
    def _name(self) -> str:
        """The name of the print, for file and printer."""
        kind = self._texts.say(f"ui.printing.name.{self.form.choices.variant}")
        edition = edition_words(self._texts.say, self._draft.session.form.definition.edition)
        return suggested_name(self._draft.respondent_name, edition, kind)

    def _take_step(self) -> None:
        self.wanted = self._missing
        self.reject()

    def _build(self, services: Services, folder: Path, variant: Variant) -> None:
        texts, say = self._texts, self._texts.say
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * SPACE, 3 * SPACE // 2, 2 * SPACE, 3 * SPACE // 2)
        layout.setSpacing(SPACE)
        both = QHBoxLayout()
        both.setSpacing(3 * SPACE // 2)
        sections = [(one.id, one.title) for one in self._draft.session.form.definition.sections]
        area = QScrollArea(self)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.form = ChoicesForm(texts, sections, variant, area)
        area.setWidget(self.form)
        letters = self.fontMetrics().averageCharWidth()
        area.setFixedWidth(min(38 * letters, round(self.screen().availableSize().width() * 0.36)))
        both.addWidget(area)
        right = QWidget(self)
        beside = column(right, SPACE)
        self.preview = Preview(texts, say("ui.printing.title"), folder, right)
        beside.addWidget(self.preview, 1)
        self.waiting = QWidget(right)
        row = QHBoxLayout(self.waiting)
        row.setContentsMargins(0, 0, 0, 0)
        self.bar = QProgressBar(self.waiting)
        self.bar.setAccessibleName(say("ui.printing.making"))
        self.cancel = make_button(say("ui.printing.stop"), self.waiting)
        row.addWidget(self.bar, 1)
        row.addWidget(self.cancel)
        beside.addWidget(self.waiting)
        both.addWidget(right, 1)
        layout.addLayout(both, 1)
        self.state = WrapLabel(texts, "", "status", self)
        self.state.hide()
        self._file = self._draft.path
        """The PDF that was saved last, for the buttons that open it."""
        self.open_file, self.open_folder = (
            make_button(say(code), self) for code in ("ui.printing.open_file", "ui.printing.open_folder")
        )
        self._missing: MissingStep | None = None
        self.step = make_button(say("ui.signing.export_now"), self)
        told = QHBoxLayout()
        told.addWidget(self.state, 1)
        for button in (self.open_file, self.open_folder, self.step):
            button.hide()
            told.addWidget(button)
        layout.addLayout(told)
        self.open_file.clicked.connect(lambda: self._open(self._file))
        self.open_folder.clicked.connect(lambda: self._open(self._file.parent))
        last = QHBoxLayout()
        last.addWidget(what_this_is(self, texts, "ui.what.printing"))
        self.signatories = make_button(say("ui.signing.edit"), self)
        last.addWidget(self.signatories)
        last.addStretch(1)
        self.save_button = make_button(say("ui.printing.save"), self, hint="Ctrl+S")
        self.print_button = QPushButton(say("ui.printing.print"), self)
        self.print_button.setObjectName("primary")
        set_tip(self.print_button, "Ctrl+P")
        put_icon(self.print_button, services.icons, "print", chief=True)
        self.close_button = make_button(say("ui.close"), self)
        for button in (self.save_button, self.print_button, self.close_button):
            last.addWidget(button)
        layout.addLayout(last)
        give_keys(
            (self.save_button, "S"),
            (self.print_button, "P"),
            (self.close_button, "C"),
            (self.cancel, "T"),
            (self.open_file, "O"),
            (self.open_folder, "F"),
            (self.preview.again, "R"),
            (self.signatories, "N"),
            (self.step, "X"),
        )
        self.form.variants[self.form.choices.variant].setFocus()
        self.resize(1180, 720)

    def _forget(self) -> None:
        self.printed = None
        self.state.hide()
        self.open_file.hide()
        self.open_folder.hide()
        self.step.hide()
        self.on_paper = False
        can_write = self._bridge is not None and not self._draft.package.read_only
        self.signatories.setVisible(can_write and self.form.choices.variant == "signing")
        self.save_button.setEnabled(False)
        self.print_button.setEnabled(False)

    def _show_percent(self, percent: int) -> None:
        self.bar.setRange(0, 100 if percent >= 0 else 0)
        self.bar.setValue(max(percent, 0))

    def _take_print(self, printed: Printed) -> None:
        self.printed = printed
        self._end_waiting()
        self.preview.show_content(printed.data)
        self.save_button.setEnabled(True)
        self.print_button.setEnabled(True)
        if printed.missing:
            self._note("warning", missing_words(self._texts, printed.missing))
        elif self.form.choices.variant == "signing" and self._material.unnamed:
            who = ", ".join(self._texts.say(f"signing.duty.{duty}") for duty in self._material.unnamed)
            self._note("status", self._texts.say("ui.signing.unnamed", who=who))
        elif self.form.choices.variant == "final" and not self._material.has_digest:
            self._note("status", self._texts.say("print.no_digest_yet"))

    def _take_failure(self, error: DgdeskError) -> None:
        self._end_waiting()
        self.preview.say_instead(self._texts.error(error))
        self._missing = missing_step(error.code)
        if self._missing is not None and self._bridge is not None:
            set_lettered_text(self.step, self._texts.say(f"ui.signing.{self._missing}"), "X")
            self.step.show()
            self.step.setFocus(Qt.FocusReason.OtherFocusReason)

    def _end_waiting(self) -> None:
        had_focus = self.cancel.hasFocus()
        self.waiting.hide()
        if had_focus:
            self.close_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _note(self, role: str, words: str) -> None:
        self.state.set_role(role)
        self.state.set_text(words)
        self.state.show()


def missing_step(code: str) -> MissingStep | None:
    """Return the step that a refused signing set needs first; None if no step helps."""
    if code in ("signing.not_exported", "signing.changed", "signing.record_unfit"):
        return "export_now"
    return "go_on" if code == "signing.not_ready" else None


def make_safely(make: Callable[[], Printed]) -> Printed:
    """Make a print, and turn unexpected errors into a `FileError`.

    Raises:
        FileError: ``ui.printing.too_large``, ``ui.printing.failed``, and any `DgdeskError` of ``make``.
    """
    try:
        return make()
    except DgdeskError:
        raise
    except MemoryError as error:
        raise FileError("ui.printing.too_large") from error
    except Exception as error:
        raise FileError("ui.printing.failed", kind=type(error).__name__) from error


def missing_words(texts: Texts, missing: Mapping[str, int]) -> str:
    """Return a sentence with the characters that no font has, and how often each occurs."""
    signs = [f"U+{ord(sign):04X} × {times}" for sign, times in list(missing.items())[:_SIGNS]]
    more = "…" if len(missing) > _SIGNS else ""
    return texts.say("ui.printing.missing", count=len(missing), signs=", ".join(signs) + more)


def _scratch(draft: Draft, profile: Path) -> Path:
    """The folder for temporary marked copies: the draft's, unless the draft is read-only."""
    return profile if draft.package.read_only else draft.path.parent
