"""The table of contents of a tree that was carried out; Excel opens it, carrying in reads it again."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

INDEX = "สารบัญหลักฐาน.csv"
LARGEST_INDEX = 64 << 20
_LONGEST_FIELD = 131_072
# Excel takes a text that begins with one of these for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")


@dataclass(frozen=True)
class Row:
    """One file in one evidence slot. ``path`` is relative, with forward slashes; "" if it could not be written."""

    label: str
    slot: str
    path: str
    name: str
    size: str
    sha256: str
    media_type: str
    pages: str
    passages: str
    state: str


_HEADS = {
    "label": "ข้อ",
    "slot": "รหัสจุดแนบ",
    "path": "ไฟล์ในโฟลเดอร์นี้",
    "name": "ชื่อไฟล์เดิม",
    "size": "ขนาด (ไบต์)",
    "sha256": "SHA-256",
    "media_type": "ชนิด",
    "pages": "หน้า",
    "passages": "ใจความสำคัญ",
    "state": "สถานะ",
}
STATES = {"whole": "ครบถ้วน", "damaged": "ไฟล์เสียหาย"}


def write_index(rows: Iterable[Row]) -> bytes:
    """Return the index as UTF-8 with a BOM, without which Excel does not read Thai."""
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(_HEADS.values())
    for row in rows:
        table.writerow(_guarded(getattr(row, part.name)) for part in fields(Row))
    return text.getvalue().encode("utf-8-sig", "replace")


def read_index(content: bytes) -> Mapping[str, Row]:
    """Return the rows by path; empty, without an error, for anything else: names can be matched without an index."""
    try:
        text = content.decode("utf-8-sig")
        table = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        if not table.fieldnames or set(_HEADS.values()) - set(table.fieldnames):
            return {}
        rows = [
            Row(**{key: _unguarded(line[head] or "")[:_LONGEST_FIELD] for key, head in _HEADS.items()})
            for line in table
        ]
    except (UnicodeDecodeError, csv.Error, ValueError):
        return {}
    return {row.path: row for row in rows if row.path}


def _guarded(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _unguarded(text: str) -> str:
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text
