"""Asks once who signs on paper, and for the memo: names, positions, for whom somebody signs, and the memo's texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from dgdesk.draft.drafts import Draft
from dgdesk.draft.signatories import (
    ACTINGS,
    LONGEST,
    MEMO_KEYS,
    SigningTexts,
    fit_text,
    role_key,
    suggested,
)
from dgdesk.draft.signing_texts import texts_of
from dgdesk.errors import UsageError
from dgdesk.ui.form.bridge import Bridge
from dgdesk.ui.widgets.buttons import give_keys, what_this_is
from dgdesk.ui.widgets.fitting import ScrollingDialog
from dgdesk.ui.widgets.inputs import CalmCombo, LineInput, LongInput
from dgdesk.ui.widgets.label import Texts, WrapLabel
from dgdesk.ui.widgets.theme import Panel, sheet
from dgdesk.ui.widgets.theme_file import SPACE
from dgdesk.ui.widgets.wrong import mark_wrong

Save = Callable[[Mapping[str, str | None]], str]
"""Stores texts by key (None: the suggestion) in one step; returns why that failed, else an empty text."""
_BODY = "memo.body"
_LEAST_WIDTH = 620


class SigningDialog(ScrollingDialog):
    """The dialog. ``lines`` are its boxes by key; what equals the suggestion is not stored."""

    def __init__(self, draft: Draft, texts: Texts, save: Save, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._draft, self._texts, self._save = draft, texts, save
        say = texts.say
        self.setWindowTitle(say("ui.signing.title"))
        self.setStyleSheet(sheet())
        self.setMinimumWidth(_LEAST_WIDTH)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(5 * SPACE // 2, 2 * SPACE, 5 * SPACE // 2, 2 * SPACE)
        layout.setSpacing(SPACE)
        self.lines: dict[str, LineInput] = {}
        self.acting: dict[str, CalmCombo] = {}
        now = texts_of(draft)
        self.body = self.area.column
        self.body.addWidget(WrapLabel(texts, say("ui.signing.about"), "text", self.area.inner))
        self._add_signatories(now)
        self._add_memo()
        self.body.addStretch(1)
        layout.addWidget(self.area, 1)
        self.fault = WrapLabel(texts, "", "error", self)
        self.fault.hide()
        layout.addWidget(self.fault)
        self._add_buttons(layout)
        self._show(suggested(now))
        self._first().setFocus(Qt.FocusReason.OtherFocusReason)

    def texts(self) -> dict[str, str]:
        """Return what is in the boxes, by key."""
        found = {key: box.text() for key, box in self.lines.items()}
        found |= {key: str(combo.currentData()) for key, combo in self.acting.items()}
        return found | {_BODY: self.memo.toPlainText()}

    def suggest_again(self) -> None:
        """Show what the program suggests for the memo; names and positions stay."""
        ready = suggested(texts_of(self._draft, stored=False))
        self._show({key: ready[key] for key in MEMO_KEYS})

    def store(self) -> None:
        """Store the texts and close; a text that cannot be printed is marked, and nothing is stored."""
        wrong = self._mark_wrong()
        if wrong is not None:
            self.area.ensureWidgetVisible(wrong)
            wrong.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        ready = suggested(texts_of(self._draft, stored=False))
        stored = self._draft.session.state.facts.signing
        values: dict[str, str | None] = {}
        for key, typed in self.texts().items():
            text = fit_text(key, typed)
            if text != ready[key]:
                values[key] = text
            elif key in stored:
                values[key] = None
        # a stored choice shows that somebody was asked, even if everything was left as suggested
        first = next(iter(self.acting), None)
        if first is not None and not values and not stored:
            values[first] = self.texts()[first]
        why = self._save(values) if values else ""
        if not why:
            self.accept()
        self._say_fault(why)

    def _mark_wrong(self) -> QWidget | None:
        """Mark every text that cannot be printed, say why, and return the first box."""
        wrong: list[tuple[QWidget, str]] = []
        for key, typed in self.texts().items():
            box = self.memo if key == _BODY else self.lines.get(key)
            if box is None:
                continue
            cause = ""
            try:
                fit_text(key, typed)
            except UsageError as error:
                cause = self._texts.error(error)
                wrong.append((box, cause))
            if isinstance(box, LongInput):
                box.mark(cause)
            else:
                mark_wrong(box, cause)
        self._say_fault("\n".join(cause for _, cause in wrong))
        return wrong[0][0] if wrong else None

    def _say_fault(self, words: str) -> None:
        self.fault.set_text(words)
        self.fault.setVisible(bool(words))

    def _add_signatories(self, now: SigningTexts) -> None:
        say = self._texts.say
        for one in now.signatories:
            panel, inner = self._panel(f"{say(f'signing.duty.{one.duty}')}: {one.office}")
            self._add_line(inner, role_key(one.role, "name"), say("ui.signing.name"), panel)
            self._add_line(inner, role_key(one.role, "position"), say("ui.signing.position"), panel)
            combo = CalmCombo(panel)
            combo.setMinimumHeight(30)
            combo.setSizeAdjustPolicy(CalmCombo.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            for kind in ACTINGS:
                combo.addItem(say(f"ui.signing.acting.{kind or 'own'}"), kind)
            self.acting[role_key(one.role, "acting")] = combo
            self._label(inner, say("ui.signing.acting"), combo, panel)

    def _add_memo(self) -> None:
        say = self._texts.say
        panel, inner = self._panel(say("signing.memo"))
        for key in MEMO_KEYS:
            words = say(f"ui.signing.{key}")
            if key != _BODY:
                self._add_line(inner, key, words, panel)
        self.memo = LongInput(panel, self._texts.breaker)
        self._label(inner, say(f"ui.signing.{_BODY}"), self.memo, panel)
        self.again = QPushButton(say("ui.signing.again"), panel)
        self.again.setAutoDefault(False)
        self.again.clicked.connect(self.suggest_again)
        row = QHBoxLayout()
        row.addWidget(self.again)
        row.addStretch(1)
        inner.addLayout(row)

    def _panel(self, words: str) -> tuple[Panel, QVBoxLayout]:
        panel = Panel("card", self.area.inner)
        inner = QVBoxLayout(panel)
        inner.setContentsMargins(2 * SPACE, SPACE, 2 * SPACE, 3 * SPACE // 2)
        inner.setSpacing(SPACE // 2)
        inner.addWidget(WrapLabel(self._texts, words, "question", panel))
        self.body.addWidget(panel)
        return panel, inner

    def _add_line(self, inner: QVBoxLayout, key: str, words: str, owner: QWidget) -> None:
        box = self.lines[key] = LineInput(owner)
        self._label(inner, words, box, owner)

    def _label(self, inner: QVBoxLayout, words: str, box: QWidget, owner: QWidget) -> None:
        box.setAccessibleName(words)
        inner.addWidget(WrapLabel(self._texts, words, "text", owner))
        inner.addWidget(box)

    def _add_buttons(self, layout: QVBoxLayout) -> None:
        say = self._texts.say
        row = QHBoxLayout()
        row.addWidget(what_this_is(self, self._texts, "ui.what.signing"))
        row.addStretch(1)
        self.save_button, self.cancel = QPushButton(say("ui.signing.save"), self), QPushButton(say("ui.cancel"), self)
        self.save_button.setObjectName("primary")
        self.save_button.setDefault(True)
        self.cancel.setAutoDefault(False)
        give_keys((self.save_button, "S"), (self.cancel, "C"), (self.again, "R"))
        row.addWidget(self.save_button)
        row.addWidget(self.cancel)
        layout.addLayout(row)
        self.save_button.clicked.connect(self.store)
        self.cancel.clicked.connect(self.reject)

    def _show(self, values: Mapping[str, str]) -> None:
        for key, text in values.items():
            if key == _BODY:
                self.memo.show_text(text)
            elif key in self.lines:
                self.lines[key].show_text(text)
            elif key in self.acting:
                self.acting[key].setCurrentIndex(max(0, self.acting[key].findData(text)))

    def _first(self) -> QWidget:
        """Return the first empty box, else the first."""
        boxes = [box for key, box in self.lines.items() if key not in LONGEST]
        return next((box for box in boxes if not box.text()), next(iter(self.lines.values())))


def ask_signatories(bridge: Bridge, texts: Texts, parent: QWidget | None) -> bool:
    """Ask who signs, and for the memo; return whether the texts were stored, or stayed as they were on purpose."""

    def save(values: Mapping[str, str | None]) -> str:
        said: list[str] = []
        bridge.failed.connect(said.append)
        done = bridge.set_signing(values)
        bridge.failed.disconnect(said.append)
        return "" if done else said[-1] if said else texts.say("ui.signing.not_saved")

    bridge.jobs.wait()
    dialog = SigningDialog(bridge.draft, texts, save, parent)
    stored = bool(dialog.exec())
    dialog.deleteLater()
    return stored
