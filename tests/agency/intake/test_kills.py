"""Workers killed at any moment, and a server that is gone for a while: each file is judged once, and none is lost.

``DGDESK_KILLS`` says how many kills there are; 20 unless it is set.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from agency.world import Folders, bundle_of, dump, taken, trust
from bundle.support import code_of
from dgdesk.agency.ledger.making import open_ledger
from dgdesk.agency.ledger.reading import files, submission_lines
from dgdesk.bundle.signing.identity import Identity
from dgdesk.bundle.signing.trust_files import keep
from postgres import PostgreSQL

KILLS = int(os.environ.get("DGDESK_KILLS", "20"))
WORKERS = 4
LEASE = 1_500
CODE = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from agency.world import Folders, intake_of
from dgdesk.agency.intake.running import take_in
from dgdesk.agency.ledger.making import open_ledger
from dgdesk.bundle.signing.trust_files import kept

named, folder, lease = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
trusted = kept((folder / "trust.pem").read_bytes())
places = Folders(folder / "accepted", folder / "rejected")
given = intake_of({"a": folder / "inbox"}, trusted, lease=lease, most=3, folders=places)
print("begin", flush=True)
with open_ledger(named) as ledger:
    take_in(ledger, given, lambda: datetime.now(UTC))
print("done", flush=True)
"""


def worker(named: str, folder: Path) -> subprocess.Popen[str]:
    tests = str(Path(__file__).parents[2])
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([tests, *sys.path])}
    return subprocess.Popen(
        [sys.executable, "-c", CODE, named, str(folder), str(LEASE)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )


def ended(process: subprocess.Popen[str]) -> tuple[str, str]:
    out, err = process.communicate(timeout=100)
    return out, err


def put(folder: Path, source: Path, number: int) -> str:
    """A file arrives in one step, as a careful copy does."""
    name = f"{number:05}.zip"
    shutil.copy(source, folder / f"{name}.part")
    (folder / f"{name}.part").rename(folder / "inbox" / name)
    return name


@pytest.mark.slow
@pytest.mark.timeout(60 + 6 * KILLS)
def test_four_workers_killed_again_and_again_judge_and_move_each_file_once(
    named: str, signer: Identity, tmp_path: Path
) -> None:
    chance = random.Random(KILLS)
    for name in ("inbox", "accepted", "rejected", "made"):
        (tmp_path / name).mkdir()
    (tmp_path / "trust.pem").write_bytes(keep(trust(signer)))
    made = [bundle_of(tmp_path / "made" / f"{n}.zip", signer, f"TH-{50 + n}").path for n in range(6)]
    bad = tmp_path / "made" / "bad.zip"
    bad.write_bytes(made[0].read_bytes()[:-9])
    open_ledger(named, make=True).close()
    expected: dict[str, bool] = {}
    killed = 0
    running: list[subprocess.Popen[str]] = []
    try:
        while killed < KILLS:
            for _ in range(4):
                source = chance.choice([*made, bad])
                expected[put(tmp_path, source, len(expected))] = source != bad
            running += [worker(named, tmp_path) for _ in range(WORKERS - len(running))]
            one = running.pop(0)
            assert one.stdout is not None
            assert one.stdout.readline() == "begin\n"
            time.sleep(chance.uniform(0, 0.4))
            killed += one.poll() is None
            one.kill()
            _, err = ended(one)
            assert not err, err
        for one in running:
            _, err = ended(one)
            assert not err, err
        running = []
        time.sleep(LEASE / 1000)  # whatever a killed one had claimed for moving is free then
        with open_ledger(named) as ledger:
            report = taken(ledger, tmp_path / "inbox", trust(signer), folders=places(tmp_path))
            assert not report.moves.failed
            rows = {row["path"]: row for row in dump(ledger)["files"]}
            assert rows.keys() == expected.keys()
            assert {row["verdicts"] for row in rows.values()} == {1}
            assert {name: row["verdict"] == "accepted" for name, row in rows.items()} == expected
            assert len(dump(ledger)["bundles"]) == len({line.respondent for line in _sent(ledger)})
            there = {one.path: Path(one.moved_to) for one in files(ledger)}
    finally:
        for one in running:
            one.kill()
            ended(one)
    assert [*(tmp_path / "inbox").iterdir()] == []
    for name, holds in expected.items():
        folder = tmp_path / ("accepted" if holds else "rejected")
        assert there[name] == folder / name and there[name].is_file()
    for folder in places(tmp_path):
        assert folder is not None
        found = {path.name for path in folder.iterdir() if not path.name.startswith(".dgdesk-")}
        assert found == {name for name in expected if there[name].parent == folder}


def places(folder: Path) -> Folders:
    return Folders(folder / "accepted", folder / "rejected")


def _sent(ledger: object) -> list[object]:
    from dgdesk.agency.ledger.database import Ledger

    assert isinstance(ledger, Ledger)
    return [line for line in submission_lines(ledger) if line.state == "current"]


@pytest.mark.services
def test_a_server_that_is_gone_in_the_middle_is_waited_for(signer: Identity, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    for number in range(60):
        bundle_of(inbox / f"{number}.zip", signer, f"TH-{50 + number % 9}")
    server = PostgreSQL()
    try:
        named = server.database()
        stopped = threading.Event()

        def interrupt() -> None:
            time.sleep(0.4)
            server.stop()
            stopped.set()
            time.sleep(1.0)
            server.start()

        with open_ledger(named, make=True) as ledger:
            failing = threading.Thread(target=interrupt)
            failing.start()
            report = taken(ledger, inbox, trust(signer), lease=2_000, most=4)
            failing.join()
            assert stopped.is_set() and report.totals == {"accepted": 60}
            assert {row["verdicts"] for row in dump(ledger)["files"]} == {1}
        server.stop()
        assert code_of(open_ledger, named, patience=0.2) == "ledger.server_gone"
        server.start()
        assert code_of(open_ledger, server.address("nothing"), patience=0.2) == "ledger.server_refused"
    finally:
        server.close()
