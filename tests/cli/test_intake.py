"""``intake`` and ``ledger`` as a person types them, and what they say when something is wrong."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from agency.world import bundle_of
from bundle.conftest import signer, stranger
from bundle.support import export
from cli.support import done, refused, run, start
from dgdesk.bundle.signing.identity import Identity

__all__ = ["signer", "stranger"]


@pytest.fixture
def world(tmp_path: Path, signer: Identity, stranger: Identity, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DGDESK_HOME", str(tmp_path / "home"))
    (tmp_path / "รับ").mkdir()
    (tmp_path / "trust.pem").write_bytes(signer.certificate_pem)
    (tmp_path / "both.pem").write_bytes(signer.certificate_pem + stranger.certificate_pem)
    for number in range(6):
        bundle_of(tmp_path / "รับ" / f"{number}.zip", signer, f"TH-{50 + number}")
    export(tmp_path / "other.zip", stranger)
    return tmp_path


def line(world: Path, *more: object) -> tuple[object, ...]:
    return ("intake", world / "รับ", "--ledger", world / "x.ledger", "--trust", world / "trust.pem", *more)


def test_a_day_at_the_agency(world: Path) -> None:
    first = done(*line(world, "--json")).json
    assert (first["files"], first["judged"], first["totals"], first["ok"]) == (6, 6, {"accepted": 6}, True)
    assert done(*line(world, "--json")).json["judged"] == 0
    shutil.copy(world / "other.zip", world / "รับ" / "other.zip")
    (world / "accepted").mkdir()
    (world / "rejected").mkdir()
    os.utime(world / "รับ" / "other.zip", (1e9, 1e9))
    folders = ("--accepted", world / "accepted", "--rejected", world / "rejected")
    moved = run(*line(world, "--json", *folders))
    assert (moved.code, moved.json["moved"], moved.json["totals"]) == (1, 7, {"accepted": 6, "refused": 1})
    assert [one.name for one in (world / "rejected").iterdir()] == ["other.zip"]
    audited = done(*line(world, "--audit", "--json")).json["audit"]
    assert audited == {"read": 7, "differences": []}
    # Whom the agency trusts has changed.
    again = run("intake", world / "รับ", "--ledger", world / "x.ledger", "--trust", world / "both.pem", "--json").json
    assert (again["judged_again"], again["changed_by_trust"], again["judged"]) == (7, 1, 0)
    listed = done("ledger", "list", world / "x.ledger", "--json").json
    assert {one["verdict"] for one in listed["files"]} == {"accepted"} and len(listed["files"]) == 7
    assert sum(one["state"] == "current" for one in listed["submissions"]) >= 6
    assert "other.zip" in done("ledger", "list", world / "x.ledger").out
    (world / "accepted" / "3.zip").write_bytes(b"x")
    found = run(*line(world, "--audit", "--lang", "en"))
    assert found.code == 1 and "3.zip" in found.out and "1 differ" in found.out


def test_ledgers_are_merged_into_a_new_one(world: Path) -> None:
    done(*line(world))
    (world / "ข").mkdir()
    shutil.copy(world / "other.zip", world / "ข")
    run("intake", world / "ข", "--ledger", world / "y.ledger", "--trust", world / "both.pem")
    merged = done("ledger", "merge", world / "all.ledger", world / "x.ledger", world / "y.ledger", "--json").json
    assert (merged["files"], merged["bundles"]) == (7, 7)
    again = done("ledger", "merge", world / "all.ledger", world / "y.ledger", world / "x.ledger", "--json").json
    assert set(again.values()) == {0}
    assert len(done("ledger", "list", world / "all.ledger", "--json").json["files"]) == 7


def test_several_processes_take_in_what_one_would(world: Path) -> None:
    for number in range(6, 16):
        shutil.copy(world / "รับ" / "0.zip", world / "รับ" / f"{number}.zip")
    found = done(*line(world, "--jobs", "3", "--json")).json
    assert (found["judged"], found["totals"]) == (16, {"accepted": 16})


def test_bad_places_and_bad_ledgers_are_named_and_nothing_changes(world: Path) -> None:
    inbox = world / "รับ"
    refused(3, "intake", world / "none", "--ledger", world / "x.ledger", says="cannot be opened", thai="ไม่ได้")
    refused(2, "intake", inbox, "--ledger", inbox / "x.ledger", says="lies in the inbox", thai="อยู่ในโฟลเดอร์")
    refused(2, *line(world, "--accepted", inbox), says="lies in the inbox")
    refused(3, *line(world, "--accepted", world / "none"), says="Make the folder first")
    refused(2, "intake", inbox, inbox, "--ledger", world / "x.ledger", "--inbox-name", "a", says="one inbox")
    refused(2, *line(world, "--jobs", "0"), says="between 1 and 64")
    refused(2, *line(world, "--watch", "--audit"), says="together")
    refused(2, "intake", inbox, "--ledger", "mysql://a/b", says="postgresql://")
    refused(3, "ledger", "list", world / "none.ledger", says="no ledger")
    refused(3, "ledger", "merge", world / "t.ledger", world / "none.ledger", says="no ledger")
    refused(3, "intake", inbox, "--ledger", world / "other.zip", says="something else")
    done(*line(world))
    with closing(sqlite3.connect(world / "x.ledger")) as other:
        other.execute("UPDATE ledger SET version = 9")
        other.commit()
    refused(3, *line(world), says="newer version")
    (world / "x.ledger").write_bytes((world / "x.ledger").read_bytes()[:5000])
    refused(3, *line(world), says="damaged", thai="เสียหาย")


def test_a_server_that_is_not_there_is_named_without_its_password(world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dgdesk.agency.ledger.making.FIRST_ANSWER", 0.0)
    address = f"postgresql://clerk:s3cret@/x?host={world}"
    found = run("ledger", "list", address, "--lang", "en")
    sentence = found.refusal(3, "en")
    assert "cannot be reached" in sentence and "s3cret" not in sentence and "clerk" in sentence


def test_a_full_disk_loses_nothing(world: Path) -> None:
    def limits() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (90_000, 90_000))

    env = {"DGDESK_HOME": str(world / "home")}
    found = start(*line(world, "--lang", "en"), limits=limits, **env)
    assert found.returncode == 3, found
    said = found.stderr.decode()
    assert "ledger" in said and "Traceback" not in said and said.count("\n") == 1
    assert done(*line(world, "--json")).json["totals"] == {"accepted": 6}


@pytest.mark.skipif(os.name != "posix", reason="signals of Linux")
def test_a_watched_inbox_is_taken_in_until_it_is_stopped(world: Path) -> None:
    call = [sys.executable, "-m", "dgdesk", *map(str, line(world, "--watch", "--lang", "en", "--jobs", "2"))]
    process = subprocess.Popen(call, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert "6 new" in process.stdout.readline()
        process.stdout.readline()
        shutil.copy(world / "รับ" / "0.zip", world / "part")
        (world / "part").rename(world / "รับ" / "late.zip")
        assert "1 new" in process.stdout.readline()
        time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
        assert process.returncode == 0 and "Traceback" not in err
    finally:
        process.kill()
        process.communicate()
    assert done(*line(world, "--json")).json["judged"] == 0


def test_a_person_who_stops_it_keeps_what_was_judged(world: Path) -> None:
    call = [sys.executable, "-m", "dgdesk", *map(str, line(world, "--lang", "en"))]
    for number in range(6, 400):
        os.link(world / "รับ" / "0.zip", world / "รับ" / f"{number}.zip")
    process = subprocess.Popen(call, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(2.0)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    if process.returncode == 1:
        assert err.splitlines()[-1].startswith("Stopped. What was checked is in the ledger")
    else:
        assert process.returncode in (0, -signal.SIGINT)  # it was done, or it had not begun
    since = time.monotonic()
    found = done(*line(world, "--json")).json
    assert found["totals"] == {"accepted": 400} and time.monotonic() - since < 60
