"""After the export: changed or not, receipts in the register, scans bound to the bundle, encryption."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bundle.support import code_of
from bundle.test_third_party import follows_profile
from dgdesk.bundle.addendum import verify_addendum
from dgdesk.bundle.archive.bag import PROFILE_1
from dgdesk.bundle.encryption.age_keys import make_key
from dgdesk.bundle.encryption.encrypt import decrypt_file
from dgdesk.bundle.export import ExportReport
from dgdesk.bundle.qr import SignOffCode
from dgdesk.bundle.receipt import issue_receipt
from dgdesk.bundle.signing.identity import Identity, create_identity
from dgdesk.bundle.verify import verify_bundle
from dgdesk.draft.drafts import Draft, new_draft, open_draft
from dgdesk.draft.file.model import ExportRecord
from dgdesk.submission.encrypted import export_encrypted
from dgdesk.submission.export import check_exportable, export_draft
from dgdesk.submission.receipts import enter_receipt, receipts_for, take_out
from dgdesk.submission.scans import attach_scan, export_addendum, scans_for
from dgdesk.submission.since_export import since_export, status_since

NOW = datetime.fromisoformat("2026-11-20T09:30:00+07:00")


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Identity]:
    start = NOW - timedelta(days=1)
    folder = tmp_path_factory.mktemp("people")
    names = {"signer": "น่าน", "office": "สพร.", "stranger": "สพร."}
    return {
        key: create_identity(folder / key, person=key, province=name, passphrase=None, now=start)
        for key, name in names.items()
    }


@pytest.fixture
def draft(tmp_path: Path) -> Iterator[Draft]:
    with new_draft(tmp_path / "น่าน.dgdesk", clock=lambda: NOW, who="สมชาย", respondent="TH-55") as made:
        yield made


def export(draft: Draft, name: str, people: dict[str, Identity], *, replace: bool = False) -> ExportReport:
    target = draft.path.parent / name
    return export_draft(
        draft, target, identity=people["signer"], reason="แก้ไข", claimed_time=NOW, as_draft=True, replace=replace
    )


def scan(path: Path, digest: str, signer: Identity, code: bool = True) -> Path:
    sheet = Image.new("L", (827, 1169), 255)
    if code:
        text = SignOffCode("TH-55", "th-province-2568", digest, signer.fingerprint).text()
        drawn = memoryview(
            zxingcpp.write_barcode_to_image(zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode), scale=6)
        )
        sheet.paste(Image.frombytes("L", (drawn.shape[1], drawn.shape[0]), drawn.tobytes()), (80, 80))
    sheet.save(path)
    return path


# -- changed since export --------------------------------------------------------------------------------------------


def line(number: int, state: int, **record: object) -> ExportRecord:
    return ExportRecord(number, NOW, "สมชาย", state, record)


@given(st.lists(st.integers(0, 50), max_size=5), st.integers(0, 60), st.lists(st.sampled_from(["receipt", "scan"])))
def test_what_came_back_of_an_export_is_no_export(states: list[int], counter: int, kinds: list[str]) -> None:
    exports = [line(at, state) for at, state in enumerate(sorted(states))]
    replies = [line(100 + at, 60, kind=kind) for at, kind in enumerate(kinds)]
    found = since_export([*exports, *replies], counter)
    assert found == since_export(exports, counter)
    assert (found.state == "never") == (not states)
    assert (found.state == "changed") == (bool(states) and counter > max(states))


def test_a_change_made_while_the_export_ran_counts() -> None:
    assert since_export([line(1, 9, counter=7)], 9).changes == 2


def test_the_draft_knows_whether_work_went_on(draft: Draft, people: dict[str, Identity]) -> None:
    assert status_since(draft.package).state == "never"
    export(draft, "a.zip", people)
    assert status_since(draft.package).state == "unchanged"
    draft.package.compact(keep_undo=False)  # an entry of the journal that changes no answer
    assert status_since(draft.package).state == "unchanged"
    draft.session.answer("general.province", "TH-50")
    assert (status_since(draft.package).state, status_since(draft.package).changes > 0) == ("changed", True)
    export(draft, "b.zip", people)
    assert status_since(draft.package).state == "unchanged" and len(draft.package.exports()) == 2


# -- receipts --------------------------------------------------------------------------------------------------------


def receipt(report: ExportReport, people: dict[str, Identity], by: str = "office") -> bytes:
    verdict = verify_bundle(report.path, trusted=[people["signer"].certificate_pem])
    return issue_receipt(verdict, people[by], office="สพร.", file=report.path.name, now=NOW)


def test_a_receipt_enters_the_register_once(draft: Draft, people: dict[str, Identity]) -> None:
    report = export(draft, "a.zip", people)
    content, trusted = receipt(report, people), [people["office"].certificate_pem]
    first = enter_receipt(draft.package, content, trusted)
    again = enter_receipt(draft.package, content, trusted)
    assert (first.new, again.new, again.line) == (True, False, first.line)
    (kept,) = receipts_for(draft.package.register(), report.digest)
    assert kept.record["file"] == content.decode() and len(draft.package.exports()) == 1


def test_a_receipt_of_somebody_else_or_for_something_else_is_refused(
    draft: Draft, people: dict[str, Identity], tmp_path: Path
) -> None:
    report = export(draft, "a.zip", people)
    trusted = [people["office"].certificate_pem]
    assert code_of(enter_receipt, draft.package, receipt(report, people, "stranger"), trusted) == "receipt.untrusted"
    assert code_of(enter_receipt, draft.package, receipt(report, people), []) == "receipt.no_trust"
    with new_draft(tmp_path / "x.dgdesk", clock=lambda: NOW, who="x", respondent="TH-50") as other:
        foreign = receipt(export(other, "x.zip", people), people)
    assert code_of(enter_receipt, draft.package, foreign, trusted) == "receipt.unknown_digest"
    verdict = verify_bundle(report.path, trusted=[people["signer"].certificate_pem])
    object.__setattr__(verdict, "answers_digest", "0" * 64)
    lying = issue_receipt(verdict, people["office"], office="สพร.", file="a.zip", now=NOW)
    assert code_of(enter_receipt, draft.package, lying, trusted) == "receipt.other_answers"
    assert len(draft.package.register()) == 1


# -- paper -----------------------------------------------------------------------------------------------------------


def test_a_scan_goes_to_the_export_that_its_code_names(
    draft: Draft, people: dict[str, Identity], tmp_path: Path
) -> None:
    assert (
        code_of(attach_scan, draft.package, scan(tmp_path / "s.png", "ab" * 32, people["signer"])) == "scan.no_export"
    )
    first = export(draft, "a.zip", people)
    draft.session.answer("general.province", "TH-50")
    second = export(draft, "b.zip", people)
    one = attach_scan(draft.package, scan(tmp_path / "s.png", first.digest, people["signer"]))
    assert (one.digest, one.code, one.new) == (first.digest, "match", True)
    assert attach_scan(draft.package, tmp_path / "s.png").new is False
    bare = attach_scan(draft.package, scan(tmp_path / "t.png", "", people["signer"], code=False))
    assert (bare.digest, bare.code) == (second.digest, "unreadable")
    strange = scan(tmp_path / "u.png", "ab" * 32, people["signer"])
    assert code_of(attach_scan, draft.package, strange) == "scan.other_bundle"
    strange = scan(tmp_path / "v.png", first.digest, people["office"])
    assert code_of(attach_scan, draft.package, strange) == "scan.other_signer"
    draft.package.compact(keep_undo=False)
    (kept,) = scans_for(draft.package.register(), first.digest)
    assert b"".join(draft.package.read_file(str(kept.record["sha256"]))) == (tmp_path / "s.png").read_bytes()
    assert draft.package.check() == ()


def test_a_scan_that_was_lost_is_healed_by_attaching_it_again(
    draft: Draft, people: dict[str, Identity], tmp_path: Path
) -> None:
    report = export(draft, "a.zip", people)
    path = scan(tmp_path / "s.png", report.digest, people["signer"])
    attach_scan(draft.package, path)
    draft.package.close()
    with closing(sqlite3.connect(draft.path)) as database, database:
        database.execute("UPDATE chunk SET data = zeroblob(length(data))")
    with open_draft(draft.path, clock=lambda: NOW, who="สมชาย", read_only=True) as reader:
        assert "package.check_scan" in {one.code for one in reader.package.check()}
        assert attach_scan(reader.package, path).new is False  # changes nothing
        assert reader.package.check() != ()
    with open_draft(draft.path, clock=lambda: NOW, who="สมชาย") as again:
        assert code_of(export_addendum, again, tmp_path / "x.zip", identity=people["signer"], claimed_time=NOW) == (
            "package.evidence_damaged"
        )
        assert attach_scan(again.package, path).new is False
        assert again.package.check() == () and len(again.package.register()) == 2
        assert export_addendum(again, tmp_path / "x.zip", identity=people["signer"], claimed_time=NOW).ok


def test_a_scan_without_a_readable_code_goes_where_the_person_says_and_the_addendum_too(
    draft: Draft, people: dict[str, Identity], tmp_path: Path
) -> None:
    first = export(draft, "a.zip", people)
    draft.session.answer("general.province", "TH-50")
    second = export(draft, "b.zip", people)
    bare = scan(tmp_path / "s.png", "", people["signer"], code=False)
    assert attach_scan(draft.package, bare, first.digest).digest == first.digest
    told = scan(tmp_path / "t.png", second.digest, people["signer"])
    assert attach_scan(draft.package, told, first.digest).digest == second.digest, "a code that is read wins"
    strange = scan(tmp_path / "u.png", "ab" * 32, people["signer"])
    assert code_of(attach_scan, draft.package, strange, first.digest) == "scan.other_bundle"
    assert code_of(attach_scan, draft.package, bare, "ab" * 32) == "scan.unknown_export"
    named = {"identity": people["signer"], "claimed_time": NOW}
    for report in (first, second):
        target = tmp_path / f"{report.digest}.zip"
        verdict = export_addendum(draft, target, digest=report.digest, **named)
        assert verdict.addendum is not None and verdict.addendum.digest == report.digest
    assert code_of(export_addendum, draft, target, digest="ab" * 32, **named) == "addendum.no_scan"


def test_what_is_kept_is_taken_out_as_it_came(draft: Draft, people: dict[str, Identity], tmp_path: Path) -> None:
    report = export(draft, "a.zip", people)
    content = receipt(report, people)
    entered = enter_receipt(draft.package, content, [people["office"].certificate_pem])
    kept = attach_scan(draft.package, scan(tmp_path / "s.png", report.digest, people["signer"]))
    drawn = (tmp_path / "s.png").read_bytes()
    for line, wanted, other in ((entered.line, content, kept.line), (kept.line, drawn, entered.line)):
        target = tmp_path / f"ออก {line.number}"
        take_out(draft.package, line, target)
        assert target.read_bytes() == wanted
        assert code_of(take_out, draft.package, line, target) == "target.exists", "only when asked"
        take_out(draft.package, line, target, replace=True)
        assert code_of(take_out, draft.package, other, target, replace=True).startswith("target.is_")
    assert code_of(take_out, draft.package, draft.package.exports()[0], target) == "reply.not_kept"
    assert code_of(take_out, draft.package, kept.line, tmp_path / "no" / "x") == "target.no_folder"
    assert target.read_bytes() == wanted and not list(tmp_path.rglob("*.part"))


@pytest.mark.parametrize("by", ["receipt", "scan"])
def test_a_bundle_that_was_handed_over_is_kept(
    draft: Draft, people: dict[str, Identity], tmp_path: Path, by: str
) -> None:
    """Also when told to replace it; one that nobody has received may be replaced."""
    first = export(draft, "a.zip", people)
    again = export(draft, "a.zip", people, replace=True)
    assert again.path == first.path
    if by == "receipt":
        enter_receipt(draft.package, receipt(again, people), [people["office"].certificate_pem])
    else:
        attach_scan(draft.package, scan(tmp_path / "s.png", again.digest, people["signer"]))
    before = again.path.read_bytes()
    assert code_of(export, draft, "a.zip", people, replace=True) == "target.handed_over"
    assert again.path.read_bytes() == before
    copy = again.path.with_name("ชื่ออื่น.zip")
    copy.write_bytes(before)
    assert code_of(check_exportable, draft, copy, as_draft=True) == "target.handed_over", "by its content, not its name"
    copy.write_bytes(before[:-100])
    check_exportable(draft, copy, as_draft=True)  # cut short it is no copy of it
    export(draft, "b.zip", people)


def test_an_encrypted_bundle_that_was_handed_over_is_known_by_its_name(
    draft: Draft, people: dict[str, Identity]
) -> None:
    _, recipient = make_key()
    target = draft.path.with_name("a.zip.age")
    named = {"identity": people["signer"], "claimed_time": NOW, "as_draft": True}
    report = export_encrypted(draft, target, [recipient], **named)
    assert code_of(export_encrypted, draft, target, [recipient], **named) == "bundle.exists"
    report = export_encrypted(draft, target, [recipient], replace=True, **named)
    inside = draft.package.exports()[-1].record
    assert inside["digest"] == report.digest
    draft.package.register_reply("receipt", {"digest": report.digest, "file": "{}"})
    assert code_of(export_encrypted, draft, target, [recipient], replace=True, **named) == "target.handed_over"


def test_an_addendum_is_tied_to_its_bundle(draft: Draft, people: dict[str, Identity], tmp_path: Path) -> None:
    report = export(draft, "a.zip", people)
    target, trusted = tmp_path / "เพิ่มเติม.zip", [people["signer"].certificate_pem]
    named = {"identity": people["signer"], "claimed_time": NOW}
    assert code_of(export_addendum, draft, target, **named) == "addendum.no_scan"
    attach_scan(draft.package, scan(tmp_path / "s.png", report.digest, people["signer"]))
    other = named | {"identity": people["office"]}
    assert code_of(export_addendum, draft, target, **other) == "addendum.not_your_export"
    assert export_addendum(draft, target, **named).ok
    assert code_of(export_addendum, draft, target, **named) == "bundle.exists"
    bundle = verify_bundle(report.path, trusted=trusted)
    verdict = verify_addendum(target, trusted=trusted, bundle=bundle)
    assert verdict.ok and verdict.addendum is not None and verdict.addendum.digest == report.digest
    assert not verify_addendum(target, trusted=None).ok
    assert not verify_addendum(target, trusted=[people["office"].certificate_pem]).ok
    assert not verify_bundle(target, trusted=trusted).ok, "an addendum is no submission"
    draft.session.answer("general.province", "TH-50")
    second = verify_bundle(export(draft, "b.zip", people).path, trusted=trusted)
    assert [one.code for one in verify_addendum(target, trusted=trusted, bundle=second).problems] == [
        "addendum.other_bundle"
    ]
    assert [one.code for one in verify_addendum(report.path, trusted=trusted).problems] == ["verify.unexpected_entry"]


def test_a_draft_and_an_addendum_follow_the_published_profile(
    draft: Draft, people: dict[str, Identity], tmp_path: Path
) -> None:
    report = export(draft, "a.zip", people)
    attach_scan(draft.package, scan(tmp_path / "s.png", report.digest, people["signer"]))
    export_addendum(draft, tmp_path / "more.zip", identity=people["signer"], claimed_time=NOW)
    for name, path in (("more", tmp_path / "more.zip"), ("draft", report.path)):
        with ZipFile(path) as bundle:
            bundle.extractall(tmp_path / name)
        (bag_folder,) = (tmp_path / name).iterdir()
        done = follows_profile(bag_folder)
        assert done.returncode == 0, done.stdout
        info = (bag_folder / "bag-info.txt").read_text(encoding="utf-8")
        assert f"BagIt-Profile-Identifier: {PROFILE_1}\n" in info


def test_no_byte_of_an_addendum_may_change(draft: Draft, people: dict[str, Identity], tmp_path: Path) -> None:
    report = export(draft, "a.zip", people)
    attach_scan(draft.package, scan(tmp_path / "s.png", report.digest, people["signer"]))
    target, trusted = tmp_path / "x.zip", [people["signer"].certificate_pem]
    export_addendum(draft, target, identity=people["signer"], claimed_time=NOW)
    good = target.read_bytes()
    for at in range(0, len(good), max(1, len(good) // 150)):
        changed = bytearray(good)
        changed[at] ^= 1
        target.write_bytes(changed)
        assert not verify_addendum(target, trusted=trusted).ok, at
    for part in (b"", good[:100], good[:-1], good + b"x"):
        target.write_bytes(part)
        assert not verify_addendum(target, trusted=trusted).ok


# -- encryption ------------------------------------------------------------------------------------------------------


def test_an_encrypted_export_leaves_nothing_open(draft: Draft, people: dict[str, Identity], tmp_path: Path) -> None:
    secret, recipient = make_key()
    (tmp_path / "stick").mkdir()
    target = tmp_path / "stick" / "น่าน.zip.age"
    before = sorted(draft.path.parent.iterdir())
    named = {"identity": people["signer"], "claimed_time": NOW, "as_draft": True}
    assert code_of(export_encrypted, draft, target.with_suffix(""), [recipient], **named) == "sealed.no_suffix"
    assert code_of(export_encrypted, draft, target, [secret], **named) == "sealed.secret_given"
    report = export_encrypted(draft, target, [recipient], **named)
    # the sheet for signatures tells digests and the province, nothing of the answers
    assert sorted(path.name for path in target.parent.iterdir()) == ["น่าน.signoff.pdf", "น่าน.zip.age"]
    assert sorted(draft.path.parent.iterdir()) == before
    assert (report.path, report.size) == (target, target.stat().st_size)
    (kept,) = draft.package.exports()
    assert (kept.record["file"], kept.record["digest"]) == ("น่าน.zip.age", report.digest)
    opened = decrypt_file(target, tmp_path / "x.zip", [secret])
    verdict = verify_bundle(opened.path, trusted=[people["signer"].certificate_pem])
    assert verdict.ok and verdict.digest == report.digest
    assert code_of(export_encrypted, draft, target, [recipient], **named) == "bundle.exists"


def test_an_encryption_that_fails_is_no_export(draft: Draft, people: dict[str, Identity], tmp_path: Path) -> None:

    target = tmp_path / "stick" / "a.zip.age"
    named = {"identity": people["signer"], "claimed_time": NOW, "as_draft": True}
    assert code_of(export_encrypted, draft, target, [make_key()[1]], **named) == "bundle.no_folder"
    assert draft.package.exports() == ()
    assert not list(tmp_path.glob("*.part"))
