"""What a session needs of a draft file, and a store that writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Protocol

from dgdesk.errors import DgdeskError, UsageError
from dgdesk.package.model import ChangeRecord, Edit, StoredFile
from dgdesk.survey.answers.values import Json
from dgdesk.system.progress import NO_PROGRESS, Progress


class Store(Protocol):
    """What a session needs of a draft file."""

    def answers(self) -> dict[str, Json]:
        """Every stored answer."""

    def evidence(self) -> dict[str, Json]:
        """Return the attachments of every slot."""

    def apply(self, edits: Sequence[Edit], action: str) -> ChangeRecord:
        """Apply edits as one change."""

    def undo(self) -> ChangeRecord | None:
        """Undo the last change."""

    def redo(self) -> ChangeRecord | None:
        """Redo the change that was undone last."""

    @property
    def can_undo(self) -> bool:
        """Whether there is something to undo."""

    @property
    def can_redo(self) -> bool:
        """Whether there is something to redo."""

    def attach_files(
        self,
        sources: Sequence[BinaryIO | Path],
        make_edits: Callable[[Sequence[StoredFile | DgdeskError]], Sequence[Edit]],
        action: str,
        *,
        progress: Progress = NO_PROGRESS,
    ) -> ChangeRecord | None:
        """Store files and apply the edits that refer to them."""


class Unwritten:
    """A store that accepts changes and stores nothing."""

    can_undo = can_redo = False

    def answers(self) -> dict[str, Json]:
        """No answer is stored."""
        return {}

    def evidence(self) -> dict[str, Json]:
        """No file is attached."""
        return {}

    def apply(self, edits: Sequence[Edit], action: str) -> ChangeRecord:
        """Return a record of the edits without storing it."""
        return ChangeRecord(0, datetime.min.replace(tzinfo=UTC), "", action, tuple(edits), None, None)

    def undo(self) -> ChangeRecord | None:
        """Return None: there is nothing to undo."""
        return None

    def redo(self) -> ChangeRecord | None:
        """Return None: there is nothing to redo."""
        return None

    def attach_files(self, *_: object, **__: object) -> ChangeRecord | None:
        """Refuse: files cannot be stored. Raises UsageError ``package.no_edits``."""
        raise UsageError("package.no_edits")
