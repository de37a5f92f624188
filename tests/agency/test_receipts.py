"""The office answers a whole ledger: each bundle once, whatever stops it, and where a province's program looks."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from pathlib import Path, PurePosixPath

import pytest

from agency.known import digest, file_row, tell_files
from agency.world import NOW, bundle_of, taken, trust, verdicts
from bundle.support import code_of
from cli.support import done, refused, run
from dgdesk.agency.ledger.database import Ledger
from dgdesk.agency.ledger.making import open_ledger
from dgdesk.agency.ledger.reading import files, receipts
from dgdesk.agency.receipts import Answered, Office, Places, issue_receipts, return_file
from dgdesk.bundle.receipt import read_receipt
from dgdesk.bundle.returned import read_return
from dgdesk.bundle.signing.identity import Identity, create_identity
from dgdesk.errors import FileError
from dgdesk.outbox.exports import file_digest
from dgdesk.outbox.protocol import receipt_address
from dgdesk.system.atomic import atomic_write


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    folder = tmp_path_factory.mktemp("office")
    start = NOW - timedelta(days=1)
    return create_identity(folder, person="ผู้รับ", province="สพร.", passphrase=None, now=start)


@pytest.fixture
def inbox(tmp_path: Path, signer: Identity) -> Path:
    """Three bundles, one of them twice, and one that was cut off."""
    folder = tmp_path / "uploads"
    (folder / "ย่อย").mkdir(parents=True)
    for number in range(3):
        bundle_of(folder / f"24e{number}", signer, f"TH-{50 + number}")
    content = (folder / "24e0").read_bytes()
    (folder / "ย่อย" / "again.zip").write_bytes(content)
    (folder / "cut.zip").write_bytes(content[:-9])
    return folder


def write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    atomic_write(path, content, kind="receipt")


def take(ledger: Ledger, inbox: Path, signer: Identity) -> None:
    taken(ledger, {inbox.as_posix(): inbox}, trust(signer))


def issue(ledger: Ledger, office: Identity, into: Path | None = None, writer: object = write) -> Answered:
    return issue_receipts(ledger, Office(office, "สพร."), Places(into, writer), lambda: NOW)  # type: ignore[arg-type]  # tests hand in what fails


def there(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.receipt")}


def test_each_bundle_gets_one_receipt_beside_every_file_of_it(
    named: str, inbox: Path, signer: Identity, office: Identity
) -> None:
    with open_ledger(named, make=True) as ledger:
        take(ledger, inbox, signer)
        found = issue(ledger, office)
        first = there(inbox)
        assert (found.issued, len(found.written), found.failed) == (3, 4, ())
        assert first.keys() == {"24e0.receipt", "24e1.receipt", "24e2.receipt", "ย่อย/again.zip.receipt"}
        assert first["24e0.receipt"] == first["ย่อย/again.zip.receipt"], "one receipt, written twice"
        known = {one.path: one.key.digest for one in files(ledger) if one.key is not None and one.verdict == "accepted"}
        for path, digest_of_bundle in known.items():
            receipt = read_receipt(first[f"{path}.receipt"], [office.certificate])
            assert (receipt.digest, receipt.office) == (digest_of_bundle, "สพร.")
        assert {one.digest for one in receipts(ledger)} == set(known.values())
        assert all(one.written_to for one in receipts(ledger))
        again = issue(ledger, office)
        assert (again, there(inbox)) == (Answered(0, ()), first)


def test_it_lies_where_the_outbox_asks_for_it(inbox: Path) -> None:
    """The server hands out files by their names: the address of an upload ends in its name."""
    address = receipt_address("https://a.example/files/24e0")
    place = Places(None, write)
    with open_ledger(inbox.parent / "l", make=True) as ledger:
        tell_files(ledger, [file_row("24e0", None, inbox=inbox.as_posix())])
        (one,) = files(ledger)
    assert place.of(one) == inbox / PurePosixPath(address).name


@pytest.mark.parametrize("after", range(5))
def test_work_that_stops_anywhere_is_finished_by_the_next_run_and_nothing_is_issued_twice(
    named: str, inbox: Path, signer: Identity, office: Identity, after: int
) -> None:
    class Killed(BaseException):
        pass

    left = [after]

    def until(path: Path, content: bytes) -> None:
        if not left[0]:
            raise Killed
        left[0] -= 1
        write(path, content)

    with open_ledger(named, make=True) as ledger:
        take(ledger, inbox, signer)
        if after < 4:
            with pytest.raises(Killed):
                issue(ledger, office, None, until)
        else:
            issue(ledger, office, None, until)
        before = {one.digest: one.content for one in receipts(ledger)}
        issue(ledger, office)
        assert {one.digest: one.content for one in receipts(ledger)} == before and len(before) == 3
        assert sorted(there(inbox).values()) == sorted(
            before[one.key.digest] for one in files(ledger) if one.key is not None and one.verdict == "accepted"
        )
        assert not issue(ledger, office).written


def test_two_offices_at_once_issue_each_receipt_once(
    named: str, inbox: Path, signer: Identity, office: Identity, tmp_path: Path
) -> None:
    """The second one begins while the first one is about to write."""
    second: list[Answered] = []
    with open_ledger(named, make=True) as ledger, open_ledger(named) as other:
        take(ledger, inbox, signer)

        def meanwhile(path: Path, content: bytes) -> None:
            if not second:
                second.append(issue(other, office, tmp_path / "b"))
            write(path, content)

        first = issue(ledger, office, tmp_path / "a", meanwhile)
        assert first.issued + second[0].issued == 3 == len(list(receipts(ledger)))
    assert there(tmp_path / "a") == there(tmp_path / "b")


def test_what_cannot_be_written_is_told_and_the_rest_goes_on(
    named: str, inbox: Path, signer: Identity, office: Identity
) -> None:
    def full(path: Path, content: bytes) -> None:
        if path.name == "24e1.receipt":
            raise FileError("target.disk_full", path=path)
        write(path, content)

    with open_ledger(named, make=True) as ledger:
        take(ledger, inbox, signer)
        (inbox / "24e2.receipt").write_bytes(b"somebody's")
        found = issue(ledger, office, None, full)
        told = {name: problem.code for name, problem in found.failed}
        assert told == {"24e1": "target.disk_full", "24e2": "receipts.other_there"}
        assert (inbox / "24e2.receipt").read_bytes() == b"somebody's" and len(found.written) == 2
        (inbox / "24e2.receipt").unlink()
        assert {path.name for path in issue(ledger, office).written} == {"24e1.receipt", "24e2.receipt"}


@pytest.mark.parametrize("path", ["../out", "/etc/out", "a/../../out", ".."])
def test_a_name_that_leads_out_of_its_folder_is_refused(tmp_path: Path, path: str) -> None:
    """A ledger that was merged may come from anybody."""
    with open_ledger(tmp_path / "l", make=True) as ledger:
        tell_files(ledger, [file_row(path, None)])
        (one,) = files(ledger)
    assert code_of(Places(tmp_path, write).of, one) == "receipts.bad_name"


def test_an_inbox_of_another_machine_needs_a_folder_to_write_into(
    named: str, inbox: Path, signer: Identity, office: Identity, tmp_path: Path
) -> None:
    with open_ledger(named, make=True) as ledger:
        taken(ledger, {"server 1": inbox}, trust(signer))
        found = issue(ledger, office)
        assert {problem.code for _, problem in found.failed} == {"receipts.no_inbox"} and found.issued == 3
        assert len(issue(ledger, office, tmp_path / "into").written) == 4
    assert "ย่อย/again.zip.receipt" in there(tmp_path / "into")


def test_a_returned_bundle_is_answered_once_for_each_file_and_gets_no_receipt(
    named: str, inbox: Path, signer: Identity, office: Identity
) -> None:
    with open_ledger(named, make=True) as ledger:
        take(ledger, inbox, signer)
        (whose,) = {one.key.digest for one in files(ledger) if one.path == "24e0" and one.key is not None}

        def give_back(named: str) -> Answered:
            places = Places(None, write)
            return return_file(ledger, named, "ขาด P1.4", Office(office, "สพร."), places, lambda: NOW, file_digest)

        first = give_back(whose)
        # Its two files are the same to the byte.
        assert (first.issued, len(first.written)) == (1, 2)
        assert give_back(whose) == Answered(0, ())
        said = read_return((inbox / "24e0.receipt").read_bytes(), [office.certificate])
        assert said.file_sha256 == hashlib.sha256((inbox / "24e0").read_bytes()).hexdigest()
        cut = give_back("cut.zip")
        assert (cut.issued, [path.name for path in cut.written]) == (1, ["cut.zip.receipt"])
        (inbox / "cut.zip.receipt").unlink()
        assert give_back(str(inbox / "cut.zip")).written == (inbox / "cut.zip.receipt",)
        assert issue(ledger, office).issued == 2
        assert code_of(give_back, digest(9)) == code_of(give_back, "none.zip") == "receipts.no_such"
        assert sorted(one.kind for one in receipts(ledger)) == ["accepted", "accepted", "returned", "returned"]


def test_the_command_answers_a_ledger(
    tmp_path: Path, inbox: Path, signer: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DGDESK_HOME", str(tmp_path / "profile"))
    (tmp_path / "s.pem").write_bytes(signer.certificate_pem)
    place, into = tmp_path / "l.ledger", tmp_path / "ใบรับ"
    done("identity", "new", "--person", "ผู้รับ", "--province", "สพร.", "--name", "office", "--no-passphrase")
    assert run("intake", inbox, "--ledger", place, "--trust", tmp_path / "s.pem").code == 1
    line = ("receipt", "issue", "--ledger", place, "--identity", "office")
    refused(3, *line, "--into", into, says="ใบรับ")
    into.mkdir()
    found = done(*line, "--into", into, "--json").json
    assert (found["issued"], len(found["written"]), found["failed"]) == (3, 4, [])
    assert "0" in done(*line, "--into", into).out
    assert done(*line, "--returned", "cut.zip", "--reason", "ส่งใหม่", "--json").json["issued"] == 1
    assert json.loads((inbox / "cut.zip.receipt").read_bytes()).keys() == {"return", "signature"}
    (into / "24e1.receipt").write_bytes(b"x")
    assert run(*line, "--into", into).code == 1
    with open_ledger(place) as ledger:
        assert verdicts(ledger)["24e0"] == "accepted"


def test_a_receipt_of_a_ledger_takes_no_bundle_and_one_of_a_bundle_no_ledgers_words(tmp_path: Path) -> None:
    place = tmp_path / "l.ledger"
    open_ledger(place, make=True).close()
    refused(2, "receipt", "issue", says="bundle / --ledger is missing")
    refused(2, "receipt", "issue", tmp_path / "a.zip", "--ledger", place, says="cannot be used together")
    refused(2, "receipt", "issue", "--ledger", place, "--trust", tmp_path, says="--trust")
    refused(2, "receipt", "issue", "--ledger", place, "--returned", "a", says="--reason is missing")
    refused(2, "receipt", "issue", "--ledger", place, "--reason", "a", says="--returned is missing")
    for words in (("--into", tmp_path), ("--returned", "a"), ("--reason", "a")):
        refused(2, "receipt", "issue", tmp_path / "a.zip", *words, says="--ledger is missing")
