"""An evidence slot on its page: the button that attaches files, and the attached files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from dgdesk.draft.changes import Changes
from dgdesk.draft.unsent import why_unsent
from dgdesk.survey.answers.attachments import Attachment
from dgdesk.survey.definition.models import EvidenceRequest
from dgdesk.survey.rules.evidence_overview import PlaceState, place_state
from dgdesk.ui.evidence.attach import AttachController
from dgdesk.ui.evidence.attach_dialog import Offered, folder_in, offered, offers
from dgdesk.ui.evidence.drop_target import DropTarget
from dgdesk.ui.evidence.file_list import FileList
from dgdesk.ui.evidence.recent_files import RecentChips
from dgdesk.ui.evidence.slot_names import head_words, spoken_name, where
from dgdesk.ui.form.context import PageContext
from dgdesk.ui.widgets.buttons import PageButton, UndoLine
from dgdesk.ui.widgets.context_menu import add_actions_here
from dgdesk.ui.widgets.file_dialogs import choose_files
from dgdesk.ui.widgets.icons import OF_PLACE, put_icon, status_pixmap
from dgdesk.ui.widgets.label import WrapLabel
from dgdesk.ui.widgets.layout import column, show_if
from dgdesk.ui.widgets.plain import plain_label, set_tip
from dgdesk.ui.widgets.texts import NEW_LINE
from dgdesk.ui.widgets.theme_file import SPACE

_WANTING: frozenset[PlaceState] = frozenset({"missing", "unmarked", "damaged"})


class EvidenceSlot(DropTarget):
    """One slot: its request, its attachments, and buttons, dropping and pasting to attach more.

    Its ground is coloured only while something is to be done here; its icon says what.
    """

    def __init__(
        self,
        parts: PageContext,
        slot: str,
        request: EvidenceRequest,
        parent: QWidget,
        printed: bool,
    ) -> None:
        """``printed`` says that the request is already printed nearby."""
        super().__init__("evidence", parent)
        self.slot = slot
        self._parts = parts
        texts = parts.texts
        layout = column(self, SPACE)
        layout.setContentsMargins(SPACE, SPACE, SPACE, SPACE)
        top = QHBoxLayout()
        self._mark = plain_label("", self)
        top.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignVCenter)
        self.head = WrapLabel(texts, head_words(parts, slot), "evidencehead", self)
        top.addWidget(self.head, 1, Qt.AlignmentFlag.AlignVCenter)
        self.button = PageButton(texts.say("ui.attach"), self)
        put_icon(self.button, parts.services.icons, "attach")
        self.button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.button.clicked.connect(self.choose_files)
        top.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(top)
        about = [texts.say(f"ui.evidence.{request.rule}")] if request.rule != "required" else []
        if printed_here := [request.text] * (not printed) + about:
            layout.addWidget(WrapLabel(texts, " · ".join(printed_here), "note", self))
        self.lack = WrapLabel(texts, "", "warning", self)
        layout.addWidget(self.lack)
        self.files = FileList(parts, slot, self)
        self.files.remove_asked.connect(self.remove_file)
        layout.addWidget(self.files)
        self.all_whole = PageButton("", self)
        self.all_whole.setObjectName("small")
        self.all_whole.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.all_whole.clicked.connect(self.say_all_whole)
        layout.addWidget(self.all_whole)
        self.recent = RecentChips(parts, slot, self)
        self.recent.chosen.connect(self.attach_again)
        layout.addWidget(self.recent)
        low = QHBoxLayout()
        self._hint = WrapLabel(texts, texts.say("ui.attaching.hint"), "hint", self)
        low.addWidget(self._hint, 1)
        self.library = PageButton(texts.say("ui.attaching.library"), self)
        self.library.setObjectName("small")
        self.library.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.library.clicked.connect(self.choose_from_library)
        low.addWidget(self.library, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(low)
        self._removed: UndoLine | None = None
        self._removing = False
        self._start: QWidget | None = None
        self._state: PlaceState | None = None
        self.attaching = AttachController(parts.bridge, parts.services, slot, self, self._say, self._came)
        self.setAcceptDrops(not parts.bridge.read_only)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        parts.bridge.changed.connect(self._follow)
        parts.bridge.damage_changed.connect(self._show_damage)
        parts.places[slot] = self
        self.refresh()

    def refresh(self) -> None:
        """Show the attached files."""
        can_change = not self._parts.bridge.read_only
        here, spoken = where(self._parts, self.slot), spoken_name(self._parts, self.slot)
        self.setAccessibleName(spoken)
        self.button.setAccessibleName(spoken)
        self.library.setAccessibleName(f"{self._parts.texts.say('ui.attaching.library')} {here}")
        self.files.show_files(self._attached())
        self._show_state()
        self.recent.follow()
        for widget in (self.button, self.library, self._hint):
            show_if(widget, can_change)
        unmarked = self._unmarked()
        say = self._parts.texts.say
        self.all_whole.setText(say("ui.passage.all_whole", count=len(unmarked)))
        spoken = say("ui.passage.all_whole_spoken", count=len(unmarked))
        self.all_whole.setAccessibleName(f"{spoken} {here}")
        show_if(self.all_whole, can_change and len(unmarked) > 1)

    def _show_state(self) -> None:
        """Show by colour, icon and words whether something is to be done here."""
        parts, say = self._parts, self._parts.texts.say
        bridge = parts.bridge
        state = place_state(bridge.form, bridge.state, parts.form.slots[self.slot], bridge.damaged)
        if state == self._state:
            return
        self._state = state
        self.setObjectName("evidence" if state in _WANTING else "evidencedone")
        self._mark.setPixmap(status_pixmap(parts.services.icons, OF_PLACE[state], self.devicePixelRatioF()))
        words = say(f"ui.evidence.is_{state}")
        set_tip(self._mark, words)
        self._mark.setAccessibleName(words)
        self.head.setAccessibleDescription(words)
        self.lack.set_text(say("ui.passage.unmarked") if state == "unmarked" else "")
        show_if(self.lack, state == "unmarked")
        self.update()

    def _show_damage(self) -> None:
        self.files.show_facts()
        self._show_state()

    def go_here(self) -> QWidget:
        """Take the focus; return the widget to scroll to.

        The focus goes to what is still to do here: where the key passage of a file is said, or else the attach button.
        """
        unmarked = self._unmarked()
        in_need = self.files.row_of(unmarked[0]) if unmarked else None
        if in_need is None and self.button.isHidden():  # in a read-only draft
            in_need = next(iter(self.files.rows.values()), None)
        (in_need.pages if in_need is not None else self.button).setFocus(Qt.FocusReason.OtherFocusReason)
        return self

    def choose_files(self) -> None:
        """Let the user choose files, and attach them."""
        texts = self._parts.texts
        self.attach(
            *choose_files(self.window(), "evidence", texts.say("ui.choose_evidence"), texts.say("ui.all_files"))
        )

    def choose_from_library(self) -> None:
        """Let the user choose among the files that the draft already has."""
        from dgdesk.ui.evidence.library_dialog import choose

        parts = self._parts
        if not parts.flush():
            return
        chosen = choose(parts.bridge, parts.services, self.slot, self)
        if chosen:
            self.attach_again(chosen)

    def attach_again(self, files: Sequence[Attachment]) -> None:
        """Attach files that the draft already has."""
        parts = self._parts
        there = {one.sha256 for one in self._attached()}
        new = [one for one in files if one.sha256 not in there]
        if not new:
            self._say(parts.texts.say("ui.attaching.all_there"))
            return
        if parts.flush() and parts.bridge.attach_again(self.slot, new):
            unsent = why_unsent(parts.form, parts.bridge.state, self.slot, parts.texts.say)
            words = (parts.texts.say("ui.attaching.attached", count=len(new)), unsent)
            self._say(NEW_LINE.join(filter(None, words)))
            self._show_new(frozenset(one.sha256 for one in new))

    def say_all_whole(self) -> None:
        """Say of every file here that is not marked yet that the whole file is the key passage."""
        parts, unmarked = self._parts, self._unmarked()
        if parts.flush() and parts.bridge.mark_whole({self.slot: unmarked}):
            self._say(parts.texts.say("ui.passage.all_whole_done", count=len(unmarked)))
            self.button.setFocus(Qt.FocusReason.OtherFocusReason)  # the pressed button is gone

    def attach(self, *sources: Path) -> None:
        """Attach files; the result is shown when they are copied."""
        if self._parts.flush():
            self._start = QApplication.focusWidget()
            self.attaching.files(sources)

    def paste(self) -> None:
        """Attach the files, or the picture, on the clipboard."""
        if self._parts.bridge.read_only:
            return
        found = offered(QGuiApplication.clipboard().mimeData())
        if not found:
            self._say(self._parts.texts.say("ui.attaching.nothing_to_paste"))
        else:
            self._attach_offered(found)

    def paste_files(self, at: QWidget) -> bool:
        """Attach what is on the clipboard, for any box inside; see `TakesFiles`."""
        self.paste()
        return True

    def takes(self, mime: QMimeData) -> bool:
        """Return whether dragged data can be attached here; a single folder is for the whole form."""
        return not self._parts.bridge.read_only and offers(mime) and folder_in(mime) is None

    def take(self, mime: QMimeData) -> None:
        """Attach dropped data."""
        if found := offered(mime):
            self._attach_offered(found)

    def remove_file(self, attachment: Attachment) -> None:
        """Remove a file; a line in its place offers undo until the next change."""
        parts = self._parts
        before = [one.sha256 for one in self._attached()]
        self._removing = True
        done = parts.flush() and parts.bridge.detach(self.slot, attachment.sha256)
        self._removing = False
        if not done:
            return
        if self._removed is None:
            self._removed = UndoLine(parts.texts, self.bring_back, self)
            layout = self.layout()
            assert isinstance(layout, QVBoxLayout)
            layout.insertWidget(layout.indexOf(self.files) + 1, self._removed)
        say, name = parts.texts.say, attachment.name
        self._removed.show_removed(say("ui.attaching.gone", name=name), say("ui.attaching.bring_back", name=name))
        after = before[before.index(attachment.sha256) + 1 :]
        target = self.files.row_of(after[0]).remove if after else self._removed.button
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def bring_back(self) -> None:
        """Undo the removal."""
        if self._parts.flush() and self._parts.bridge.undo():
            self.button.setFocus(Qt.FocusReason.OtherFocusReason)

    def add_actions(self, menu: QMenu, at: QWidget) -> None:
        """Add the actions that attach files to a menu, then those of the question."""
        say = self._parts.texts.say
        if not self._parts.bridge.read_only:
            menu.addAction(say("ui.attach"), self.choose_files)
            paste = menu.addAction(say("ui.attaching.paste"), self.paste)
            paste.setEnabled(offers(QGuiApplication.clipboard().mimeData()))
            menu.addAction(say("ui.attaching.library"), self.choose_from_library)
        parent = self.parentWidget()
        if parent is not None:
            add_actions_here(menu, parent)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        else:
            super().keyPressEvent(event)

    def _attached(self) -> tuple[Attachment, ...]:
        return self._parts.bridge.state.facts.evidence.get(self.slot, ())

    def _unmarked(self) -> tuple[str, ...]:
        """Return the SHA-256 of the files here whose key passage is not marked."""
        return tuple(one.sha256 for one in self._attached() if not one.marked)

    def hold(self, on: bool) -> None:
        """Show that what is dragged would be attached here."""
        if on != self.held_over:
            self._hint.set_text(self._parts.texts.say("ui.attaching.drop_here" if on else "ui.attaching.hint"))
        super().hold(on)

    def _say(self, words: str) -> None:
        """Show a message at the slot; empty hides it."""
        self._hint.set_text(words or self._parts.texts.say("ui.attaching.hint"))

    def _attach_offered(self, found: Offered) -> None:
        if self._parts.flush():
            self._start = QApplication.focusWidget()
            self.attaching.attach_offered(found)

    def _came(self, new: frozenset[str]) -> None:
        """Show files that were copied meanwhile; the cursor stays where somebody has gone on to another question."""
        now = QApplication.focusWidget()
        if now is None or now is self._start or self.isAncestorOf(now):
            self._show_new(new)

    def _show_new(self, new: frozenset[str]) -> None:
        """Put the cursor where the pages of the first new file are said."""
        first = next((one.sha256 for one in self._attached() if one.sha256 in new), None)
        if first is not None:
            self.files.row_of(first).pages.setFocus(Qt.FocusReason.OtherFocusReason)
            self._parts.bring(self)

    def _follow(self, changes: Changes) -> None:
        if self._removed is not None and not self._removing:
            show_if(self._removed, False)
        url = self._parts.form.slots[self.slot].url
        if (changes.evidence and changes.evidence != {self.slot}) or url in changes.answers:
            self.files.show_facts()
            self.recent.follow()
        if self._concerns(changes):
            self._show_state()

    def _concerns(self, changes: Changes) -> bool:
        """Whether a change may alter what is to be done here: nearly all that is typed on a page does not."""
        form = self._parts.form
        slot = form.slots[self.slot]
        inside = range(slot.node, form.nodes[slot.node].end)
        return (
            self.slot in changes.evidence
            or slot.node in changes.shown
            or slot.url in changes.answers
            or any(form.position.get(one, -1) in inside for one in changes.answers)
        )
