"""Office files are sound only if every part decodes to its check sum; what is packed into them is told."""

from __future__ import annotations

import gzip
import io
import random
import struct
import zipfile
from functools import cache
from pathlib import Path

import olefile
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.inspection.looking import told

REAL = Path(__file__).parent / "real"
ZIPPED = ("plain.docx", "plain.xlsx", "plain.pptx", "plain.odt", "plain.ods", "plain.odp")
OLE = ("plain.doc", "plain.xls", "plain.ppt")


@cache
def real(name: str) -> bytes:
    path = REAL / name
    return path.read_bytes() if path.exists() else gzip.decompress((REAL / f"{name}.gz").read_bytes())


def data_of(content: bytes) -> list[tuple[str, int, int]]:
    """Return name, beginning and end of the data of every part."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        found = []
        for one in archive.infolist():
            name, extra = struct.unpack_from("<2H", content, one.header_offset + 26)
            start = one.header_offset + 30 + name + extra
            found.append((one.filename, start, start + one.compress_size))
        return found


def document(**parts: bytes) -> bytes:
    """A Word document with further parts; a part's name has "__" for "/" and "_" for "."."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", b"<Types/>")
        made.writestr("word/document.xml", b"<w:document>" + b"<w:p/>" * 500 + b"</w:document>")
        for name, content in parts.items():
            made.writestr(name.replace("__", "/").replace("_", "."), content)
    return out.getvalue()


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_wherever_a_part_is_hit_it_is_told(data):
    name = data.draw(st.sampled_from(ZIPPED))
    content = bytearray(real(name))
    part, start, end = data.draw(st.sampled_from([one for one in data_of(bytes(content)) if one[2] - one[1] > 60]))
    at = data.draw(st.integers(start, end - 50))
    was = bytes(content[at : at + 40])
    content[at : at + 40] = data.draw(st.sampled_from([bytes(40), bytes(one ^ 0x55 for one in was), b"\xff" * 40]))
    codes = told(bytes(content), name)
    assert bytes(content[at : at + 40]) == was or {"damaged", "wrong_ending", "archive"} & set(codes), part


@pytest.mark.parametrize("name", ZIPPED)
def test_a_stored_part_with_one_wrong_bit_is_told(name):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(real(name))) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as new:
        for one in old.infolist():
            new.writestr(one.filename, old.read(one))
    whole = bytearray(out.getvalue())
    assert told(bytes(whole), name) == []
    _, start, end = max(data_of(bytes(whole)), key=lambda one: one[2] - one[1])
    whole[(start + end) // 2] ^= 1
    assert told(bytes(whole), name) == ["damaged"]


def test_a_hole_in_a_part_beyond_the_limit_is_told():
    noise = random.Random(1).randbytes(30 << 20)
    whole = document(word__media__a_bin=noise[:-1000] + b"text " * 200)
    _, start, end = max(data_of(whole), key=lambda one: one[2] - one[1])
    at = (start + end) // 2
    assert told(whole, "ก.docx") == []
    small = document(word__media__a_bin=noise[: 4 << 20])
    _, start, end = max(data_of(small), key=lambda one: one[2] - one[1])
    at = (start + end) // 2
    assert told(small[:at] + bytes(4096) + small[at + 4096 :], "ก.docx") == ["damaged"]


@pytest.mark.parametrize("name", OLE)
@pytest.mark.parametrize("kept", [0.98, 0.9, 0.7, 0.5])
def test_an_older_office_file_that_was_cut_off_is_told(name, kept):
    whole = real(name)
    assert "damaged" in told(whole[: int(len(whole) * kept) - 512], name)
    assert told(whole, name) == []


@pytest.mark.parametrize("name", OLE)
def test_an_older_office_file_whose_table_was_wiped_out_is_told(name):
    whole = real(name)
    (first,) = struct.unpack_from("<I", whole, 76)  # MS-CFB 2.2: where the table of sectors is
    at = (first + 1) * 512
    assert told(whole[:at] + bytes(512) + whole[at + 512 :], name) != []


def test_the_last_sector_may_be_short():
    whole = real("plain.ppt")
    assert told(whole[:-100], "ก.ppt") == []


# -- what is packed inside -------------------------------------------------------------------------------------------


def packed(name: bytes, content: bytes = b"inert") -> bytes:
    """An OLE file with a packed file (MS-OLEDS 2.3.6): a stream of a real file is written anew."""
    record = struct.pack("<IH", 0, 2) + name + b"\0" + b"C:\\x\\" + name + b"\0" + content
    stream = io.BytesIO(real("plain.doc"))
    ole = olefile.OleFileIO(stream, write_mode=True)
    ole.write_stream("1Table", record.ljust(ole.get_size("1Table"), b"\0"))
    whole = bytearray(stream.getvalue())
    old, new = "1Table".encode("utf-16-le"), "\x01Ole10Native".encode("utf-16-le")
    at = next(at for at in range(0, len(whole), 128) if whole[at : at + len(old) + 2] == old + b"\0\0")
    whole[at : at + 66] = new.ljust(64, b"\0") + struct.pack("<H", len(new) + 2)
    return bytes(whole)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        (b"setup.exe", "program_inside"),
        (b"plan.pdf.vbs", "program_inside"),
        (b"a.lnk", "program_inside"),
        (b"plan.pdf", "files_inside"),
        ("แผน.docx".encode("cp874"), "files_inside"),
    ],
)
def test_a_file_that_is_packed_into_a_document_is_told(name, code):
    assert told(document(word__embeddings__oleObject1_bin=packed(name)), "ก.docx") == [code]


def test_a_program_by_its_first_bytes_is_told_whatever_its_name():
    inside = packed(b"a.txt", b"\0MZ\x90\0")
    assert told(document(word__embeddings__oleObject1_bin=inside), "ก.docx") == ["program_inside"]


def test_drawings_and_charts_inside_are_nothing_to_tell():
    parts = {"word__media__image1_svg": b"<svg/>", "word__embeddings__Sheet1_xlsx": real("plain.xlsx")}
    assert told(document(**parts), "ก.docx") == []
    assert told(document(word__media__run_exe=b"x"), "ก.docx") == ["program_inside"]


# -- passwords for writing -------------------------------------------------------------------------------------------


def replaced(name: str, part: str, old: bytes, new: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(real(name))) as was, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for one in was.infolist():
            content = was.read(one)
            if one.filename == part:
                assert old in content
                content = content.replace(old, new, 1)
            made.writestr(one.filename, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "part", "end", "entry"),
    [
        ("plain.docx", "word/settings.xml", b"</w:settings>", b'<w:writeProtection w:hashValue="x" w:salt="y"/>'),
        ("plain.xlsx", "xl/workbook.xml", b"</workbook>", b'<fileSharing userName="a" reservationPassword="CC1A"/>'),
        ("plain.pptx", "ppt/presentation.xml", b"</p:presentation>", b'<p:modifyVerifier hashData="x"/>'),
    ],
)
def test_a_password_for_writing_is_told_as_what_it_is(name, part, end, entry):
    assert told(replaced(name, part, end, entry + end), name) == ["write_password"]


def test_what_asks_nobody_is_not_told():
    sheet = replaced(
        "plain.xlsx", "xl/worksheets/sheet1.xml", b"</sheetData>", b'</sheetData><sheetProtection sheet="1"/>'
    )
    assert told(sheet, "ก.xlsx") == []
    advised = replaced(
        "plain.xlsx", "xl/workbook.xml", b"</workbook>", b'<fileSharing readOnlyRecommended="1"/></workbook>'
    )
    assert told(advised, "ก.xlsx") == []
    word = replaced(
        "plain.docx", "word/settings.xml", b"</w:settings>", b'<w:writeProtection w:recommended="1"/></w:settings>'
    )
    assert told(word, "ก.docx") == []
