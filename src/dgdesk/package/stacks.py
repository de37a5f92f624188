"""Undo and redo followed through the journal from its start, to see whether its lines agree."""

from __future__ import annotations


class Stacks:
    """The undo and the redo stack, rebuilt from the start of the journal."""

    def __init__(self) -> None:
        self._undo: list[int] = []
        self._redo: list[int] = []

    def follow(
        self, number: int, undoes: int | None, redoes: int | None, undo_top: int | None, redo_top: int | None
    ) -> bool:
        """Apply one entry; return False if it undoes, redoes, or says of the stacks anything impossible.

        An entry that says that both stacks are empty empties them (compaction, repair), whatever else it is.
        """
        if undo_top is None and redo_top is None:
            self._undo.clear()
            self._redo.clear()
            return True
        if undoes is not None:
            if not self._undo or self._undo.pop() != undoes:
                return False
            self._redo.append(undoes)
        elif redoes is not None:
            if not self._redo or self._redo.pop() != redoes:
                return False
            self._undo.append(redoes)
        else:
            self._undo.append(number)
            self._redo.clear()
        return (undo_top, redo_top) == (_top(self._undo), _top(self._redo))


def _top(stack: list[int]) -> int | None:
    return stack[-1] if stack else None
