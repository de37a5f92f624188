"""The index of an exported tree, which Excel opens and the import reads; and names that every disk takes."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

from dgdesk.bundle.archive.names import fold, is_safe_part
from dgdesk.text.cells import protected, unprotected

# A tree is at most three levels deep; its paths stay below Windows' 260 with enough left for the target folder.
LONGEST_NAME = 80
"""In characters."""
_LONGEST_BYTES = 220
_LONGEST_ENDING = 12
_FORBIDDEN = frozenset('<>:"|?*\\/%')
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_NAMELESS = "file"


def disk_name(name: str, longest: int = LONGEST_NAME) -> str:
    """Return a file or folder name that Windows, Linux and macOS accept; always the same for the same name.

    NFC; characters that Windows refuses become "_", invisible ones are removed; names of devices get a "_" before
    them; a name that is too long loses the end of its stem, never between a Thai letter and its marks, and keeps its
    ending.
    """
    text = "".join(_replaced(letter) for letter in unicodedata.normalize("NFC", name))
    text = unicodedata.normalize("NFC", _trimmed(" ".join(text.split())))
    text = _shortened(text, longest)
    if text and not is_safe_part(text):
        text = _shortened(f"_{text}", longest)  # the name of a device
    return text if is_safe_part(text) else _NAMELESS


class NamedFolder:
    """The names used in one folder: no two of them collide on any system."""

    def __init__(self) -> None:
        """Start with an empty folder."""
        self._taken: set[str] = set()

    def take(self, name: str, longest: int = LONGEST_NAME) -> str:
        """Return `disk_name`, with " (2)" and so on if it is used already, and note it as used."""
        wanted = disk_name(name, longest)
        stem, ending = _parted(wanted)
        made, number = wanted, 1
        while fold(made) in self._taken:
            number += 1
            made = _shortened(stem, longest - len(ending) - 6) + f" ({number})" + ending
        self._taken.add(fold(made))
        return made


def _replaced(letter: str) -> str:
    kind = unicodedata.category(letter)
    if kind in _UNSEEN:
        return " " if letter in "\t\n\r\u2028\u2029" else ""
    # Some tools turn a full-width character into a plain one.
    return "_" if any(sign in _FORBIDDEN for sign in fold(letter)) else letter


def _trimmed(text: str) -> str:
    text = text.strip(" ")
    # By compatibility forms, since "…" is three points to some tools.
    while text and (text[-1] in ". " or fold(text[-1]).endswith((".", " "))):
        text = text[:-1]
    return text


def _parted(name: str) -> tuple[str, str]:
    stem, point, ending = name.rpartition(".")
    if not (point and stem) or len(ending) > _LONGEST_ENDING or " " in ending:
        return name, ""
    return stem, point + ending


def _shortened(name: str, longest: int) -> str:
    stem, ending = _parted(name)
    if len(name) <= longest and len(name.encode()) <= _LONGEST_BYTES:
        return name
    while stem and (len(stem) + len(ending) > longest or len((stem + ending).encode()) > _LONGEST_BYTES):
        stem = _without_last_cluster(stem)
    return _trimmed(stem) + ending if _trimmed(stem) else ending.removeprefix(".")


def _without_last_cluster(text: str) -> str:
    at = len(text) - 1
    while at > 0 and (unicodedata.category(text[at]) in ("Mn", "Mc", "Me") or text[at] == "\u0e33"):
        at -= 1
    if at > 0 and "\u0e40" <= text[at - 1] <= "\u0e44":  # a vowel that is written before its letter
        at -= 1
    return text[:at]


INDEX = "สารบัญหลักฐาน.csv"
LARGEST_INDEX = 64 << 20
_LONGEST_FIELD = 131_072
_UNCHANGED = re.compile("0|[1-9][0-9]{0,14}")
"""Numbers that Excel saves as it read them."""


@dataclass(frozen=True)
class IndexRow:
    """One file in one evidence slot. ``path`` is relative, with forward slashes; "" if it could not be written.

    ``item`` is what the item of a repeat is called in its answers: its number and its key may mean another one later.
    """

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
    whole_file: str = ""
    item: str = ""


_HEADS = {
    "label": "ข้อ",
    "slot": "รหัสรายการหลักฐาน",
    "path": "ไฟล์ในโฟลเดอร์นี้",
    "name": "ชื่อไฟล์เดิม",
    "size": "ขนาด (ไบต์)",
    "sha256": "SHA-256",
    "media_type": "ชนิด",
    "pages": "หน้า",
    "passages": "ใจความสำคัญ",
    "state": "สถานะ",
    "whole_file": "ทั้งไฟล์คือใจความสำคัญ",
    "item": "ชื่อรายการ",
}
_FORMER_HEADS = {"รหัสจุดแนบ": "รหัสรายการหลักฐาน"}
"""Heads of 0.1.0, and their present ones."""
_LATER = frozenset({"whole_file", "item"})
"""Columns that an index of an older version does not have."""
YES = "ใช่"
STATES = {"whole": "ครบถ้วน", "damaged": "ไฟล์เสียหาย"}


def write_index(rows: Iterable[IndexRow]) -> bytes:
    """Return the index as UTF-8 with a BOM, without which Excel does not read Thai.

    A text that Excel would change, such as the pages 1-2, gets an apostrophe in front, as in collated tables.
    """
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(_HEADS.values())
    for row in rows:
        table.writerow(_guarded(getattr(row, part.name)) for part in fields(IndexRow))
    return text.getvalue().encode("utf-8-sig", "replace")


def read_index(content: bytes) -> Mapping[str, IndexRow]:
    """Return the rows by path; empty, without an error, for anything else: names can be matched without an index."""
    try:
        text = content.decode("utf-8-sig")
        table = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        table.fieldnames = [_FORMER_HEADS.get(head, head) for head in table.fieldnames or ()]
        needed = {head for key, head in _HEADS.items() if key not in _LATER}
        if needed - set(table.fieldnames):
            return {}
        rows = [
            IndexRow(**{key: unprotected(line.get(head) or "")[:_LONGEST_FIELD] for key, head in _HEADS.items()})
            for line in table
        ]
    except (UnicodeDecodeError, csv.Error, ValueError):
        return {}
    return {row.path: row for row in rows if row.path}


def _guarded(text: str) -> str:
    return text if _UNCHANGED.fullmatch(text) else protected(text)
