"""Undo and redo with words: what the next one would change, and what the last one has changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QObject

from dgdesk.draft.file.model import ChangeRecord
from dgdesk.draft.history import step_in_brief, steps
from dgdesk.errors import DgdeskError
from dgdesk.ui.form.bridge import Bridge
from dgdesk.ui.widgets.label import Texts

Which = Literal["undo", "redo"]


class Undoing(QObject):
    """Undo and redo of an open draft. ``echo`` is called with what was undone or done again."""

    def __init__(self, bridge: Bridge, texts: Texts, echo: Callable[[str], None], parent: QObject) -> None:
        super().__init__(parent)
        self._bridge, self._texts, self._echo = bridge, texts, echo
        self._typed = False
        self._known = {"undo": False, "redo": False}
        self._stale = True
        """Whether the draft may have changed since it was asked; to ask at every letter would read the file each time.
        """
        bridge.pending.connect(self._note_typed)
        bridge.saved.connect(self._note_saved)
        for signal in (bridge.changed, bridge.jobs.started, bridge.jobs.ended):
            signal.connect(self._note_changed)

    def may(self, which: Which) -> bool:
        """Return whether there is something to undo or redo; typed text that is not saved yet can be undone."""
        if self._bridge.read_only:
            return False
        if self._stale and not self._bridge.jobs.busy:
            self._stale = False
            undo, redo = self._bridge.draft.package.steps_there
            self._known = {"undo": undo, "redo": redo}
        return self._known[which] or (which == "undo" and (self._typed or self._bridge.jobs.busy))

    def words(self, which: Which) -> str:
        """Return what undo or redo would do next, as a sentence without an end."""
        coming = self._coming(which)
        if coming is None:
            return self._texts.say(f"ui.{which}")
        return self._sentence(which, coming)

    def go(self, which: Which) -> None:
        """Undo or redo, and say what was changed. All typed text must be saved before."""
        bridge = self._bridge
        coming = self._coming(which)
        if not (bridge.undo() if which == "undo" else bridge.redo()) or coming is None or bridge.jobs.busy:
            return
        # it was done as the record of now says: a later compaction may have left out a part of it
        (now,) = bridge.draft.package.history(1)
        if coming.number in (now.undoes, now.redoes):
            self._echo(self._sentence(which, coming))

    def _sentence(self, which: Which, record: ChangeRecord) -> str:
        form, answers, say = self._bridge.form, self._bridge.state.facts.answers, self._texts.say
        (step,) = steps(form, answers, (record,), say)
        return say(f"ui.{which}.what", what=step_in_brief(form, answers, step, say))

    def _coming(self, which: Which) -> ChangeRecord | None:
        if self._bridge.jobs.busy or self._bridge.has_queued or self._bridge.read_only:
            return None
        package = self._bridge.draft.package
        try:
            return next(iter(package.undo_stack(1) if which == "undo" else package.redo_stack(1)), None)
        except DgdeskError:  # the words are a help only; undo itself reports what is wrong
            return None

    def _note_changed(self, *_: object) -> None:
        self._stale = True

    def _note_typed(self) -> None:
        self._typed = True

    def _note_saved(self, _: object) -> None:
        self._typed = False
