"""Restores a backup: it takes the draft's place; what was there stays beside it under another name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from dgdesk.draft.file.beside import journal_of
from dgdesk.draft.file.database import Database
from dgdesk.draft.file.disk import absolute, new_package
from dgdesk.draft.file.faults import system_faults
from dgdesk.draft.file.lock import acquire, this_process
from dgdesk.draft.file.opening import open_draft_file, settle
from dgdesk.errors import DgdeskError, FileError, UsageError
from dgdesk.system.progress import NO_PROGRESS, Progress
from dgdesk.system.renaming import replace_file
from dgdesk.text.dates import thai_time

_KEPT: Final = "before-restore"


def restore(
    copy: Path,
    draft: Path,
    *,
    clock: Callable[[], datetime],
    who: str,
    kept: Path | None = None,
    progress: Progress = NO_PROGRESS,
) -> Path | None:
    """Put a backup in the draft's place; return the new path of the replaced draft, None if there was none.

    The backup is read in full first and copied with a check; only then are the files renamed, and renamed back if that
    fails half-way. A damaged draft is moved unchanged. The draft must not be open. ``kept`` is the name for the
    replaced draft, from `kept_path`.

    Raises:
        Cancelled: the person stopped it; the draft is as it was.
        FileError: ``backup.copy_damaged`` (the draft is unchanged), ``package.held`` (the draft is open for writing),
            as `open_draft_file` and `DraftFile.backup`.
        UsageError: ``backup.same_file``.
    """
    draft, copy = absolute(draft), absolute(copy)
    if draft == copy:
        raise UsageError("backup.same_file", name=draft.name)
    with ExitStack() as resources, new_package(draft, replace=True) as fresh:
        with open_draft_file(copy, clock=clock, who=who, read_only=True) as package:
            damages = package.backup(fresh, progress=progress)
        if damages:
            raise FileError("backup.copy_damaged", name=copy.name, count=len(damages))
        resources.enter_context(acquire(draft, this_process(who, clock())))
        if not draft.exists():
            return None
        kept = kept if kept is not None and not kept.exists() else kept_path(draft, clock())
        resources.enter_context(_moved_away(draft, kept))
        return kept


def kept_path(draft: Path, now: datetime) -> Path:
    """Return a free name beside the draft for the replaced draft, with ``now`` by this PC's clock.

    Raises:
        FileError: ``package.exists``.
    """
    stamp = f"{thai_time(now):%Y%m%d-%H%M%S}"
    for number in range(1, 1000):
        more = "" if number == 1 else f"-{number}"
        path = draft.with_name(f"{draft.stem}.{_KEPT}-{stamp}{more}{draft.suffix}")
        if not path.exists():
            return path
    raise FileError("package.exists", name=draft.name, path=str(draft))


@contextmanager
def _moved_away(draft: Path, kept: Path) -> Iterator[None]:
    """Rename the draft; it gets its name back if the block raises."""
    journal = journal_of(draft)
    if journal.exists():
        # A killed program's journal belongs to this file; roll it back while the two are still together.
        with suppress(DgdeskError):
            settle(draft)
            with closing(Database(draft, "rw")):
                pass  # opening it does that
    moved: list[tuple[Path, Path]] = []
    try:
        with system_faults(draft):
            for old, new in ((draft, kept), (journal, journal_of(kept))):
                if old.exists():
                    replace_file(old, new)
                    moved.append((old, new))
        yield
    except BaseException:
        for old, new in reversed(moved):
            with suppress(OSError):
                replace_file(new, old)
        raise
