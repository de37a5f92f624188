"""What a file may be written onto, and what its name has to end in."""

from __future__ import annotations

import ast
import base64
import errno
import os
import struct
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bundle.support import code_of
from dgdesk.errors import FileError
from dgdesk.system import atomic, causes, targets
from dgdesk.system.atomic import atomic_file, atomic_set, atomic_write, explain_write
from dgdesk.system.causes import MOST_ON_FAT, cause_at, check_size
from dgdesk.system.check.facts import Volume
from dgdesk.system.kinds import Kind, kind_of, kind_of_head
from dgdesk.system.targets import Target, check_targets, fits, same_place, with_ending
from parsed import nodes_of

SOURCE = Path(__file__).parents[2] / "src" / "dgdesk"
posix = pytest.mark.skipif(os.name != "posix", reason="links and limits of Linux")
PEM = "-----BEGIN {0}-----\nQUJD\n-----END {0}-----\n"


# ---- kinds -----------------------------------------------------------------------------------------------------------

KEYS = {
    "pkcs8": PEM.format("PRIVATE KEY"),
    "locked": PEM.format("ENCRYPTED PRIVATE KEY"),
    "ec": PEM.format("EC PRIVATE KEY"),
    "ssh": PEM.format("OPENSSH PRIVATE KEY"),
    "backup": PEM.format("CERTIFICATE") * 9 + PEM.format("ENCRYPTED PRIVATE KEY"),
    "mail": "เรียน ผู้ดูแลระบบ\n\n" + PEM.format("RSA PRIVATE KEY"),
    "age": "# public key: age1xyz\nAGE-SECRET-KEY-1ABC\n",
    "pgp": PEM.format("PGP PRIVATE KEY BLOCK"),
    "both": PEM.format("CERTIFICATE") + PEM.format("PGP PRIVATE KEY BLOCK"),
    "age -p -a": "-----BEGIN AGE ENCRYPTED FILE-----\n"
    + base64.encodebytes(b"age-encryption.org/v1\n-> scrypt " + b"x" * 200).decode()
    + "-----END AGE ENCRYPTED FILE-----\n",
    "pkcs8 in base64": base64.encodebytes(b"\x30\x82\x04\xbd\x02\x01\x00\x30\x0d" + b"x" * 90).decode(),
    "pkcs12 in base64": base64.b64encode(b"\x30\x82\x09\x01\x02\x01\x03\x30\x82" + b"x" * 90).decode(),
    "pkcs1 in base64": "\n" + base64.encodebytes(b"\x30\x82\x04\xa4\x02\x01\x00\x02\x82" + b"x" * 90).decode(),
    "putty": "PuTTY-User-Key-File-3: ssh-ed25519\n",
}


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "cp874"])
@pytest.mark.parametrize("name", KEYS)
def test_a_key_is_known_in_every_form_and_coding(name: str, coding: str) -> None:
    assert kind_of_head(KEYS[name].replace("\n", "\r\n").encode(coding)) == "key"


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\x30\x82\x09\x01\x02\x01\x03\x30\x82", "key"),  # PKCS#12
        (b"\x30\x80\x02\x01\x03\x30\x80", "key"),
        (b"\x30\x82\x04\xbd\x02\x01\x00\x30\x0d", "key"),  # PKCS#8
        (b"\x30\x82\x04\xa4\x02\x01\x00\x02\x82", "key"),  # PKCS#1
        (b"age-encryption.org/v1\n-> scrypt abc 18\n", "key"),
        (b"age-encryption.org/v1\n-> X25519 abc\n", "encrypted"),
        (b"-----BEGIN AGE ENCRYPTED FILE-----\r\n", "encrypted"),
        (b"\x30\x82\x03\x01\x30\x82\x02", "certificate"),
        (PEM.format("CERTIFICATE").encode("utf-16"), "certificate"),
        (b"%PDF-1.7\n", "pdf"),
        (b"SQLite format 3\0" + bytes(52) + struct.pack(">I", 1145521227), "draft"),
        (b"SQLite format 3\0" + bytes(84), "unknown"),
        (b'{"receipt": "{x}", "signature": "y"}', "receipt"),
        (b'\xef\xbb\xbf{\r\n  "return":"{x}"}', "receipt"),
        (b'{"signature": "y", "receipt": "{x}"}', "receipt"),
        (b'{"agency": "{x}"}', "agency"),
        (b'{"receipt": {"shop": 7}}', "json"),
        (b'{"signature": "of a letter"}', "json"),
        (b'{"agency": "of somebody"}', "json"),
        (b'{"chain": "' + PEM.format("CERTIFICATE").encode() + b'"}', "json"),
        (b'{"other": 1}', "json"),
        (b"[1]", "json"),
        (b"\xef\xbb\xbffile,status\r\na,b\r\n", "csv"),
        (b"a;b\n1;2\n", "csv"),
        (b"Dear Sir, I write to you,\nnot to another, once more.\n", "text"),
        (b"import os, sys\na = 1, 2\n", "text"),
        (b",,\n1,2,3\n", "text"),
        ("หมายเหตุ ของฉัน\nสองบรรทัด\n".encode(), "text"),
        (b"My own remarks, and Mine/alone+not+yours", "text"),
        (base64.b64encode(b"\x30\x82\x03\x01\x30\x82\x02" + b"x" * 90), "text"),  # a certificate
        (b"age1" + b"q" * 58 + b"\n", "recipients"),
        (b"\xff\xd8\xff\xe0", "picture"),
        (b"", "empty"),
        (b"\0\1\2\3", "unknown"),
        (b"MZ\x90\x00", "unknown"),
    ],
)
def test_a_file_is_known_by_its_first_bytes(head: bytes, kind: str) -> None:
    assert kind_of_head(head) == kind


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        (["2568-TH-50/bag-info.txt", "2568-TH-50/data/submission.json"], "bundle"),
        (["2568-TH-50-addendum/bag-info.txt", "2568-TH-50-addendum/data/addendum.json"], "addendum"),
        (["2568-TH-50/bagit.txt", "2568-TH-50/data/submission.json", "__MACOSX/2568-TH-50/._bagit.txt"], "bundle"),
        (["photos/bagit.txt", "photos/data/1.jpg"], "unknown"),
        (["2568-TH-50/bagit.txt", "2568-TH-50/data/submission.json", "letters/1.docx"], "unknown"),
        (["a/bagit.txt", "a/data/edition.json"], "edition"),
        (["a/data/edition.json", "b/1.jpg"], "unknown"),
        (["[Content_Types].xml", "xl/workbook.xml"], "unknown"),
        (["xl/1.txt"], "unknown"),
        (["report.json"], "support"),
        (["report.json", "crashes.txt", "dgdesk.log.1"], "support"),
        (["report.json", "photos/1.jpg"], "unknown"),
        (["[Content_Types].xml", "word/document.xml"], "unknown"),
        (["report.json", "dgdesk.log"], "support"),
        (["photos/1.jpg"], "unknown"),
        ([], "unknown"),
    ],
)
def test_a_zip_is_known_by_its_names_also_cut_short_or_with_bytes_after_it(
    tmp_path: Path, names: list[str], kind: str
) -> None:
    path = tmp_path / "x"
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, b"x" * 400)
    whole = path.read_bytes()
    assert kind_of(path) == kind
    path.write_bytes(whole + b"\0" * 20)
    assert kind_of(path) == kind
    if kind in ("bundle", "addendum", "support"):
        path.write_bytes(whole[:200])
        assert kind_of(path) == kind, "known by the first name"


SHEETS = '<workbook><sheets><x:sheet sheetId="1" name="{}"/></sheets></workbook>'


@pytest.mark.parametrize(
    ("sheets", "kind"),
    [
        (["files", "submissions", "answers", "หมายเหตุของฉัน"], "workbook"),
        (["อ่านก่อน", "settings", "survey", "choices", "evidence"], "survey_book"),
        (["งบประมาณ", "files"], "unknown"),
        (["Sheet1"], "unknown"),
    ],
)
def test_a_workbook_is_known_by_its_sheets(tmp_path: Path, sheets: list[str], kind: str) -> None:
    between = '"/><sheet xmlns:r="x" sheetId="2" name="'
    with zipfile.ZipFile(tmp_path / "x", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", SHEETS.format(between.join(sheets)))
    assert kind_of(tmp_path / "x") == kind
    whole = (tmp_path / "x").read_bytes()
    (tmp_path / "x").write_bytes(whole.replace(b"xl/workbook.xml", b"xl/workbooc.xml", 1))
    assert kind_of(tmp_path / "x") == "unknown", "damaged"


@pytest.mark.parametrize("before", [0, 1, 300, 5000])
@pytest.mark.parametrize("form", ["certificates", "table"])
def test_a_key_behind_many_certificates_or_rows_is_still_a_key(tmp_path: Path, before: int, form: str) -> None:
    ahead = PEM.format("CERTIFICATE") if form == "certificates" else "ชื่อ,กุญแจ\n"
    (tmp_path / "x").write_text(ahead * before + PEM.format("EC PRIVATE KEY"), encoding="utf-8")
    assert kind_of(tmp_path / "x") == "key"
    (tmp_path / "x").write_text(ahead * (before + 2), encoding="utf-8")
    assert kind_of(tmp_path / "x") == ("certificate" if form == "certificates" else "csv")


@given(st.integers(-40, 40), st.integers(0, 2))
def test_a_print_is_one_of_ours_until_somebody_adds_to_it(
    tmp_path_factory: pytest.TempPathFactory, shift: int, ends: int
) -> None:
    """The marks lie across the borders of the pieces in which a file is read."""
    path, piece = tmp_path_factory.getbasetemp() / "x.pdf", 256 << 10
    head = b"%PDF-1.7\n" + b"-" * (piece - 9 + shift)
    path.write_bytes(head + b"<xmp:CreatorTool>dgdesk 1" + b"-" * (piece - 40) + b"%%EOF\n" + b"\nmore %%EOF\n" * ends)
    assert kind_of(path) == ("other_pdf" if ends else "pdf")
    path.write_bytes(head + b"<xmp:CreatorTool>Scanner" + b"-" * (piece - 40) + b"%%EOF\n")
    assert kind_of(path) == "other_pdf"


@given(
    st.binary(max_size=400), st.sampled_from([b"", b"PK\x03\x04", b"PK\x05\x06", b"age-encryption.org/v1", b"\x30\x82"])
)
def test_any_bytes_have_a_kind(tmp_path_factory: pytest.TempPathFactory, content: bytes, begin: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any"
    path.write_bytes(begin + content)
    assert kind_of(path)


# ---- endings ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kind", "becomes"),
    [
        ("ตาราง", "workbook", "ตาราง.xlsx"),
        ("ตาราง.xls", "workbook", "ตาราง.xlsx"),
        ("a.PDF", "pdf", "a.PDF"),
        ("a.docx", "pdf", "a.pdf"),
        ("แผน ฉบับ 1.2", "pdf", "แผน ฉบับ 1.2.pdf"),
        ("b.zip", "encrypted", "b.zip.age"),
        ("b", "encrypted", "b.zip.age"),
        ("s.crt", "certificate", "s.crt"),
        (".pdf", "pdf", ".pdf.pdf"),
    ],
)
def test_an_ending_is_added_or_corrected_and_then_fits(name: str, kind: str, becomes: str) -> None:
    made = with_ending(Path(name), kind)
    assert made.name == becomes and fits(Target(made, kind))


# ---- places ----------------------------------------------------------------------------------------------------------


@posix
@given(st.lists(st.sampled_from([".", "..", "sub"]), max_size=5))
def test_a_file_is_the_same_by_every_spelling(tmp_path_factory: pytest.TempPathFactory, steps: list[str]) -> None:
    base = tmp_path_factory.mktemp("a")
    (base / "sub").mkdir()
    (base / "x").write_bytes(b"1")
    path = base
    for step in steps:
        path = path / "sub" / ".." if step == "sub" else path / step / base.name if step == ".." else path / step
    assert same_place(path / "x", base / "x") and same_place(path / "new", base / "new")
    assert not same_place(path / "x", base / "sub")


def test_a_name_that_differs_by_case_is_the_same_where_the_system_says_so(tmp_path: Path) -> None:
    (tmp_path / "draft.dgdesk").write_bytes(b"x")
    upper = tmp_path / "DRAFT.dgdesk"
    is_same = upper.exists()
    try:
        check_targets([Target(upper, "draft", True)], inputs=[tmp_path / "draft.dgdesk"])
        assert not is_same
    except Exception as error:
        assert is_same and getattr(error, "code", "") == "target.is_input"


@pytest.mark.parametrize("kind", ["csv", "pdf", "bundle", "certificate"])
def test_a_place_that_cannot_be_reached_is_told_before_any_work(tmp_path: Path, kind: Kind) -> None:
    (tmp_path / "file").write_bytes(b"x")
    ending = targets.ENDINGS[kind][0]
    for path, code in (
        (tmp_path / "no" / f"x{ending}", "target.no_folder"),
        (tmp_path / "file" / f"x{ending}", "target.no_folder"),
        (tmp_path / f"{'ก' * 100}{ending}", "system.long_name" if os.name == "posix" else None),
        (tmp_path / f"x{ending}", None),
    ):
        try:
            check_targets([Target(path, kind)])
            assert code is None
        except FileError as error:
            assert error.code == code


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("book") / "collated.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", '<sheets><sheet name="files"/><sheet name="submissions"/></sheets>')
    return path


@given(
    cut=st.integers(0, 600),
    spoilt=st.lists(st.tuples(st.integers(0, 600), st.integers(0, 255)), max_size=6),
)
@example(cut=600, spoilt=[(38, 0xFF), (8, 99)])
def test_whatever_is_wrong_with_a_workbook_it_is_of_some_kind(
    workbook: Path, cut: int, spoilt: list[tuple[int, int]]
) -> None:
    content = bytearray(workbook.read_bytes()[:cut])
    for at, byte in spoilt:
        content[at % len(content) : at % len(content) + 1] = bytes([byte]) if content else b""
    damaged = workbook.with_name("damaged.xlsx")
    damaged.write_bytes(content)
    assert kind_of(damaged) in get_args(Kind)
    if not spoilt and cut == 600:
        assert kind_of(damaged) == "workbook"


def test_a_file_marked_as_read_only_is_kept(tmp_path: Path) -> None:
    target = tmp_path / "x.csv"
    target.write_bytes(b"a,b\n")
    target.chmod(0o444)
    assert code_of(check_targets, [Target(target, "csv", True)]) == "target.protected"
    assert code_of(atomic_write, target, b"c,d\n", replace=True, kind="csv") == "target.protected"
    target.chmod(0o644)
    check_targets([Target(target, "csv", True)])


def test_the_certificate_beside_a_key_is_kept(tmp_path: Path) -> None:
    target = tmp_path / "signer.pem"
    target.write_text(PEM.format("CERTIFICATE"))
    check_targets([Target(target, "certificate", True)])
    (tmp_path / "signer.key").write_text(PEM.format("ENCRYPTED PRIVATE KEY"))
    assert code_of(check_targets, [Target(target, "certificate", True)]) == "target.of_identity"


def test_nothing_in_a_folder_that_is_read_is_replaced_but_new_files_may_be_written_there(tmp_path: Path) -> None:
    (tmp_path / "inbox" / "deep").mkdir(parents=True)
    sent = tmp_path / "inbox" / "deep" / "x.csv"
    sent.write_bytes(b"a,b\n")
    outside = tmp_path / "x.csv"
    outside.write_bytes(b"a,b\n")
    folders = [tmp_path / "inbox"]
    assert code_of(check_targets, [Target(sent, "csv", True)], inputs=folders) == "target.is_input"
    check_targets([Target(sent.with_name("new.csv"), "csv", True), Target(outside, "csv", True)], inputs=folders)


# ---- two writers -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("links", [True, False])
def test_of_two_who_write_one_new_file_the_second_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    def no_links(*_: object) -> None:
        raise OSError(errno.EPERM, "FAT32")

    if not links:
        monkeypatch.setattr(os, "link", no_links)
    target = tmp_path / "x.zip"
    with pytest.raises(FileError, match=r"bundle\.exists"), atomic_file(target) as mine:
        mine.write_bytes(b"mine")
        atomic_write(target, b"theirs")
    assert target.read_bytes() == b"theirs" and os.listdir(tmp_path) == ["x.zip"]


def test_of_two_who_replace_one_file_the_second_is_told(tmp_path: Path) -> None:
    target = tmp_path / "x.csv"
    target.write_bytes(b"a,b\n")
    with pytest.raises(FileError, match=r"target\.changed"), atomic_file(target, replace=True, kind="csv") as mine:
        mine.write_bytes(b"mine,1\n")
        atomic_write(target, b"theirs,1\n", replace=True, kind="csv")
    assert target.read_bytes() == b"theirs,1\n" and os.listdir(tmp_path) == ["x.csv"]


def test_of_a_set_none_is_named_where_one_was_written_meanwhile(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(b"old")
    with pytest.raises(atomic.ChangedMeanwhile), atomic_set(tmp_path, replace=True) as make:
        for name in ("a", "b"):
            make(name).write_bytes(b"new")
        (tmp_path / "b").write_bytes(b"somebody else's")
    assert (tmp_path / "a").read_bytes() == b"old" and (tmp_path / "b").read_bytes() == b"somebody else's"


RACE = """
import sys
from pathlib import Path
from dgdesk.errors import FileError
from dgdesk.system.atomic import atomic_file
try:
    with atomic_file(Path(sys.argv[1])) as part:
        part.write_bytes(sys.argv[2].encode())
        print("ready", flush=True)
        sys.stdin.readline()
    print("written")
except FileError as error:
    print(error.code)
"""


def test_two_processes_race_and_exactly_one_writes(tmp_path: Path) -> None:
    world = {**os.environ, "PYTHONPATH": str(SOURCE.parent)}
    line = [sys.executable, "-c", RACE, str(tmp_path / "x")]
    both = [
        subprocess.Popen([*line, name], env=world, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for name in ("one", "two")
    ]
    for each in both:
        assert each.stdout is not None and each.stdout.readline() == "ready\n"
    for each in both:
        assert each.stdin is not None
        each.stdin.write("go\n")
        each.stdin.flush()
    said = sorted(each.communicate(timeout=60)[0].strip() for each in both)
    assert said == ["bundle.exists", "written"] and (tmp_path / "x").read_text() in ("one", "two")


# ---- drives ----------------------------------------------------------------------------------------------------------


def volume(filesystem: str, free: int | None):
    return lambda folder: Volume("removable", filesystem, "", free)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_fat_drive_with_more_than_4_gib_free_is_not_full(number: int) -> None:
    error, target = OSError(number, "x"), Path("x.zip")
    assert cause_at(error, target, volume("FAT32", 60 << 30)) == "too_large"
    assert cause_at(error, target, volume("vfat", 60 << 30)) == "too_large"
    assert cause_at(error, target, volume("FAT32", 1 << 20)) == "full"
    assert cause_at(error, target, volume("FAT32", None)) == "full"
    assert cause_at(error, target, volume("exFAT", 60 << 30)) == "full"
    assert cause_at(error, target, volume("ntfs", 60 << 30)) == "full"


def test_what_windows_calls_a_full_disk_on_fat32(monkeypatch: pytest.MonkeyPatch) -> None:
    error = OSError(errno.ENOSPC, "x")
    error.winerror = 112  # type: ignore[attr-defined]
    assert cause_at(error, Path("x.zip"), volume("FAT32", 60 << 30)) == "too_large"


def test_a_file_known_to_be_too_large_is_refused_before_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for size, filesystem, refused in (
        (MOST_ON_FAT + 1, "vfat", True),
        (MOST_ON_FAT, "vfat", False),
        (MOST_ON_FAT + 1, "exfat", False),
    ):
        try:
            check_size(tmp_path / "x.zip", size, volume(filesystem, 60 << 30))
            assert not refused
        except FileError as error:
            assert refused and error.code == "system.too_large"


@posix
def test_a_limit_on_the_size_of_files_is_told_as_that_of_the_drive(tmp_path: Path) -> None:
    program = (
        "import resource, signal, sys\n"
        "from pathlib import Path\n"
        "from dgdesk.errors import FileError\n"
        "from dgdesk.system.atomic import atomic_write\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "try:\n    atomic_write(Path(sys.argv[1]), b'x' * 9999)\n"
        "except FileError as error:\n    print(error.code)\n"
    )
    world = {**os.environ, "PYTHONPATH": str(SOURCE.parent)}
    told = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "x")], env=world, capture_output=True, text=True, check=True
    )
    assert told.stdout == "system.too_large\n" and not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.EIO, "target.broken"),
        (errno.ENODEV, "system.unreachable"),
        (errno.ENXIO, "system.unreachable"),
        (errno.ENOENT, "bundle.no_folder"),
        (errno.ENOSPC, "target.disk_full"),
        (errno.EROFS, "target.read_only"),
        (errno.EFBIG, "system.too_large"),
        (errno.EBUSY, "system.held"),
    ],
)
@pytest.mark.parametrize("call", ["fsync", "link"])
def test_a_stick_that_fails_in_the_middle_leaves_nothing_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str, call: str
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(number, "x")

    with monkeypatch.context() as patch:
        patch.setattr(os, call, refuse)
        assert code_of(atomic_write, tmp_path / "x.zip", b"x") == code
    assert not list(tmp_path.iterdir())


# ---- nobody goes round it --------------------------------------------------------------------------------------------

OWN_FILES = {
    *("settings.py", "identity.py", "trust.py", "shelf.py"),
    *("agency.py", "box.py", "entries.py", "exports.py"),  # the outbox
}
"""Settings, identities, remembered certificates, editions, the outbox: files in the program's own folder."""
BY_THE_DRAFT = {"copies.py", "restore.py", "safe_copies.py", "disk.py", "copying.py"}
"""Copies of a draft: their names are the program's, or were checked when a person chose them."""


def calls(*names: str) -> list[tuple[str, ast.Call]]:
    found = []
    for path in SOURCE.rglob("*.py"):
        for node in nodes_of(path.read_text(encoding="utf-8")):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if name in names:
                    found.append((path.name, node))
    return found


def test_whoever_may_replace_a_file_says_of_what_kind_it_is() -> None:
    for name, call in calls("atomic_file", "atomic_write", "atomic_set"):
        given = {word.arg: word.value for word in call.keywords}
        if name in OWN_FILES | BY_THE_DRAFT or name == "atomic.py" or "replace" not in given:
            continue
        assert "kind" in given, f"{name}:{call.lineno}"


def test_one_function_of_the_window_asks_where_to_save() -> None:
    assert {name for name, _ in calls("getSaveFileName")} == {"file_dialogs.py"}
    assert {name for name, _ in calls("choose_name")} == {"saving.py", "folder_page.py", "dialogs.py"}
    for name in ("folder_page.py", "dialogs.py"):  # who types the name too: checked when the work begins
        asked = {one for one, _ in calls("check_targets", "agreed")}
        assert name in asked


def test_the_catalogue_has_a_sentence_for_each_kind() -> None:
    from typing import get_args

    from dgdesk.system.kinds import Kind
    from dgdesk.text.messages import load_catalogue

    for kind in set(get_args(Kind)) - {"key", "folder", "empty"}:
        for language in ("th", "en"):
            assert load_catalogue(language).text(f"target.is_{kind}", path="x", name="x")


def test_explaining_does_not_fail_where_nothing_can_be_looked_at() -> None:
    assert explain_write(OSError(errno.ENOSPC, "x"), Path("no") / "such" / "x").code == "target.disk_full"
    assert causes.cause_at(OSError(errno.ENOSPC, "x"), Path("\0")) == "full"
