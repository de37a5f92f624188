"""The history: who changed what and when; any earlier value can be restored as an ordinary change."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QPushButton, QTreeWidgetItem, QWidget

from dgdesk.draft.file.model import ChangeRecord, StateKey
from dgdesk.draft.history import (
    HistoryLine,
    HistoryStep,
    action_in_words,
    differs,
    steps,
    targets_of,
    values_after,
    values_before,
)
from dgdesk.errors import DgdeskError
from dgdesk.survey.answers.values import Json
from dgdesk.survey.rules.places import full_name
from dgdesk.text.dates import time_text
from dgdesk.ui.form.bridge import Bridge
from dgdesk.ui.widgets.fitting import FittedDialog
from dgdesk.ui.widgets.frames import load_frame
from dgdesk.ui.widgets.inputs import CalmCombo
from dgdesk.ui.widgets.label import WrapLabel
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.texts import NEW_LINE
from dgdesk.ui.widgets.wrap_delegate import STRONG, TEXT, WrapTree

_STEP = Qt.ItemDataRole.UserRole + 23
_AT_ONCE = 100
_LONGEST = 300
Values = Mapping[StateKey, Json]


class HistoryDialog(FittedDialog):
    """The history dialog. It stays open while values are restored; ``wanted`` closes it and goes to a field."""

    wanted = Signal(str, str)

    def __init__(self, bridge: Bridge, services: Services, address: str | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge, self._texts = bridge, services.texts
        self.resize(820, 600)
        frame = load_frame("history", self, self._texts, {"WrapTree": lambda parent: WrapTree(services, parent)})
        self.which = frame.get(CalmCombo, "which")
        self.which.addItem(self._texts.say("ui.history.all"), "")
        if address is not None:
            where = full_name(bridge.form, address, None, bridge.state.facts.answers).line(self._texts.cut)
            self.which.addItem(self._texts.say("ui.history.one", where=where), address)
            self.which.setCurrentIndex(1)
        self.said = frame.get(WrapLabel, "said")
        self.tree = frame.get(WrapTree, "tree")
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.restore_old, self.restore_new, self.go, self.older, self.close_button = (
            frame.get(QPushButton, name) for name in ("restore_old", "restore_new", "go", "older", "close")
        )
        for button, action in (
            (self.restore_old, lambda: self._restore(values_before)),
            (self.restore_new, lambda: self._restore(values_after)),
            (self.go, self._go),
            (self.older, self._show_older),
            (self.close_button, self.reject),
        ):
            button.clicked.connect(action)
        self._oldest: int | None = None
        self.which.currentIndexChanged.connect(lambda _: self.fill())
        self.tree.currentItemChanged.connect(lambda *_: self._follow_choice())
        self.fill()
        self.tree.setFocus()

    def fill(self) -> None:
        """List the latest changes."""
        self.tree.clear()
        self._oldest = None
        self._show_older()
        if (first := self.tree.topLevelItem(0)) is not None:
            self.tree.setCurrentItem(first)
        else:
            self.said.set_text(self._texts.say("ui.history.none"))
        self._follow_choice()

    def _show_older(self) -> None:
        try:
            records = self._records()
        except DgdeskError as error:
            self.said.set_text(self._texts.error(error))
            return
        self.older.setEnabled(len(records) == _AT_ONCE)
        if records:
            self._oldest = records[-1].number
        for step in steps(
            self._bridge.form, self._bridge.state.facts.answers, records, self._texts.say, self._targets()
        ):
            self._add(step)

    def _records(self) -> tuple[ChangeRecord, ...]:
        history = self._bridge.draft.package.history
        targets = self._targets()
        if targets is None:
            return history(_AT_ONCE, self._oldest)
        found = {one.number: one for target in targets for one in history(_AT_ONCE, self._oldest, target)}
        return tuple(found[number] for number in sorted(found, reverse=True)[:_AT_ONCE])

    def _targets(self) -> frozenset[str] | None:
        address = str(self.which.currentData() or "")
        return targets_of(self._bridge.form, address) if address else None

    def _add(self, step: HistoryStep) -> None:
        item = QTreeWidgetItem(self.tree)
        say = self._texts.say
        action = action_in_words(step, say)
        when = time_text(step.at, self._texts.catalogue.language)
        words = [" · ".join(part for part in (when, step.who, action) if part)]
        if step.lines:
            words += self._change(step.lines[0])
        if len(step.lines) > 1:
            words.append(say("ui.history.more", count=len(step.lines) - 1))
        self._word(item, words)
        item.setData(0, _STEP, step)
        for line in step.lines if len(step.lines) > 1 else ():
            inner = QTreeWidgetItem(item)
            self._word(inner, self._change(line))
            inner.setData(0, _STEP, HistoryStep(step.number, step.at, step.who, step.action, step.origin, (line,)))

    def _change(self, line: HistoryLine) -> list[str]:
        say = self._texts.say
        empty = say("ui.history.empty")
        return [
            line.where,
            say("ui.history.old", value=self._texts.cut(line.old, _LONGEST) or empty),
            say("ui.history.new", value=self._texts.cut(line.new, _LONGEST) or empty),
        ]

    def _word(self, item: QTreeWidgetItem, words: list[str]) -> None:
        item.setData(0, TEXT, NEW_LINE.join(one.replace("\n", " ") for one in words))
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, " · ".join(words))
        item.setData(0, STRONG, False)

    def _step(self) -> HistoryStep | None:
        item = self.tree.currentItem()
        step = item.data(0, _STEP) if item is not None else None
        return step if isinstance(step, HistoryStep) else None

    def _follow_choice(self) -> None:
        step = self._step()
        may = step is not None and bool(step.lines) and not self._bridge.read_only
        self.restore_old.setEnabled(may and step is not None and self._would_change(values_before(step)))
        self.restore_new.setEnabled(may and step is not None and self._would_change(values_after(step)))
        self.go.setEnabled(step is not None and any(line.address is not None for line in step.lines))

    def _would_change(self, values: Values) -> bool:
        return differs(values, self._bridge.session.stored)

    def _restore(self, values_of: Callable[[HistoryStep], Values]) -> None:
        step = self._step()
        if step is None:
            return
        failures: list[str] = []
        self._bridge.failed.connect(failures.append)
        done = self._bridge.restore(values_of(step))
        self._bridge.failed.disconnect(failures.append)
        if done:
            self.fill()
            self.said.set_text(self._texts.say("ui.history.restored"))
        elif failures:
            self.said.set_text(failures[0])
        self.tree.setFocus()

    def _go(self) -> None:
        step = self._step()
        line = next((one for one in step.lines if one.address is not None), None) if step is not None else None
        if line is not None and line.address is not None:
            self.accept()
            self.wanted.emit(line.address, line.slot)
