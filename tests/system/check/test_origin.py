"""Drafts opened out of a mail or an archive, and files that Windows has marked."""

from __future__ import annotations

from pathlib import Path, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgdesk.system.check.places import is_from_elsewhere, origin_of, read_zone

TEMPORARY = (PureWindowsPath(r"C:\Users\สมศรี\AppData\Local\Temp"),)


@pytest.mark.parametrize(
    ("path", "origin"),
    [
        (r"C:\Users\สมศรี\AppData\Local\Microsoft\Windows\INetCache\Content.Outlook\AB12\น่าน.dgdesk", "mail"),
        (r"C:\Users\สมศรี\AppData\Local\Temp\Temp1_แบบสำรวจ.zip\น่าน.dgdesk", "archive"),
        (r"C:\Users\สมศรี\AppData\Local\Temp\7zO4A2B\น่าน.dgdesk", "archive"),
        (r"c:\users\สมศรี\appdata\local\temp\Rar$DIa1.2\น่าน.dgdesk", "archive"),
        (r"C:\Users\สมศรี\AppData\Local\Temp\แบบสำรวจ.zip\น่าน.dgdesk", "archive"),
        (r"C:\Users\สมศรี\AppData\Local\Temp\0b1c2d_แบบสำรวจ.zip.1f2\น่าน.dgdesk", "archive"),
        (r"C:\Users\สมศรี\AppData\Local\Microsoft\Olk\Attachments\ooa-1\น่าน.dgdesk", "mail"),
        (r"C:\Users\สมศรี\AppData\Local\Temp\my.zipped\น่าน.dgdesk", "temporary"),
        (r"C:\Users\สมศรี\AppData\Local\Temp\น่าน.dgdesk", "temporary"),
        (r"C:\Users\สมศรี\Documents\น่าน.dgdesk", ""),
        (r"D:\7zOffice\น่าน.dgdesk", ""),
    ],
)
def test_the_names_of_its_folders_tell_where_a_draft_was_opened(path: str, origin: str) -> None:
    assert origin_of(PureWindowsPath(path), TEMPORARY) == origin


def test_the_mark_of_the_internet_is_read_as_windows_writes_it() -> None:
    assert read_zone(b"[ZoneTransfer]\r\nZoneId=3\r\nReferrerUrl=C:\\x.zip\r\n") == 3
    assert read_zone(b"[ZoneTransfer]\r\nZoneId = 0\r\n") == 0
    assert read_zone(b"") == -1


def test_a_stream_is_looked_for_beside_the_files_name(tmp_path: Path) -> None:
    draft = tmp_path / "น่าน.dgdesk"
    draft.write_bytes(b"x")
    assert not is_from_elsewhere(draft)
    # where names may hold a colon, a file of that name stands in for the stream
    (tmp_path / "น่าน.dgdesk:Zone.Identifier").write_bytes(b"[ZoneTransfer]\r\nZoneId=3\r\n")
    assert is_from_elsewhere(draft)


@given(st.binary(max_size=200))
def test_whatever_the_stream_holds_a_zone_is_a_small_number(content: bytes) -> None:
    assert -1 <= read_zone(content) <= 99
