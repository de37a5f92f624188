"""What a person adds, files and folders, as parts of inboxes, so that no file is in the ledger twice. Pure but for
`absorb`, which joins inboxes that lie in one another.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, and_, delete, select, update

from dgdesk.agency.intake.running import inbox_name
from dgdesk.agency.ledger.database import Ledger
from dgdesk.agency.ledger.paths import kept_path, system_path
from dgdesk.agency.ledger.schema import FILES


class Part(NamedTuple):
    """A part of an inbox. ``inside``: the folder or file in it, as the ledger keeps paths; empty for all of it."""

    inbox: str
    root: Path
    inside: str = ""
    is_file: bool = False

    @property
    def place(self) -> Path:
        """Where it lies."""
        return self.root / system_path(self.inside) if self.inside else self.root

    def concerns(self, path: str) -> bool:
        """Return whether a path of its inbox belongs to this part."""
        return not self.inside or path == self.inside or (not self.is_file and path.startswith(self.inside + "/"))


def roots_here(inboxes: Iterable[str]) -> Mapping[str, Path]:
    """Return the folders of those inboxes whose names are whole paths. Others are somebody's on another PC."""
    found = {name: system_path(name) for name in inboxes}
    return {name: root for name, root in found.items() if root.is_absolute()}


def parts_of(places: Sequence[Path], known: Mapping[str, Path]) -> tuple[Part, ...]:
    """Return files and folders as parts of inboxes: of a known one if they lie in it, else of one of their own.

    A file's own inbox is its folder, of which nothing but that file is looked at. A link that is named as a file stays
    the file that is named; the way to it is followed.
    """
    roots = dict(known)
    found: dict[tuple[str, str], Part] = {}
    # outer folders first, so that what lies in them becomes a part of theirs
    for is_file, real in sorted(
        {_real(place) for place in places}, key=lambda one: (one[0], len(one[1].parts), one[1])
    ):
        part = _part(real, is_file, roots)
        roots.setdefault(part.inbox, part.root)
        found.setdefault((part.inbox, part.inside), part)
    parts = tuple(found.values())
    return tuple(one for one in parts if not any(_covers(other, one) for other in parts))


def _real(place: Path) -> tuple[bool, Path]:
    if place.is_dir():
        return False, Path(os.path.realpath(place))
    return True, Path(os.path.realpath(place.parent)) / place.name


def _part(real: Path, is_file: bool, roots: Mapping[str, Path]) -> Part:
    around = [(name, root) for name, root in roots.items() if real == root or root in real.parents]
    if around:
        # the innermost, where its row already is
        name, root = max(around, key=lambda one: len(one[1].parts))
        return Part(name, root, kept_path(real.relative_to(root)) if real != root else "", is_file)
    own = real.parent if is_file else real
    return Part(inbox_name(own), own, kept_path(Path(real.name)) if is_file else "", is_file)


def _covers(outer: Part, inner: Part) -> bool:
    if outer is inner or outer.is_file:
        return False
    return outer.inbox == inner.inbox and outer.concerns(inner.inside) and outer.inside != inner.inside


def absorb(ledger: Ledger, part: Part, known: Mapping[str, Path]) -> None:
    """Make the files of inboxes that lie below a folder files of that folder's inbox, with their verdicts.

    Raises:
        FileError: as `Ledger.write`.
    """
    if part.is_file:
        return
    for name, root in known.items():
        if name != part.inbox and part.place in root.parents:
            before = kept_path(root.relative_to(part.root)) + "/"

            def join(connection: Connection, name: str = name, before: str = before) -> None:
                _join(connection, name, part.inbox, before)

            ledger.write(join)


def _join(connection: Connection, inner: str, outer: str, before: str) -> None:
    rows = connection.execute(select(FILES.c.path, FILES.c.moved_to).where(FILES.c.inbox == inner)).all()
    there = {
        (row.path, row.moved_to)
        for row in connection.execute(select(FILES.c.path, FILES.c.moved_to).where(FILES.c.inbox == outer))
    }
    for row in rows:
        one = and_(FILES.c.inbox == inner, FILES.c.path == row.path, FILES.c.moved_to == row.moved_to)
        if (before + row.path, row.moved_to) in there:
            connection.execute(delete(FILES).where(one))
        else:
            connection.execute(update(FILES).where(one).values(inbox=outer, path=before + row.path))
