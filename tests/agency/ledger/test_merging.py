"""Ledgers of clerks who worked apart, merged in any order, are the ledger of one who did it all."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from agency.intake.test_taking_in import full
from agency.world import NOW, dump, taken, trust
from bundle.support import code_of
from dgdesk.agency.ledger.making import open_ledger
from dgdesk.agency.ledger.merging import Merged, merge
from dgdesk.agency.ledger.reading import choices, choose, receipts, submission_lines
from dgdesk.agency.ledger.recording import sha256
from dgdesk.agency.ledger.rows import moment_text
from dgdesk.agency.ledger.schema import RECEIPTS
from dgdesk.bundle.chains import Choice
from dgdesk.bundle.signing.identity import Identity

__all__ = ["full"]

_NAMES = 19


@pytest.fixture(scope="module")
def ledgers(
    full: Path, signer: Identity, tmp_path_factory: pytest.TempPathFactory
) -> tuple[list[Path], dict[str, list[dict[str, object]]]]:
    """For each file a ledger of a clerk who had it alone, and all that the ledger of one who had them all holds."""
    folder = tmp_path_factory.mktemp("ledgers")
    paths = sorted(path for path in full.rglob("*") if path.is_symlink() or path.is_file())
    assert len(paths) == _NAMES
    found = []
    for number, path in enumerate(paths):
        inbox = folder / f"{number}" / path.relative_to(full)
        inbox.parent.mkdir(parents=True)
        shutil.copy2(path, inbox, follow_symlinks=False)
        found.append(folder / f"{number}.ledger")
        with open_ledger(found[-1], make=True) as ledger:
            taken(ledger, folder / f"{number}", trust(signer))
    with open_ledger(folder / "all.ledger", make=True) as ledger:
        taken(ledger, full, trust(signer))
        return found, dump(ledger)


@settings(max_examples=12)
@given(order=st.permutations(range(_NAMES)), cuts=st.sets(st.integers(1, _NAMES - 1), max_size=4), again=st.booleans())
def test_shards_merged_are_one_run(
    order: list[int],
    cuts: set[int],
    again: bool,
    ledgers: tuple[list[Path], dict[str, list[dict[str, object]]]],
    signer: Identity,
) -> None:
    paths, whole = ledgers
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        begins = [0, *sorted(cuts)]
        with open_ledger(folder / "target", make=True) as target:
            for begin, end in zip(begins, [*begins[1:], _NAMES], strict=True):
                with open_ledger(folder / f"{begin}", make=True) as shard:
                    for number in order[begin:end]:
                        with open_ledger(paths[number]) as one:
                            merge(shard, one)
                    merge(target, shard)
                    if again:
                        assert merge(target, shard) == Merged()
            # An addendum is compared with its bundle by whoever has both.
            taken(target, {"elsewhere": _empty(folder)}, trust(signer))
            assert dump(target) == whole


def _empty(folder: Path) -> Path:
    inbox = folder / "inbox"
    inbox.mkdir()
    return inbox


def test_two_clerks_who_judged_the_same_by_other_lists_and_times_give_one_ledger(
    full: Path, signer: Identity, stranger: Identity, tmp_path: Path, named: str
) -> None:
    later = NOW + timedelta(days=3)
    with open_ledger(tmp_path / "a", make=True) as a, open_ledger(tmp_path / "b", make=True) as b:
        taken(a, full, trust(signer), later)
        taken(b, full, trust(stranger))
        _decide(a, "a" * 64, 1)
        _decide(b, "b" * 64, 2)
        with open_ledger(named, make=True) as one, open_ledger(tmp_path / "two", make=True) as two:
            for target, sources in ((one, (a, b)), (two, (b, a))):
                for source in sources:
                    merge(target, source)
                # Judged by several lists, all is judged again by the one that counts.
            kinds = dump(one), dump(two)
            assert kinds[0] == kinds[1]
            assert {row["arrived"] for row in kinds[0]["bundles"]} == {moment_text(NOW)}
            assert [choice.chosen for choice in choices(one)] == ["b" * 64]
            assert {(reply.kind, reply.content) for reply in receipts(one)} == {("accepted", b"a"), ("accepted", b"b")}
            merge(two, one)
            assert dump(two) == kinds[1]
            taken(two, full, trust(signer), later)
            taken(a, full, trust(signer), later)
            assert submission_lines(two) == submission_lines(a)


def _decide(ledger: object, digest: str, day: int) -> None:
    from dgdesk.agency.ledger.database import Ledger

    assert isinstance(ledger, Ledger)
    at = NOW + timedelta(days=day)
    choose(ledger, Choice("e", "TH-50", digest, frozenset({"c" * 64})), at)
    content = digest[:1].encode()
    row = {"digest": "d" * 64, "kind": "accepted", "sha256": sha256(content), "content": content}
    row |= {"issued": moment_text(at), "written_to": ""}
    ledger.write(lambda connection: connection.execute(insert(RECEIPTS).values(row)))


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE contents SET submission = x'00'",
        "UPDATE contents SET tagmanifest = x'00'",
        "UPDATE contents SET p7s = x'00'",
        "DELETE FROM contents",
        "UPDATE bundles SET problems = '[1]'",
        "UPDATE bundles SET revision = 'x' || char(0)",
        "UPDATE bundles SET arrived = 'yesterday'",
        "UPDATE bundles SET signed_by = '{\"name\": []}'",
        "UPDATE files SET state = 'odd' WHERE path = '0.zip'",
        "UPDATE files SET problems = '{' WHERE path = '0.zip'",
        "UPDATE addenda SET content = x'7b7d'",
        "DROP TABLE choices",
    ],
)
def test_a_ledger_that_holds_what_nobody_signed_is_damaged_and_nothing_of_it_is_taken(
    damage: str, full: Path, signer: Identity, tmp_path: Path
) -> None:
    path = tmp_path / "x.ledger"
    with open_ledger(path, make=True) as ledger:
        taken(ledger, full, trust(signer))
    with closing(sqlite3.connect(path)) as other:
        try:
            other.execute(damage)
        except sqlite3.IntegrityError:
            return  # the table refuses it
        other.commit()
    with open_ledger(tmp_path / "target", make=True) as target:

        def joined() -> None:
            with open_ledger(path) as source:
                merge(target, source)

        assert code_of(joined) == "ledger.damaged"
        assert dump(target)["files"] == [] or "files" in damage
