"""The ledger says of every file what a check of the whole folder says, and reads a file again only if it changed."""

from __future__ import annotations

import os
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from agency.world import NOW, bundle_of, dump, fill, taken, trust, verdicts
from bundle.support import code_of
from dgdesk.agency.check import check_files
from dgdesk.agency.intake.audit import audit
from dgdesk.agency.intake.judging import Judging
from dgdesk.agency.ledger.making import open_ledger
from dgdesk.agency.ledger.reading import bundles, content, files, submission_lines
from dgdesk.agency.scan import scan
from dgdesk.agency.submissions import submissions
from dgdesk.bundle.signing.identity import Identity
from dgdesk.bundle.signing.trust_list import TrustList
from dgdesk.bundle.verify import verify_bundle


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory, signer: Identity, stranger: Identity) -> Path:
    return fill(tmp_path_factory.mktemp("full") / "inbox", signer, stranger)


@pytest.fixture
def inbox(full: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(full, tmp_path / "กล่องรับ", symlinks=True))


def lists(signer: Identity, stranger: Identity) -> list[TrustList | None]:
    return [trust(signer), trust(signer, stranger), trust((signer, "TH-51")), trust(stranger), None]


@pytest.mark.parametrize("which", range(5))
def test_the_ledger_says_what_a_check_of_the_folder_says(
    inbox: Path, named: str, signer: Identity, stranger: Identity, which: int
) -> None:
    trusted = lists(signer, stranger)[which]
    checked = check_files(scan([inbox]), trusted=trusted, now=NOW, pause=lambda seconds: None)
    with open_ledger(named, make=True) as ledger:
        report = taken(ledger, inbox, trusted)
        assert report.looked.new == report.looked.files == len(checked.files)
        found = {one.path: one for one in files(ledger)}
        for one in checked.files:
            row = found[one.path.relative_to(inbox).as_posix()]
            expected = "accepted" if one.verdict in ("several", "copy") else one.verdict
            assert (row.verdict, row.problems) == (expected, one.problems), row.path
            assert row.state == "judged" and row.seen == row.judged == NOW
            if one.verification is not None and one.verification.fingerprint is not None and one.accepted:
                assert row.key == (one.verification.digest, one.verification.fingerprint)
        known = {one.key: one.verification for one in bundles(ledger)}
        for one in checked.files:
            if one.accepted and one.verification is not None:
                assert known[found[one.path.relative_to(inbox).as_posix()].key] == one.verification  # type: ignore[index]  # a bundle has one
        mine = {(line.edition, line.respondent): line for line in submission_lines(ledger)}
        theirs = {(line.edition, line.respondent): line for line in submissions(checked.files)}
        assert mine.keys() == theirs.keys()
        for key, line in theirs.items():
            assert (mine[key].state, mine[key].chain, mine[key].name) == (line.state, line.chain, line.name)


def test_a_second_intake_reads_no_file_and_changes_no_row(inbox: Path, named: str, signer: Identity) -> None:
    with open_ledger(named, make=True) as ledger:
        first = taken(ledger, inbox, trust(signer))
        assert first.judged == first.looked.files > 15 and not first.holds
        before = dump(ledger)
        # Another content under the same name, size and time: whoever read it would see it.
        for path in inbox.rglob("*.zip"):
            if not path.is_symlink():
                times = path.stat()
                path.write_bytes(b"\0" * times.st_size)
                os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
        (inbox / "half.zip.part").unlink()
        second = taken(ledger, inbox, trust(signer), NOW + timedelta(days=1))
        assert second.judged == 0 and second.looked[:3] == (first.looked.files - 1, 0, 0)
        for row in before["files"]:
            if row["path"] == "half.zip.part":
                row["state"] = "gone"
        assert dump(ledger) == before
        # The audit reads, and says of each bundle that it is another file now.
        read = audit(ledger, {"a": inbox}, Judging(trust(signer)))
        assert read.read == len(read.differences) + 1 > 8  # the empty file is as empty as before


def test_an_audit_of_what_is_as_it_was_finds_nothing(inbox: Path, named: str, signer: Identity) -> None:
    with open_ledger(named, make=True) as ledger:
        taken(ledger, inbox, trust(signer))
        assert audit(ledger, {"a": inbox}, Judging(None)).differences == ()
        (inbox / "0.zip").unlink()
        read = audit(ledger, {"a": inbox}, Judging(None))
        assert [(one.path.name, one.problem.code) for one in read.differences] == [("0.zip", "inbox.gone")]


def test_a_changed_file_is_judged_again_and_what_it_was_stays_known(inbox: Path, named: str, signer: Identity) -> None:
    with open_ledger(named, make=True) as ledger:
        taken(ledger, inbox, trust(signer))
        known = {one.key for one in bundles(ledger)}
        bundle_of(inbox / "new.zip", signer, "TH-58")
        shutil.move(inbox / "new.zip", inbox / "4.zip")
        (inbox / "cut.zip").unlink()
        report = taken(ledger, inbox, trust(signer), NOW + timedelta(hours=1))
        assert (report.judged, report.looked.new, report.looked.changed, report.looked.missing) == (1, 0, 1, 1)
        assert known < {one.key for one in bundles(ledger)}
        states = {line.respondent: line for line in submission_lines(ledger)}
        assert states["TH-58"].file == Path("a/4.zip")
        # Nobody has the file of TH-54 any more, and what it sent counts as before.
        assert states["TH-54"].state == "current" and states["TH-54"].file is None


def test_a_stick_that_was_pulled_out_and_is_back_is_not_read_again(inbox: Path, named: str, signer: Identity) -> None:
    with open_ledger(named, make=True) as ledger:
        taken(ledger, inbox, trust(signer))
        before = dump(ledger)
        aside = inbox.with_name("aside")
        inbox.rename(aside)
        assert code_of(taken, ledger, inbox, trust(signer)) == "intake.no_inbox"
        assert dump(ledger) == before
        inbox.mkdir()
        assert taken(ledger, inbox, trust(signer)).looked.missing > 10
        assert (
            verdicts(ledger) == {} and sum(one.state == "current" for one in submission_lines(ledger)) == 4
        )  # who has sent has sent
        inbox.rmdir()
        aside.rename(inbox)
        report = taken(ledger, inbox, trust(signer))
        assert report.judged <= 3  # what is unreadable or arriving is looked at each time
        assert {row["path"]: row["verdict"] for row in dump(ledger)["files"]} == {
            row["path"]: row["verdict"] for row in before["files"]
        }


def test_what_a_bundle_holds_is_given_back_byte_for_byte(inbox: Path, named: str, signer: Identity) -> None:
    from bundle.support import unpack

    with open_ledger(named, make=True) as ledger:
        taken(ledger, inbox, trust(signer))
        rows = {one.path: one for one in files(ledger)}
        key = rows["1.zip"].key
        assert key is not None
        inside = unpack((inbox / "1.zip").read_bytes())
        ((found, kept),) = content(ledger, [key, key._replace(digest="0" * 64)])
        assert found == key
        assert kept.submission == next(one for name, one in inside.items() if name.endswith("submission.json"))
        assert kept.scores == next(one for name, one in inside.items() if name.endswith("score.json"))
        # A damaged copy has the key of the sound one, which stays what it is.
        assert rows["damaged copy.zip"].key == key and rows["damaged copy.zip"].verdict == "refused"
        facts = {one.key: one.verification for one in bundles(ledger)}
        assert facts[key] == verify_bundle(inbox / "1.zip", trusted=trust(signer), now=NOW)


def test_bundles_since_are_those_that_arrived_then(inbox: Path, named: str, signer: Identity) -> None:
    with open_ledger(named, make=True) as ledger:
        taken(ledger, inbox, trust(signer))
        later = NOW + timedelta(days=2)
        bundle_of(inbox / "late.zip", signer, "TH-58")
        shutil.copy(inbox / "0.zip", inbox / "one more copy.zip")
        taken(ledger, inbox, trust(signer), later)
        assert [one.verification.respondent for one in bundles(ledger, later)] == ["TH-58"]
        assert len(list(bundles(ledger, NOW))) == len(list(bundles(ledger)))


def test_places_that_would_be_taken_for_files_are_refused(inbox: Path, signer: Identity, tmp_path: Path) -> None:
    from agency.world import Folders

    inside = inbox / "ชั้นใน"
    with open_ledger(inbox / "x.ledger", make=True) as ledger:
        assert code_of(taken, ledger, inbox, None) == "intake.inside"
    with open_ledger(tmp_path / "x.ledger", make=True) as ledger:
        assert code_of(taken, ledger, inbox, None, folders=Folders(inside)) == "intake.inside"
        assert code_of(taken, ledger, inbox, None, folders=Folders(None, tmp_path / "no")) == "intake.no_folder"
        assert code_of(taken, ledger, {"a": inbox, "b": inside}, None) == "intake.same"
        assert code_of(taken, ledger, inbox, None, jobs=0) == "intake.jobs"
        assert verdicts(ledger) == {}
