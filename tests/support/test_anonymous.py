"""What names a person or their folders is taken out, wherever it stands."""

from __future__ import annotations

from pathlib import Path, PureWindowsPath

from hypothesis import given
from hypothesis import strategies as st

from dgdesk.support.log import anonymous


def test_names_folders_mail_and_numbers_go() -> None:
    text = r"open C:\Users\สมศรี\งาน\น่าน.dgdesk by สมศรี ใจดี, somsri@nan.go.th, 054-716-123 4 and 1-2345-67890-12-3"
    found = anonymous(text, ["สมศรี ใจดี", "น่าน"])
    for secret in ("สมศรี", "somsri", "น่าน", "716", "67890"):
        assert secret not in found
    assert found.startswith("open C:\\Users\\<user>\\")


def test_a_known_folder_goes_as_a_whole_in_json_too() -> None:
    folder = PureWindowsPath(r"D:\งาน\ลับ")
    found = anonymous(r'{"a": "D:\\งาน\\ลับ\\x"} D:/งาน/ลับ/y', [], [folder])  # type: ignore[list-item]  # a Windows path on any system
    assert "ลับ" not in found


def test_figures_of_the_program_stay() -> None:
    text = "version 0.1.0 bytes=12345678 at 2026-11-22T09:30:00 sha 3f2a"
    assert anonymous(text, ["ก"]) == text


@given(st.text(), st.text(min_size=3, max_size=20), st.text())
def test_a_name_never_survives(before: str, name: str, after: str) -> None:
    marks = ("<name>", "<mail>", "<number>", "<user>", "<folder>")
    found = anonymous(f"{before}{name}{after}", [name], [Path("/nowhere")])
    for mark in marks:
        found = found.replace(mark, "\0")
    assert name not in found or name in "".join(marks) or "\0" in name
