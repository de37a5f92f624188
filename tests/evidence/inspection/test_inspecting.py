"""What a file on its way in really is, and what is told about it. Real files of other programs lie in ``real/``."""

from __future__ import annotations

import gzip
import io
import os
import struct
import tarfile
import zipfile
from functools import cache
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from dgdesk.errors import FileError, UsageError
from dgdesk.evidence import media
from dgdesk.evidence.inspection.inspect import look_at, look_at_file
from dgdesk.evidence.inspection.issue import Incoming
from dgdesk.evidence.inspection.parse import parse_content
from dgdesk.survey.definition.models import EvidenceLimits
from dgdesk.text.messages import load_catalogue
from dgdesk.text.shown import plain

REAL = Path(__file__).parent / "real"
CATALOGUES = {language: load_catalogue(language) for language in ("th", "en")}
THAI = "คำสั่งจังหวัดน่าน ที่ ๑/๒๕๖๘\r\n"


def look(content: bytes, name: str = "หลักฐาน", *, limits: EvidenceLimits | None = None) -> Incoming:
    """Look at content; whatever is found can be told in both languages."""
    stream = io.BytesIO(content)
    looked = look_at(
        stream,
        name,
        len(content),
        limits,
        lambda kind, known: parse_content(stream, known, len(content), kind),
    )
    for finding in looked.findings:
        for catalogue in CATALOGUES.values():
            assert plain(name) in catalogue.text(finding.code, **finding.values)
    return looked


def told(looked: Incoming) -> list[str]:
    return [finding.code.removeprefix("incoming.") for finding in looked.findings]


@cache
def real(name: str) -> bytes:
    path = REAL / name
    return path.read_bytes() if path.exists() else gzip.decompress((REAL / f"{name}.gz").read_bytes())


def zipped(*names: str, **contents: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in names:
            made.writestr(name, b"<x/>" * 30)
        for name, content in contents.items():
            made.writestr(name, content)
    return out.getvalue()


def with_part(content: bytes, part: str) -> bytes:
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a") as made:
        made.writestr(part, b"macro")
    return out.getvalue()


def picture(kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((120, 90), 60).save(out, kind, **options)
    return out.getvalue()


def pdf(**options: object) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as made:
        for _ in range(3):
            made.add_blank_page()
        made.save(out, **options)
    return out.getvalue()


REAL_KINDS = {
    "plain.pdf": media.PDF,
    "plain.doc": media.DOC,
    "plain.docx": media.DOCX,
    "plain.odt": media.ODT,
    "plain.xls": media.XLS,
    "plain.xlsx": media.XLSX,
    "plain.ods": media.ODS,
    "plain.ppt": media.PPT,
    "plain.pptx": media.PPTX,
    "plain.odp": media.ODP,
    "photo.heic": media.HEIC,
    "photo.jpg": media.JPEG,
    "photo.png": media.PNG,
    "scan.tif": media.TIFF,
}


# -- kinds -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", REAL_KINDS)
def test_a_real_file_of_a_listed_kind_is_known_and_nothing_is_told(name):
    looked = look(real(name), name)
    assert (looked.media_type, looked.findings, looked.size) == (REAL_KINDS[name], (), len(real(name)))


@pytest.mark.parametrize("name", REAL_KINDS)
def test_the_kind_is_told_from_the_content_and_a_wrong_ending_is_told(name):
    for wrong in ("แผน.mp4", "แผน.pdf" if not name.endswith("pdf") else "แผน.docx", "แผน", "แผน.", f"{name}.txt"):
        looked = look(real(name), wrong)
        assert looked.media_type == REAL_KINDS[name]
        assert told(looked) == ["wrong_ending"]
    assert told(look(real(name), name.upper() + " . ")) == []  # Windows leaves points and spaces at the end out


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("password.pdf", media.PDF),
        ("password.docx", media.DOCX),
        ("password.xlsx", media.XLSX),
        ("password.pptx", media.PPTX),
        ("password.doc", media.DOC),
        ("password.xls", media.XLS),
        ("password.odt", media.ODT),
        ("password.ods", media.ODS),
    ],
)
def test_a_password_is_told(name, kind):
    looked = look(real(name), name)
    assert (looked.media_type, told(looked)) == (kind, ["password"])
    assert looked.refused == () and looked.check() is None


def test_a_password_that_only_limits_printing_is_no_hindrance():
    owner_only = pdf(encryption=pikepdf.Encryption(owner="secret", user="", R=6))
    assert told(look(owner_only, "a.pdf")) == []
    assert told(look(pdf(encryption=pikepdf.Encryption(owner="secret", user="x", R=6)), "a.pdf")) == ["password"]


def test_a_hidden_office_file_of_no_office_name_is_only_told_to_have_a_password():
    assert told(look(real("password.docx"), "แผน.bin")) == ["password"]


def test_macros_are_told():
    assert told(look(real("macros.odt"), "a.odt")) == ["macros"]
    for name, part in (("plain.docx", "word/"), ("plain.xlsx", "xl/"), ("plain.pptx", "ppt/")):
        assert told(look(with_part(real(name), part + "vbaProject.bin"), name)) == ["macros"]
        assert told(look(with_part(real(name), part + "VBAPROJECT.BIN"), name)) == ["macros"]
    assert told(look(with_part(real("plain.xlsx"), "xl/macrosheets/sheet1.xml"), "a.xlsx")) == ["macros"]


def renamed(content: bytes, old: str, new: str) -> bytes:
    """An OLE file with one entry of its directory under another name (MS-CFB 2.6.1: UTF-16, length at 64)."""
    name = old.encode("utf-16-le")
    at = next(
        at
        for at in range(0, len(content), 128)
        if content[at : at + len(name) + 2] == name + b"\0\0" and content[at + 64] == len(name) + 2
    )
    entry = new.encode("utf-16-le").ljust(64, b"\0") + struct.pack("<H", 2 * len(new) + 2)
    return content[:at] + entry + content[at + 66 :]


def test_macros_of_older_office_files_are_told():
    assert told(look(renamed(real("plain.doc"), "\1CompObj", "_VBA_PROJECT"), "a.doc")) == ["macros"]
    assert told(look(renamed(real("plain.xls"), "\1CompObj", "_VBA_PROJECT_CUR"), "a.xls")) == ["macros"]
    slides = real("plain.ppt")
    flag = slides.index(bytes.fromhex("020000040c000000")) + 12
    assert slides[flag] == 0
    assert told(look(slides[:flag] + b"\x01" + slides[flag + 1 :], "a.ppt")) == ["macros"]


def test_an_excel_4_macro_sheet_is_told():
    book = real("plain.xls")
    at = book.index(struct.pack("<H", 0x0085), 512)
    assert book[at + 9] == 0
    assert told(look(book[: at + 9] + b"\x01" + book[at + 10 :], "a.xls")) == ["macros"]


@pytest.mark.parametrize(
    "content",
    [
        THAI.encode(),
        THAI.encode("utf-8-sig"),
        THAI.encode("utf-16"),
        "\ufeff".encode("utf-16-be") + THAI.encode("utf-16-be"),
        THAI.encode("cp874"),
        THAI.encode("tis-620"),
        "“แผน” – 5 €…".encode("cp874"),
        b"plain\n",
        ("ก" * 200_000).encode(),
        ("ก" * 200_000).encode("utf-16"),
        ("ก ข\n" * 200_000).encode("cp874"),
    ],
)
def test_text_is_known_in_every_coding_that_offices_use(content):
    assert (look(content, "a.txt").media_type, told(look(content, "a.txt"))) == (media.TEXT, [])
    assert (look(content, "a.CSV").media_type, told(look(content, "a.CSV"))) == (media.CSV, [])
    assert told(look(content, "a.pdf")) == ["wrong_ending"]
    assert told(look(content, "a.json")) == ["unknown_kind"]


@pytest.mark.parametrize("content", [b"text" * 5000 + b"\0", b"\xff\xfe\x00", b"\xff\xfe\xff\xff" * 9, b"\xfc\xfd\xfe"])
def test_what_is_no_text_further_on_is_no_text(content):
    assert look(content, "a.txt").media_type == media.OCTETS
    assert told(look(content, "a.txt")) == ["unknown_kind"]


@pytest.mark.parametrize("name", ["plain.rtf", "map.gif"])
def test_other_kinds_are_asked_about(name):
    assert told(look(real(name), name)) == ["unknown_kind"]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"<!DOCTYPE html><p>", media.HTML),
        (b"\0\0\0\x18ftypisom\0\0\0\0isommp42" + b"\0\0\0\x08moov", "video/mp4"),
        (b"\0\0\0\x18ftypavif\0\0\0\0mif1avif" + b"\0\0\0\x08meta", "image/avif"),
        (b"RIFF\x08\0\0\0WEBPVP8 ", "image/webp"),
        (b"BM\x0f\0\0\0\0\0\0\0\x36\0\0\0\0", "image/bmp"),
        (b"\x89\x01\x02", media.OCTETS),
        (b"SQLite format 3\0", media.OCTETS),
    ],
)
def test_kinds_that_the_survey_does_not_list_may_be_attached_all_the_same(content, kind):
    looked = look(content, "a.bin")
    assert (looked.media_type, told(looked), looked.refused) == (kind, ["unknown_kind"], ())


# -- refusals --------------------------------------------------------------------------------------------------------


def tar() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as made:
        made.addfile(tarfile.TarInfo("a.pdf"))
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        zipped("แผน.pdf"),
        zipped("word.txt", "photos/xl/a.jpg"),
        zipped("[Content_Types].xml", "a.xml"),
        zipped(mimetype=b"application/epub+zip"),
        zipped(),
        b"PK\x03\x04" + b"\0" * 40,
        b"Rar!\x1a\x07\x01\0",
        b"7z\xbc\xaf\x27\x1c\0\4",
        gzip.compress(b"x", mtime=0),
        tar(),
        b"BZh91AY&SY\0",
        b"\xfd7zXZ\0",
        b"MSCF\0\0\0\0",
        bytes(0x8001) + b"CD001" + bytes(99),
        b"\x28\xb5\x2f\xfd\x04",
    ],
)
@pytest.mark.parametrize("name", ["a.zip", "แผน.pdf", "a.docx"])
def test_archives_are_refused_whatever_their_name(content, name):
    looked = look(content, name)
    assert told(looked) == ["archive"] and looked.refused == looked.findings
    with pytest.raises(UsageError, match=r"incoming\.archive"):
        looked.check()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"MZ\x90\0\3\0\0\0" + bytes(80), "program"),
        (b"\x7fELF\2\1\1" + bytes(60), "program"),
        (bytes.fromhex("cffaedfe07000001"), "program"),
        (bytes.fromhex("cafebabe00000034"), "program"),
        (bytes.fromhex("4c0000000114020000000000c000000000000046"), "program"),
        (b"\0asm\1\0\0\0", "program"),
        (b"#!/bin/sh\necho", "script"),
    ],
)
@pytest.mark.parametrize("name", ["แผน.pdf", "แผน", "setup.exe"])
def test_programs_and_scripts_are_refused_whatever_their_name(content, code, name):
    assert told(look(content, name)) == [code if not name.endswith("exe") or code == "program" else "script"]


def test_an_installer_is_refused():
    # The root entry's class id (MS-CFB 2.6.1) is that of an installer package instead of Word's.
    word, installer = (bytes.fromhex(f"{first}0000000000c000000000000046") for first in ("060902", "84100c"))
    content = real("plain.doc").replace(word, installer)
    assert told(look(content, "a.doc")) == ["program"]


@pytest.mark.parametrize(
    "name",
    [
        "a.bat",
        "a.CMD",
        "a.ps1",
        "a.vbs",
        "a.js",
        "a.hta",
        "a.url",
        "a.reg",
        "a.py",
        "a.sh",
        "a.lnk",
        "แผน.pdf.bat",
        "a.bat.",
        "a.js\u200e",
    ],
)
def test_text_that_a_computer_would_run_is_refused_by_its_ending(name):
    expected = ["script"] if not name.endswith("\u200e") else ["unknown_kind"]
    assert told(look(b"echo hello\r\n", name)) == expected


def test_an_empty_file_is_refused():
    looked = look(b"", "ว่าง.pdf")
    assert [one.code for one in looked.refused] == ["evidence.empty"]


def test_a_file_over_the_limit_is_refused_and_one_at_it_is_not():
    limits = EvidenceLimits(file=1000, total=5000)
    assert told(look(b"x" * 1000, "a.txt", limits=limits)) == []
    looked = look(b"x" * 1001, "a.txt", limits=limits)
    assert told(looked) == ["too_large"] and looked.refused
    assert "1001 B" in CATALOGUES["en"].text(looked.findings[0].code, **looked.findings[0].values)


# -- damage ----------------------------------------------------------------------------------------------------------


def multi_page_tiff() -> bytes:
    out = io.BytesIO()
    pages = [Image.effect_noise((90, 60), 50 + page) for page in range(3)]
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:])
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jpg", picture("JPEG")),
        ("a.jpg", picture("JPEG", progressive=True)),
        ("a.png", picture("PNG")),
        ("a.tif", picture("TIFF")),
        ("a.tif", multi_page_tiff()),
        ("a.heic", real("photo.heic")),
        ("a.docx", real("plain.docx")),
        ("a.odt", real("plain.odt")),
        ("a.doc", real("plain.doc")[:600]),
    ],
)
def test_a_file_that_was_cut_is_told_to_be_damaged(name, content):
    for kept in (0.9, 0.5):
        assert told(look(content[: int(len(content) * kept)], name))[:1] == ["damaged"]
    assert told(look(content, name))[:1] == (["damaged"] if len(content) == 600 else [])


@pytest.mark.parametrize(
    "content",
    [b"%PDF-1.7 nothing", b"%PDF-1.7\n" + os.urandom(3000), b"%PDF-1.4\n1 0 obj <</Type/Catalog/Pages 1 0 R>> endobj"],
)
def test_a_pdf_that_does_not_open_is_told_to_be_damaged(content):
    looked = look(content, "a.pdf")
    assert (looked.media_type, told(looked)) == (media.PDF, ["damaged"])


def test_a_pdf_after_other_bytes_is_a_pdf():
    assert look(b"\0\0junk\n" + pdf(), "a.pdf").media_type == media.PDF


def test_a_flipped_byte_in_a_png_is_told():
    content = picture("PNG")
    broken = bytearray(content)
    broken[len(content) // 2] ^= 1
    assert told(look(bytes(broken), "a.png")) == ["damaged"]


def png_of(width: int, height: int) -> bytes:
    import zlib

    def piece(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + piece(b"IHDR", head) + piece(b"IDAT", zlib.compress(b"\0")) + piece(b"IEND", b"")


def test_a_picture_of_too_many_points_is_told_and_not_unpacked():
    assert told(look(png_of(60_000, 60_000), "a.png")) == ["too_many_points"]
    assert told(look(png_of(13_000, 13_000), "a.png")) == ["too_many_points"]  # Pillow would, the viewer not
    assert told(look(png_of(10_000, 10_000), "a.png")) == []  # a large scan: no warning either


def test_a_directory_too_large_to_read_is_not_read():
    end = b"PK\x05\x06" + struct.pack("<4H2IH", 0, 0, 9, 9, 1 << 30, 0, 0)
    assert told(look(real("plain.docx")[:3000] + end, "a.docx")) == ["damaged"]
    assert told(look(zipped("a.txt")[:50] + end, "a.docx")) == ["archive"]


# -- from the disk ---------------------------------------------------------------------------------------------------


def test_a_file_on_disk_is_looked_at_without_changing_it(tmp_path):
    path = tmp_path / "แผน\nงาน.pdf"
    path.write_bytes(real("plain.pdf"))
    content = path.read_bytes()
    looked = look_at_file(path, None, lambda kind, name: parse_content(io.BytesIO(content), name, len(content), kind))
    assert (looked.name, looked.media_type, looked.findings) == ("แผน_งาน.pdf", media.PDF, ())
    assert path.read_bytes() == real("plain.pdf")


@pytest.mark.parametrize("what", ["missing", "folder", "pipe", "device"])
def test_what_is_no_readable_file_is_refused_at_once(tmp_path, what):
    path = {"folder": tmp_path, "device": Path(os.devnull)}.get(what, tmp_path / "a.pdf")
    if what == "pipe":
        if not hasattr(os, "mkfifo"):
            pytest.skip("this system has no named pipes")
        os.mkfifo(path)
    with pytest.raises(FileError, match=r"evidence\.unreadable"):
        look_at_file(path, None, lambda kind, name: pytest.fail("it is not to be opened"))


# -- hostile input ---------------------------------------------------------------------------------------------------

SEEDS = [*REAL_KINDS, "password.docx", "password.pdf", "macros.odt"]
ENDINGS = st.sampled_from(["a.pdf", "a.docx", "a.doc", "a.xls", "a.png", "a.jpg", "a.tif", "a.heic", "a", "ก.txt"])


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_no_damage_to_a_real_file_brings_anything_but_findings(data):
    seed = data.draw(st.sampled_from(SEEDS))
    content = bytearray(real(seed)[:60_000])
    for _ in range(data.draw(st.integers(0, 6))):
        at = data.draw(st.integers(0, len(content) - 1))
        patch = data.draw(st.binary(min_size=1, max_size=8))
        content[at : at + len(patch)] = patch
    cut = data.draw(st.integers(0, len(content)))
    looked = look(bytes(content[:cut]), data.draw(ENDINGS))
    assert looked.size == cut
    assert all(finding.severity in ("refuse", "ask") for finding in looked.findings)


@settings(max_examples=150, deadline=None)
@given(
    head=st.sampled_from(
        [
            b"",
            b"%PDF-1.7\n",
            b"\xff\xd8\xff",
            b"\x89PNG\r\n\x1a\n",
            b"II*\0",
            b"MM\0*",
            b"PK\3\4",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            b"\0\0\0\x18ftypheic",
            b"\xff\xfe",
        ]
    ),
    body=st.binary(max_size=3000),
    name=ENDINGS,
)
def test_any_bytes_have_a_kind_and_findings(head, body, name):
    looked = look(head + body, name)
    assert looked.media_type.count("/") == 1
    assert all(finding.severity in ("refuse", "ask") for finding in looked.findings)
