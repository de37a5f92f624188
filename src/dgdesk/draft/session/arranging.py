"""The session's order of files at a slot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dgdesk.draft.changes import Changes
from dgdesk.draft.file.model import Edit, StateKey
from dgdesk.draft.file.ranks import rank_of, ranked, ranks_for
from dgdesk.draft.session.base import SessionBase
from dgdesk.errors import UsageError


class ArrangeActions(SessionBase):
    """The part of a session that puts the files of a slot in order."""

    def arrange(self, slot: str, order: Sequence[str]) -> Changes:
        """Put the files of a slot, given by SHA-256, in this order: one step, one undo. Nothing else of them changes.

        Rows that cannot be read stay behind them.

        Raises:
            UsageError: no such slot, or ``order`` is not all of its files, each once.
        """
        if slot not in self.form.slots:
            raise UsageError("evidence.unknown_slot", slot=slot)
        there = [one.sha256 for one in self.state.facts.evidence.get(slot, ())]
        if sorted(there) != sorted(order):
            raise UsageError("evidence.not_there", slot=slot)
        if there == list(order):
            return Changes()
        absent = [file for _, file in self._at(slot).places if file not in order]
        files = [*order, *absent]
        stored = {file: self._stored[StateKey("attachment", slot, file)] for file in files}
        ranks = ranks_for([rank_of(stored[file]) for file in files])
        edits = []
        for file, rank in zip(files, ranks, strict=True):
            old = stored[file]
            if rank_of(old) != rank and isinstance(old, Mapping):
                edits.append(Edit("attachment", slot, old, ranked(old, rank), file))
        return self._apply_record(self._stored_edits(edits, "arrange"))
