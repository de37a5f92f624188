"""What kind of file a piece of evidence is, told from its first bytes."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgdesk.evidence.media import HEAD, OCTETS, media_type


def office(part: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(part, "<x/>")
    return stream.getvalue()[:HEAD]


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"%PDF-1.7\n...", "application/pdf"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"II*\x00....", "image/tiff"),
        (b"MM\x00*....", "image/tiff"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
        (office("word/document.xml"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (office("xl/workbook.xml"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (office("ppt/presentation.xml"), "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
        (office("ภาพ.jpg"), "application/zip"),
        ("รายงานการประชุม".encode(), "text/plain"),
        (b"plain text", "text/plain"),
        (b"text\x00with a zero", OCTETS),
        (b"\xff\xfe\x00", OCTETS),
        (b"", OCTETS),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_is_known_by_its_first_bytes(head: bytes, kind: str) -> None:
    assert media_type(head) == kind


@given(st.text("กขคงจ้ำ abc\n😀", min_size=1, max_size=20), st.integers(0, 5))
def test_a_long_text_is_a_text_wherever_its_head_is_cut(text: str, lead: int) -> None:
    long = ("a" * lead + text * (HEAD // len(text.encode()) + 2)).encode()
    assert media_type(long[:HEAD]) == "text/plain"
