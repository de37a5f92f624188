"""Every file of a folder gets one verdict, and the totals add up to the files that are there."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pyrage.x25519
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bundle.support import NOW, export, payload, submission
from dgdesk.agency import kinds
from dgdesk.agency.check import check_files
from dgdesk.agency.kinds import kind_of, kind_of_folder, kind_of_name
from dgdesk.agency.scan import FoundFile, scan
from dgdesk.agency.verdicts import InboxResult, shown_names
from dgdesk.bundle.encryption import encrypt
from dgdesk.bundle.encryption.encrypt import encrypt_file
from dgdesk.bundle.receipt import issue_receipt
from dgdesk.bundle.returned import issue_return
from dgdesk.bundle.signing.identity import Identity
from dgdesk.bundle.verify import verify_bundle
from dgdesk.errors import UsageError

DRAFT = b"SQLite format 3\0".ljust(68, b"\x01") + (1145521227).to_bytes(4, "big") + bytes(500)


def check(folder: Path, signer: Identity, **more: object) -> InboxResult:
    files = scan([folder])
    return check_files(files, trusted=[signer.certificate_pem], pause=lambda seconds: None, **more)  # type: ignore[arg-type]  # keys or now


def verdicts(found: InboxResult, folder: Path) -> dict[str, str]:
    return {one.path.relative_to(folder).as_posix(): one.verdict for one in found.files}


@pytest.fixture
def inbox(bundle: Path, signer: Identity, tmp_path: Path) -> Path:
    folder = tmp_path / "รับเข้า"
    folder.mkdir()
    shutil.copy(bundle, folder / "ก.zip")
    return folder


def test_a_file_named_twice_or_in_a_named_folder_too_is_one_file(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = inbox / "ก.zip"
    monkeypatch.chdir(inbox)
    for places in ([one, one], [inbox, one], [one, Path("ก.zip"), inbox / ".." / inbox.name / "ก.zip"]):
        assert [found.path.name for found in scan(places)] == ["ก.zip"]


def test_an_empty_folder_with_the_name_of_a_bundle_is_told_as_that(inbox: Path) -> None:
    (inbox / "dir.zip").mkdir()
    reasons = {found.path.name: found.reason and found.reason.code for found in scan([inbox])}
    assert reasons == {"dir.zip": "inbox.empty_folder", "ก.zip": None}


def test_every_kind_of_file_has_its_verdict(inbox: Path, bundle: Path, signer: Identity, tmp_path: Path) -> None:
    shutil.copy(bundle, inbox / "ข.zip")
    shutil.copy(bundle, inbox / "ไม่มีนามสกุล")
    other = payload(**{"submission.json": submission(answers={"p1.4": "no"}).to_bytes()})
    export(inbox / "ค.zip", signer, other)
    key = pyrage.x25519.Identity.generate()
    encrypt_file(bundle, inbox / "ง.zip.age", [str(key.to_public())])
    found = verify_bundle(bundle, trusted=[signer.certificate_pem])
    (inbox / "r.json").write_bytes(issue_receipt(found, signer, office="สพร.", file="x", now=NOW))
    (inbox / "short.zip").write_bytes(bundle.read_bytes()[:-5])
    (inbox / "x.zip.crdownload").write_bytes(bundle.read_bytes()[:100])
    (inbox / "y.zip").write_bytes(b"")
    (inbox / "y.zip.part").write_bytes(b"half")
    (inbox / "z.rar").write_bytes(b"Rar!\x1a\x07\x01\x00")
    (inbox / "mail.txt").write_bytes(b"text")
    (inbox / "back").symlink_to(inbox, target_is_directory=True)
    os.mkfifo(inbox / "pipe.zip")
    for name in ("Thumbs.db", "._ก.zip", "__MACOSX/._ก.zip", "__MACOSX/x.txt"):
        (inbox / name).parent.mkdir(exist_ok=True)
        (inbox / name).write_bytes(b"x")
    unpacked = inbox / "จ.zip" / "bag"
    unpacked.mkdir(parents=True)
    (unpacked / "bagit.txt").write_text("BagIt-Version: 1.0")
    result = check(inbox, signer)
    assert verdicts(result, inbox) == {
        "ก.zip": "several",
        "ข.zip": "copy",
        "ไม่มีนามสกุล": "copy",
        "ค.zip": "several",
        "ง.zip.age": "encrypted",
        "r.json": "receipt",
        "short.zip": "refused",
        "x.zip.crdownload": "arriving",
        "y.zip": "arriving",
        "y.zip.part": "arriving",
        "z.rar": "packed",
        "mail.txt": "foreign",
        "back": "link",
        "pipe.zip": "unreadable",
        "Thumbs.db": "litter",
        "._ก.zip": "litter",
        "__MACOSX/._ก.zip": "litter",
        "__MACOSX/x.txt": "litter",
        "จ.zip/bag/bagit.txt": "foreign",
    }
    assert sum(result.totals.values()) == len(result.files) and not result.holds
    assert all(one.problems for one in result.files if not one.accepted), "each has its reason"
    opened = check(inbox, signer, keys=[str(key)])
    assert verdicts(opened, inbox)["ง.zip.age"] == "copy"
    (sealed,) = (one for one in opened.files if one.path.suffix == ".age")
    assert len(sealed.same_as) == 3 and [one.path.name for one in sealed.same_respondent] == ["ค.zip"]
    wrong = check(inbox, signer, keys=[str(pyrage.x25519.Identity.generate())])
    assert [one.problems[0].code for one in wrong.files if one.path.suffix == ".age"] == ["sealed.not_for_you"]


NAMES = st.sampled_from(["a.zip", "b.ZIP", "c.age", ".DS_Store", "._a.zip", "d.txt", "e.part", "ฉ.docx", "f.json", "g"])
CONTENTS = st.sampled_from(
    [b"", b"PK\x03\x04", b"PK\x05\x06" + bytes(18), bytes(600), b"{}", b"age-encryption.org/v1\n", b"UEsDBBQ", b"text"]
)
FOLDERS = st.sampled_from(["", "ก", "ก/ข.zip", "__MACOSX", "c.part"])


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.tuples(FOLDERS, NAMES), CONTENTS, min_size=1))
def test_whatever_lies_in_a_folder_the_verdicts_add_up_to_the_files_there(files: dict[tuple[str, str], bytes]) -> None:
    with tempfile.TemporaryDirectory() as place:
        for (folder, name), content in files.items():
            path = Path(place, folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        result = check_files(scan([Path(place)]), trusted=None, pause=lambda seconds: None)
    assert sum(count for name, count in result.sums.items() if name != "copies") == len(files)
    assert sum(result.totals.values()) == len(files) == len({one.path for one in result.files})


def test_a_folder_without_any_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"receiver\.no_bundles"):
        scan([tmp_path])


def test_a_file_that_grows_while_it_is_checked_is_still_arriving(inbox: Path, bundle: Path, signer: Identity) -> None:
    path, content = inbox / "ฆ.zip", bundle.read_bytes()
    path.write_bytes(content[:1000])

    def grow(seconds: float) -> None:
        path.write_bytes(content[:5000])

    found = check_files(scan([inbox]), trusted=[signer.certificate_pem], pause=grow)
    assert verdicts(found, inbox) == {"ก.zip": "accepted", "ฆ.zip": "arriving"}
    assert found.files[1].problems[0].code == "inbox.changing" and found.sums["unchecked"] == 1


def test_a_drive_that_is_pulled_out_leaves_a_reason_for_each_file(inbox: Path, bundle: Path, signer: Identity) -> None:
    for name in ("ข.zip", "ค.zip"):
        shutil.copy(bundle, inbox / name)
    files = scan([inbox])

    def pull(arrival: object) -> None:
        shutil.rmtree(inbox, ignore_errors=True)

    found = check_files(files, trusted=[signer.certificate_pem], each=pull)
    assert [one.verdict for one in found.files] == ["accepted", "unreadable", "unreadable"]
    assert [one.problems[0].code for one in found.files[1:]] == ["inbox.gone"] * 2


def test_a_folder_that_cannot_be_listed_is_a_line(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (inbox / "ปิด").mkdir()
    real: Callable[..., object] = os.scandir

    def refuse(path: Path) -> object:
        if path.name == "ปิด":
            raise PermissionError
        return real(path)

    monkeypatch.setattr(os, "scandir", refuse)
    found = {one.path.name: one for one in scan([inbox])}
    assert found["ปิด"].kind == "unreadable" and found["ก.zip"].kind == "bundle"


def test_names_that_several_folders_share_are_told_apart(tmp_path: Path) -> None:
    paths = [tmp_path / "TH-50" / "b.zip", tmp_path / "TH-55" / "b.zip", tmp_path / "c.zip"]
    assert list(shown_names(paths).values()) == ["TH-50/b.zip", "TH-55/b.zip", "c.zip"]


def test_a_mixed_folder_of_ten_thousand_files_is_listed_whole(tmp_path: Path) -> None:
    for number in range(10_000):
        (tmp_path / f"{number}.{('zip', 'txt', 'part', 'age')[number % 4]}").touch()
    found = scan([tmp_path])
    assert len(found) == 10_000 and [one.path.stem for one in found[:3]] == ["0", "1", "2"]
    assert {one.kind for one in found} == {"bundle", "foreign", "arriving"}, "an empty .age is checked, and told"


def test_kinds_by_name_and_content() -> None:
    assert kind_of_name("รายงาน.ZIP") == "bundle" and kind_of_name("~$x.docx") == "litter"
    assert kind_of_name(".ก.zip.Ab3dEf") == "arriving" and kind_of_name("x.zip.icloud") == "arriving"
    assert kind_of("แนบ.bin", b"-----BEGIN AGE ENCRYPTED FILE-----\n") == "encrypted"
    assert kind_of("body.eml", b"UEsDBBQAAAAA") == "bundle", "a mail's attachment that was not decoded"
    assert kind_of("x", b"7z\xbc\xaf\x27\x1c") == "packed" and kind_of("x.docx", b"PK\x03\x04" + bytes(60)) == "foreign"
    assert kind_of("ก.zip", b"age-encryption.org/v1\n") == "encrypted" and kind_of("ก.age", b"PK\x03\x04") == "bundle"
    assert kind_of("ก.zip.bak", b"PK\x03\x04" + bytes(60)) == "packed", "packed again, or a zip around a bundle"
    assert kind_of("report", b"PK\x03\x04".ljust(30, b"\0") + b"[Content_Types].xml") == "foreign"
    assert kind_of_folder("System Volume Information") == "litter" and kind_of_folder("ก") is None


def test_a_mail_a_draft_and_a_return_are_told_as_that(tmp_path: Path, signer: Identity) -> None:
    head = b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n"
    answer = issue_return("0" * 64, signer, reason="ไม่ครบ", office="สพร.", file="x.zip", now=NOW)
    for name, content, verdict, code in (
        ("a.eml", b"From: a@b.go.th\r\nTo: c@d.go.th\r\n" + head, "packed", "inbox.mail"),
        ("b", b"Received: from mail.b.go.th by x\r\n" + head, "packed", "inbox.mail"),
        ("c.msg", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "packed", "inbox.mail"),
        ("winmail.dat", b"\x78\x9f\x3e\x22" + bytes(40), "packed", "inbox.mail"),
        ("d.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "foreign", "inbox.foreign"),
        ("e.txt", "เรียน ผู้เกี่ยวข้อง\nsubject to change:\n".encode(), "foreign", "inbox.foreign"),
        ("f.dgdesk", DRAFT, "foreign", "inbox.draft"),
        ("g.json", answer, "foreign", "inbox.return"),
    ):
        (tmp_path / name).write_bytes(content)
        (found,) = (one for one in scan([tmp_path]) if one.path.name == name)
        assert found.reason is not None and (found.kind, found.reason.code) == (verdict, code), name


def test_everything_of_an_unpacked_bundle_is_told_as_that(tmp_path: Path) -> None:
    (tmp_path / "bag" / "data" / "evidence").mkdir(parents=True)
    for name in ("bagit.txt", "data/survey.pdf", "data/evidence/E0001.pdf"):
        (tmp_path / "bag" / name).write_bytes(b"x")
    (tmp_path / "note.pdf").write_bytes(b"x")
    assert {one.path.name: one.reason and one.reason.code for one in scan([tmp_path])} == {
        "bagit.txt": "inbox.unpacked",
        "survey.pdf": "inbox.unpacked",
        "E0001.pdf": "inbox.unpacked",
        "note.pdf": "inbox.foreign",
    }


def test_what_is_misnamed_is_checked_as_what_it_is(inbox: Path, bundle: Path, signer: Identity) -> None:
    key = pyrage.x25519.Identity.generate()
    encrypt_file(bundle, inbox / "x.age", [str(key.to_public())])
    (inbox / "x.age").rename(inbox / "ข.zip")
    shutil.copy(bundle, inbox / "ค.zip.age")
    shut, opened = check(inbox, signer), check(inbox, signer, keys=[str(key)])
    assert verdicts(shut, inbox) == {"ก.zip": "accepted", "ข.zip": "encrypted", "ค.zip.age": "copy"}
    assert verdicts(opened, inbox) == {"ก.zip": "accepted", "ข.zip": "copy", "ค.zip.age": "copy"}


def test_a_link_in_a_circle_ends(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "up").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "self").symlink_to(tmp_path / "self")
    found: tuple[FoundFile, ...] = scan([tmp_path])
    assert {one.path.name: one.kind for one in found} == {"up": "link", "self": "link"}


def test_the_ending_of_encrypted_bundles_is_the_one_that_is_written() -> None:
    assert kinds.SUFFIX == encrypt.SUFFIX
