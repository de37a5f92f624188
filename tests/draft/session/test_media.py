"""What kind of file it is, told from its first bytes; a name may say anything."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from dgdesk.evidence.media import HEAD, OCTETS, media_type

OFFICE = "application/vnd.openxmlformats-officedocument."


def picture(kind):
    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, kind)
    return out.getvalue()


def archive(*names, compressed=True):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED) as made:
        for name in names:
            made.writestr(name, f"<part name='{name}'/>" * 20)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "application/pdf"),
        (picture("JPEG"), "image/jpeg"),
        (picture("PNG"), "image/png"),
        (picture("TIFF"), "image/tiff"),
        (b"MM\x00*\x00\x00\x00\x08", "image/tiff"),
        (archive("[Content_Types].xml", "_rels/.rels", "word/document.xml"), OFFICE + "wordprocessingml.document"),
        (archive("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml"), OFFICE + "spreadsheetml.sheet"),
        (archive("[Content_Types].xml", "ppt/presentation.xml"), OFFICE + "presentationml.presentation"),
        (archive("สำเนา.txt"), "application/zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00", "application/x-ole-storage"),
        ("บันทึกข้อความ\r\nเรื่อง น้ำ".encode(), "text/plain"),
        (b"plain", "text/plain"),
        ("ไทย".encode("cp874"), "text/plain"),
        (b"text with \x00", OCTETS),
        (b"\x7fELF\x02\x01\x01\x00", "application/x-executable"),
        (b"", OCTETS),
    ],
)
def test_the_content_tells(content, kind):
    assert media_type(content[:HEAD]) == kind


def test_a_photo_archive_in_a_folder_called_like_an_office_part_is_an_archive():
    assert media_type(archive("photos/password/1.txt", "keyword/2.txt")) == "application/zip"


@given(st.text(min_size=1).filter(lambda text: "\x00" not in text))
def test_text_of_any_length_is_text_wherever_the_head_ends(text):
    content = ("ข้อความ " + text * (1 + HEAD // len(text.encode()))).encode()
    assert media_type(content[:HEAD]) == "text/plain"


@given(st.binary(max_size=200))
def test_any_bytes_have_a_kind(head):
    kind = media_type(head)
    assert kind.count("/") == 1 and kind == kind.lower()
