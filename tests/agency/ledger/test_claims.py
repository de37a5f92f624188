"""Claims by the database's clock: a file is judged once, whoever is slow, dead, or has a wrong clock."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert

from agency.world import NOW, bundle_of, dump, intake_of, taken, trust
from dgdesk.agency.intake.judging import Judging, judge_file, stamp_of
from dgdesk.agency.intake.looking import look
from dgdesk.agency.intake.worker import Work, work_off
from dgdesk.agency.ledger.claims import Claimed, claim, left, release, renew
from dgdesk.agency.ledger.database import Ledger
from dgdesk.agency.ledger.making import open_ledger
from dgdesk.agency.ledger.recording import By, Judged, record
from dgdesk.agency.ledger.schema import FILES
from dgdesk.bundle.report import BundleProblem
from dgdesk.bundle.signing.identity import Identity
from dgdesk.errors import FileError

BY = By("-", "test", NOW)
REFUSED = Judged("refused", (BundleProblem("zip.zeros"),))
LONG, SHORT = 60_000, 300


def enter(ledger: Ledger, count: int, size: int = 10) -> None:
    rows = [
        {"inbox": "a", "path": f"{number:03}.zip", "moved_to": "", "size": size, "mtime_ns": 1, "state": "waiting"}
        | {"kind": "bundle", "seen": NOW.isoformat(), "verdicts": 0, "lease": 0}
        for number in range(count)
    ]
    ledger.write(lambda connection: connection.execute(insert(FILES), rows))


def paths(found: tuple[Claimed, ...]) -> list[str]:
    return [one.path for one in found]


def test_two_workers_claim_different_files_until_none_is_left(named: str) -> None:
    with open_ledger(named, make=True) as ledger, open_ledger(named) as other:
        enter(ledger, 5)
        one = claim(ledger, "t1", ["a"], most=2, lease=LONG)
        two = claim(other, "t2", ["a"], most=2, lease=LONG)
        three = claim(ledger, "t3", ["a", "b"], most=9, lease=LONG)
        assert paths(one + two + three) == [f"{number:03}.zip" for number in range(5)]
        assert claim(other, "t4", ["a"], lease=LONG) == () == claim(other, "t4", ["b"], lease=LONG)
        there = left(ledger, ["a"])
        assert (there.waiting, there.claimed, there.size) == (0, 5, 50) and LONG - 5_000 < there.lease <= LONG


def test_a_batch_is_bounded_by_bytes_but_holds_one_file_of_any_size(named: str) -> None:
    with open_ledger(named, make=True) as ledger:
        enter(ledger, 4, size=1_000)
        assert len(claim(ledger, "t1", ["a"], most_bytes=2_500)) == 2
        assert len(claim(ledger, "t2", ["a"], most_bytes=1)) == 1


def test_a_claim_whose_worker_was_killed_goes_to_another_and_a_late_verdict_is_not_recorded(named: str) -> None:
    with open_ledger(named, make=True) as ledger:
        enter(ledger, 1)
        (mine,) = claim(ledger, "slow", ["a"], lease=SHORT)
        assert claim(ledger, "quick", ["a"]) == ()
        time.sleep(SHORT / 1000 + 0.1)
        (theirs,) = claim(ledger, "quick", ["a"])
        assert mine == theirs
        assert record(ledger, "slow", [(mine, REFUSED)], BY) == 0
        assert record(ledger, "quick", [(mine, Judged("accepted"))], BY) == 1
        assert record(ledger, "slow", [(mine, REFUSED)], BY) == 0
        # The answer to a commit may be lost: the same verdict once more changes nothing.
        assert record(ledger, "quick", [(mine, Judged("accepted"))], BY) == 0
        (row,) = dump(ledger)["files"]
        assert (row["verdict"], row["verdicts"], row["token"]) == ("accepted", 1, "")


def test_a_renewed_claim_stays_and_a_released_one_is_free_at_once(named: str) -> None:
    with open_ledger(named, make=True) as ledger:
        enter(ledger, 2)
        (first,) = claim(ledger, "t1", ["a"], most=1, lease=SHORT)
        claim(ledger, "t2", ["a"], most=1, lease=SHORT)
        renew(ledger, "t1", LONG)
        time.sleep(SHORT / 1000 + 0.1)
        assert paths(claim(ledger, "t3", ["a"], lease=LONG)) == ["001.zip"]
        release(ledger, "t1")
        assert paths(claim(ledger, "t4", ["a"])) == [first.path]
        renew(ledger, "t1", LONG)
        release(ledger, "t1")  # it is no longer its own
        assert claim(ledger, "t5", ["a"]) == ()


def test_whose_claim_was_made_and_whose_answer_was_lost_gets_its_files_again(named: str) -> None:
    with open_ledger(named, make=True) as ledger:
        enter(ledger, 3)
        lost = claim(ledger, "t1", ["a"], most=2, lease=LONG)
        assert claim(ledger, "t1", ["a"], most=2, lease=LONG) == lost


@pytest.mark.parametrize("wrong", [timedelta(days=-400), timedelta(days=400)])
def test_a_worker_whose_clock_is_wrong_neither_steals_nor_waits(
    named: str, wrong: timedelta, signer: Identity, tmp_path: Path
) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    bundle_of(inbox / "1.zip", signer)
    bundle_of(inbox / "2.zip", signer, "TH-50")
    with open_ledger(named, make=True) as ledger:
        given = intake_of({"a": inbox}, trust(signer))
        look(ledger, "a", inbox, tried="", verifier="test", now=NOW)
        held = claim(ledger, "other", ["a"], most=1, lease=LONG)
        work = Work(given.inboxes, given.judging, "-", "test", LONG)
        clock = datetime.now(UTC) + wrong
        assert work_off(ledger, work, lambda: clock, wait_for_others=False) == 1
        assert record(ledger, "other", [(held[0], REFUSED)], BY) == 1
        assert {row["verdicts"] for row in dump(ledger)["files"]} == {1}


def test_a_file_that_was_replaced_between_look_and_read_waits_again(
    named: str, signer: Identity, tmp_path: Path
) -> None:
    path = bundle_of(tmp_path / "1.zip", signer).path
    seen = stamp_of(path)
    bundle_of(tmp_path / "2.zip", signer, "TH-50", G1="a longer answer than before")
    (tmp_path / "2.zip").replace(path)
    found = judge_file(path, seen, "bundle", Judging(trust(signer)))
    assert (found.verdict, found.state) == ("arriving", stamp_of(path))
    assert [one.code for one in found.problems] == ["inbox.changing"]


def test_without_the_database_a_worker_ends_with_a_sentence_and_its_claims_end_by_themselves(
    signer: Identity, tmp_path: Path
) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    bundle_of(inbox / "1.zip", signer)
    path = tmp_path / "x.ledger"
    open_ledger(path, make=True).close()
    with (
        closing(sqlite3.connect(path, isolation_level=None)) as other,
        open_ledger(path, patience=0.3, busy=0.1) as ledger,
    ):
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(FileError) as caught:
            taken(ledger, inbox, trust(signer))
        assert caught.value.code == "ledger.busy"
        other.execute("ROLLBACK")
        assert taken(ledger, inbox, trust(signer)).totals == {"accepted": 1}
