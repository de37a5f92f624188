"""One attachment at a slot, in a row: its file, its key passage, and the buttons to open and remove it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QImage, QPaintEvent
from PySide6.QtWidgets import QApplication, QMenu, QSizePolicy, QWidget

from dgdesk.draft.library import kind_of
from dgdesk.errors import DgdeskError
from dgdesk.evidence import media
from dgdesk.evidence.inspection.endings import ACCEPTED, endings_of, label_of
from dgdesk.evidence.inspection.outcome import issues_of
from dgdesk.evidence.limits import in_units
from dgdesk.survey.answers.attachments import Attachment, marked_words, pages_of
from dgdesk.survey.rules.codes import full_code
from dgdesk.survey.rules.evidence_overview import label_of as words_of
from dgdesk.text.normalise import tidy
from dgdesk.ui.evidence.file_face import FileFace
from dgdesk.ui.evidence.passage_state import STATUS, PassageState, passage_state
from dgdesk.ui.evidence.row_layout import RowLayout
from dgdesk.ui.evidence.thumbnails import thumbnails_of
from dgdesk.ui.form.context import PageContext
from dgdesk.ui.widgets.buttons import PageCheck, PageTool
from dgdesk.ui.widgets.context_menu import add_actions_here
from dgdesk.ui.widgets.dialogs import tell
from dgdesk.ui.widgets.icons import icon_size
from dgdesk.ui.widgets.inputs import LineInput
from dgdesk.ui.widgets.label import WrapLabel
from dgdesk.ui.widgets.layout import Stacked, column, show_if
from dgdesk.ui.widgets.plain import plain_label, set_tip
from dgdesk.ui.widgets.theme import Panel
from dgdesk.ui.widgets.theme_file import SPACE

_MOST_PLACES = 6
_MOST_WORDS = 60
_GRAVE = frozenset({"incoming.damaged", "incoming.password", "marks.pages_missing"})
"""Findings that are said in a line of their own: whoever receives the file cannot read it, or not the passage."""


class QuietTool(PageTool):
    """A button that can be seen only while the mouse is over its row, or the focus in it; Tab always reaches it."""

    seen = False

    def show_now(self, seen: bool) -> None:
        """Show it, or not."""
        if seen != self.seen:
            self.seen = seen
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.seen:
            super().paintEvent(event)


class FileRow(Panel):
    """One file. ``remove_asked`` carries the attachment."""

    remove_asked = Signal(object)

    def __init__(self, parts: PageContext, slot: str, attachment: Attachment, parent: QWidget) -> None:
        super().__init__("file", parent)
        self._parts, self._slot, self._attachment = parts, slot, attachment
        say, services, name = parts.texts.say, parts.services, attachment.name
        read_only = parts.bridge.read_only
        self._layout = column(self, 0)
        line = Stacked(self)
        self._layout.addWidget(line)
        row = RowLayout(line)
        self.face = FileFace(services, line)
        self.face.clicked.connect(self._open)
        row.addWidget(self.face)
        self.pages, self.passages = LineInput(line), LineInput(line)
        self._pending = parts.pending(self._write, self)
        for box, words, short in (
            (self.pages, "ui.pages", "ui.file.pages"),
            (self.passages, "ui.passages", "ui.file.passages"),
        ):
            row.addWidget(plain_label(say(short), line))
            row.addWidget(box)
            box.setAcceptDrops(False)
            box.setAccessibleName(f"{say(words)} {name}")
            box.setReadOnly(read_only)
            box.textEdited.connect(self._pending.touch)
            box.left.connect(self._leave)
        self.whole = PageCheck(say("ui.file.whole"), line)
        self.whole.setAccessibleName(f"{say('ui.passage.whole')} {name}")
        self.whole.setAccessibleDescription(say("ui.passage.whole_about"))
        set_tip(self.whole, say("ui.passage.whole_about"))
        self.whole.setEnabled(not read_only)
        self.whole.clicked.connect(self._say_whole)
        row.addWidget(self.whole)
        markable = attachment.media_type in media.MARKABLE and not read_only
        self.open = self._tool(PageTool(line), "ui.file.open_mark" if markable else "ui.file.open", "eye")
        self.open.clicked.connect(self._open)
        row.addWidget(self.open)
        self.remove = QuietTool(line)
        self._tool(self.remove, "ui.detach", "close")
        self.remove.clicked.connect(self._ask_to_remove)
        row.addWidget(self.remove)
        for widget in (self.pages, self.passages, self.whole, self.open, self.remove):
            widget.installEventFilter(self)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._shown: tuple[object, ...] = ()
        self._grave: WrapLabel | None = None
        self._words = ""
        self.state: PassageState = "unmarked"
        """Whether the key passage is marked."""
        show_if(self.remove, not read_only)
        self.show_attachment(attachment)
        thumbnails_of(parts.bridge, services).want(attachment, self)

    @property
    def sha256(self) -> str:
        """The SHA-256 of the file."""
        return self._attachment.sha256

    @property
    def has_unsaved(self) -> bool:
        """Whether text was typed that is not saved yet."""
        return self._pending.dirty or self._pending.writing

    def show_picture(self, picture: QImage) -> None:
        """Show the thumbnail of the file."""
        self.face.show_picture(picture)

    def show_attachment(self, attachment: Attachment) -> None:
        """Show the stored attachment."""
        if attachment == self._attachment and self._pending.dirty:  # what changed is elsewhere: typed text stays
            self.show_facts()
            return
        if attachment != self._attachment or not self._shown:
            self._attachment = attachment
            self._show_passage(attachment)
        self.show_facts()

    def _show_passage(self, attachment: Attachment) -> None:
        """Show where the key passage is: as typed, or else as marked."""
        if not self._pending.writing:
            self._pending.drop()
            self.pages.show_text(attachment.pages)
            self.passages.show_text(attachment.passages)
        say, cut = self._parts.texts.say, self._parts.texts.cut
        for box, typed, marked, code in (
            (self.pages, attachment.pages, pages_of(attachment), "ui.pages"),
            (self.passages, attachment.passages, cut(marked_words(attachment), _MOST_WORDS), "ui.passages"),
        ):
            words = say("ui.file.as_marked", words=marked) if marked and not typed else ""
            # The box for pages is wide enough for the pages only.
            box.setPlaceholderText((marked if box is self.pages else words) if words else say(f"{code}_example"))
            box.setAccessibleDescription(words)
            set_tip(box, words or say(code))

    def show_facts(self) -> None:
        """Show the facts about the file: kind, size, highlights, other slots that use it, damage, its key passage."""
        say, one = self._parts.texts.say, self._attachment
        state = passage_state(self._parts.bridge, self._slot, one)
        damaged, others = one.sha256 in self._parts.bridge.damaged, self._elsewhere()
        self.whole.setChecked(one.whole)
        now = (one, state, damaged, tuple(others))
        if now == self._shown:
            return
        self._shown, self.state = now, state
        known = one.media_type in ACCEPTED
        kind = label_of(one.media_type) if known else say("ui.file.unknown_kind")
        letters = endings_of(one.media_type)[0].upper() if known else "?"
        self.face.show_file(one.name, kind_of(one.media_type), letters)
        size, count = in_units(one.size).replace(" ", "\u00a0"), sum(len(mark.rects) for mark in one.marks)
        issues = issues_of(one)
        grave = [say(issue.code, **issue.values) for issue in issues if issue.code in _GRAVE]
        quiet = [say(issue.code, **issue.values) for issue in issues if issue.code not in _GRAVE]
        if damaged:
            grave.insert(0, say("ui.file.damaged"))
        if others:
            places = ", ".join(others[:_MOST_PLACES]) + (" …" if len(others) > _MOST_PLACES else "")
            quiet.append(say("ui.file.also", places=places))
        marks = [say("ui.file.marks", count=count)] if count else []
        self.face.show_facts(
            " · ".join([size, *([say("ui.file.few_marks", count=count)] if count else [])]),
            "problems" if damaged else STATUS[state],
            "" if state == "marked" or damaged else say("ui.file.not_marked"),
            "warning" if state == "unmarked" else "note",
            warned=len(quiet) > bool(others),
        )
        self._words = "\n".join([" · ".join([kind, size, *marks]), *quiet, *grave])
        self.face.show_all("\n".join([one.name, self._words, say(f"ui.passage.{state}")]))
        self._show_grave("\n".join(grave), "error" if damaged else "warning")

    def facts(self) -> str:
        """Return the facts as plain text."""
        return self._words

    def add_actions(self, menu: QMenu, at: QWidget) -> None:
        """Add what can be done with the file to a menu, then the actions of the slot."""
        say = self._parts.texts.say
        menu.addAction(self.open.toolTip(), self._open)
        menu.addAction(say("ui.file.copy_name"), lambda: QGuiApplication.clipboard().setText(self._attachment.name))
        if not self._parts.bridge.read_only:
            menu.addAction(say("ui.detach"), self._ask_to_remove)
        if (parent := self.parentWidget()) is not None:
            add_actions_here(menu, parent)

    def leave(self) -> None:
        """Discard buffered text: the row is being removed."""
        self._pending.drop()
        self._parts.waiting.remove(self._pending)

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.HoverEnter, QEvent.Type.HoverLeave):
            self._reveal(over=event.type() == QEvent.Type.HoverEnter)
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self._reveal(over=self.underMouse(), focused=event.type() == QEvent.Type.FocusIn)
        return False

    def _reveal(self, *, over: bool, focused: bool | None = None) -> None:
        if focused is None:
            now = QApplication.focusWidget()
            focused = now is not None and self.isAncestorOf(now)
        self.remove.show_now(over or focused)

    def _show_grave(self, words: str, role: str) -> None:
        if words and self._grave is None:
            self._grave = WrapLabel(self._parts.texts, "", role, self)
            self._grave.setContentsMargins(SPACE, 0, SPACE, SPACE)
            self._layout.addWidget(self._grave)
            self.updateGeometry()
        if self._grave is not None:
            self._grave.set_role(role)
            self._grave.set_text(words)
            show_if(self._grave, bool(words))

    def _elsewhere(self) -> list[str]:
        """Return the codes of other questions that use the file: at most one more than are shown."""
        bridge = self._parts.bridge
        form = bridge.form
        found: dict[str, None] = {}
        for slot in bridge.uses(self._attachment.sha256):
            if slot != self._slot:
                one = form.slots[slot]
                found[full_code(form, form.nodes[one.node].address) or words_of(form, one)] = None
                if len(found) > _MOST_PLACES:
                    break
        return list(found)

    def _tool(self, button: PageTool, code: str, icon: str) -> PageTool:
        words = self._parts.texts.say(code)
        button.setAutoRaise(True)
        button.setIcon(self._parts.services.icons.icon(icon))
        button.setIconSize(QSize(icon_size(), icon_size()))
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        button.setAccessibleName(f"{words} {self._attachment.name}")
        set_tip(button, words)
        return button

    def _open(self) -> None:
        from dgdesk.ui.evidence.viewers import open_viewer

        parts = self._parts
        if parts.flush():
            try:
                open_viewer(parts.bridge, parts.services, self._slot, self._attachment.sha256, self)
            except DgdeskError as error:
                tell(parts.texts, parts.texts.error(error), self.window(), "warning")

    def _leave(self) -> None:
        self._pending.when_released(self._finish)

    def _finish(self) -> None:
        if self._pending.flush():
            self._show_passage(self._attachment)  # as it was stored

    def _write(self) -> bool:
        pages, passages = (" ".join(tidy(box.text()).split()) for box in (self.pages, self.passages))
        return self._parts.bridge.mark(self._slot, self._attachment.sha256, pages=pages, passages=passages)

    def _say_whole(self, on: bool) -> None:
        parts = self._parts
        if not (parts.flush() and parts.bridge.mark(self._slot, self._attachment.sha256, whole=on)):
            self.show_facts()  # not stored, so the box goes back

    def _ask_to_remove(self) -> None:
        self.remove_asked.emit(self._attachment)
