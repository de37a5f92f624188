"""What kind a file is, by its content: a draft, a bundle, a key … so that none is replaced by a file of another kind.

Only the beginning of a file is read, and of a zip the list of its names; any file may be given, also a damaged one.
"""

from __future__ import annotations

import csv
import re
import stat
from collections.abc import Set
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final, Literal

from dgdesk.system.patterns import late

Kind = Literal[
    "draft",
    "bundle",
    "addendum",
    "edition",
    "encrypted",
    "receipt",
    "agency",
    "certificate",
    "key",
    "recipients",
    "pdf",
    "other_pdf",
    "workbook",
    "survey_book",
    "csv",
    "tables",
    "parquet",
    "json",
    "text",
    "support",
    "picture",
    "folder",
    "empty",
    "unknown",
]
"""``key``: whatever holds a secret key, a backup of an identity too. ``support``: the help-desk file. ``pdf``: as
dgdesk prints it; ``other_pdf``: a scan for example, or a print that somebody has signed or annotated in the file.
``tables``: an SQLite file of collated tables, ``workbook``: the same for Excel; ``survey_book``: an Excel file of a
survey's data."""

_HEAD: Final = 256 << 10
"""Bytes that are read: more than an identity's backup with the longest chain has."""
_ZIPS: Final = (b"PK\x03\x04", b"PK\x05\x06")
_FRAME: Final = "xl/workbook.xml"
_MOST_FRAME: Final = 1 << 20
"""Bytes of a workbook's list of sheets that are read."""
_SEARCHED: Final[frozenset[Kind]] = frozenset({"certificate", "csv", "text", "recipients"})
"""Kinds that a key may be appended to, behind what `kind_of_head` sees."""
_LONGEST_SECRET: Final = 256
"""Bytes of what `_SECRET` matches, at most."""
_SQLITE: Final = b"SQLite format 3\0"
_DRAFT: Final = (1145521227).to_bytes(4, "big")
TABLES: Final = 1145521236
"""SQLite's application id of collated tables: "DGDT"."""
_BY_APPLICATION: Final[dict[bytes, Kind]] = {_DRAFT: "draft", TABLES.to_bytes(4, "big"): "tables"}
_APPLICATION: Final = slice(68, 72)
"""Where SQLite's file header has the number that says whose file it is."""
_AGE: Final = b"age-encryption.org/v1"
_ARMOUR: Final = b"-----BEGIN AGE ENCRYPTED FILE-----"
_PRINTED_BY: Final = b"<xmp:CreatorTool>dgdesk"
_PDF_END: Final = b"%%EOF"
_SCRYPT: Final = b"\n-> scrypt "
_SECRET: Final = late(rb"-----BEGIN [A-Z ]{0,80}PRIVATE KEY( BLOCK)?-----|AGE-SECRET-KEY-|PuTTY-User-Key-File-")
_PICTURES: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\x00", b"MM\x00*")
_PKCS12: Final = late(rb"\x30(?:\x80|\x82..|\x83...|\x84....)\x02\x01\x03\x30", re.DOTALL)
_PKCS8: Final = late(rb"\x30(?:[\x20-\x7f]|\x81.|\x82..)\x02\x01[\x00\x01]\x30", re.DOTALL)
_RSA_KEY: Final = late(rb"\x30\x82..\x02\x01\x00\x02", re.DOTALL)
_BASE64: Final = late(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*(M[A-Za-z0-9+/]{23})")
"""A text whose first byte is 0x30 in base64, as that of each key in DER."""
_DER: Final = late(rb"\x30\x82..\x30\x82", re.DOTALL)
_RECIPIENT: Final = late(rb"(?m)^age1[0-9a-z]{50,}")
_SIGNED_TEXT: Final = late(rb'\A\s*\{\s*(?:"signature"\s*:\s*"[^"]*"\s*,\s*)?"(receipt|return|agency)"\s*:\s*"\{')
"""A text in JSON that is signed, and its name; an editor may have put the signature first."""
_SHEET: Final = late(rb'<(?:\w+:)?sheet\s[^>]*?\bname="([^"]*)"')
_TABLE_SHEETS: Final = frozenset({b"files", b"submissions"})
_SURVEY_SHEETS: Final = frozenset({b"settings", b"survey", b"choices"})
_LOG: Final = late(r"dgdesk\.log[.0-9]*|crashes\.txt")


def kind_of(path: Path) -> Kind:
    """Return the kind of what is at ``path``, links followed.

    Raises:
        OSError: it cannot be read, or nothing is there.
    """
    mode = path.stat().st_mode
    if stat.S_ISDIR(mode):
        return "folder"
    if not stat.S_ISREG(mode):  # a device or a pipe: reading it may never end
        return "unknown"
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
        if head[:4] in _ZIPS:
            return _zipped(stream, head)
        kind = kind_of_head(head)
        if kind == "pdf":
            return "pdf" if _is_print(stream, head) else "other_pdf"
        return "key" if kind in _SEARCHED and _has_secret(stream, head) else kind


def _is_print(stream: BinaryIO, head: bytes) -> bool:
    """Return whether a PDF was printed by dgdesk and nothing was added since: what is added follows its end."""
    made, ends, piece = False, 0, head
    while piece:
        made = made or _PRINTED_BY in piece
        ends += piece.count(_PDF_END)
        kept = piece[-len(_PRINTED_BY) + 1 :]
        more = stream.read(_HEAD)
        ends -= kept.count(_PDF_END) if more else 0
        piece = kept + more if more else b""
    return made and ends == 1


def _has_secret(stream: BinaryIO, head: bytes) -> bool:
    """Return whether what follows ``head`` holds a secret key, such as one behind a hundred certificates."""
    piece = head
    while more := stream.read(_HEAD):
        piece = piece[-_LONGEST_SECRET:] + more
        if _SECRET.search(piece):
            return True
    return False


def kind_of_head(head: bytes) -> Kind:
    """Return the kind of a file that begins with ``head`` and is no zip."""
    if not head:
        return "empty"
    # UTF-16, as Windows' shell writes text
    text = head.replace(b"\0", b"") if head[:2] in (b"\xff\xfe", b"\xfe\xff") else head
    if head.startswith(_SQLITE):
        return _BY_APPLICATION.get(head[_APPLICATION], "unknown")
    if _SECRET.search(text) or _is_key(head) or _is_key(_from_base64(text)):
        return "key"
    if head.startswith(_AGE):  # by a passphrase only keys are encrypted here
        return "key" if _SCRYPT in head[:200] else "encrypted"
    if _ARMOUR in text[:4096]:
        return "key" if _SCRYPT in _unarmoured(text) else "encrypted"
    if head.startswith(b"%PDF-"):
        return "pdf"
    if head.startswith(b"PAR1"):
        return "parquet"
    if text.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):  # some have certificates inside
        return _kind_of_json(head)
    if b"-----BEGIN CERTIFICATE-----" in text or b"-----BEGIN TRUSTED CERTIFICATE-----" in text or _DER.match(head):
        return "certificate"
    return "picture" if head.startswith(_PICTURES) else _kind_of_text(head)


def _is_key(head: bytes) -> bool:
    """Return whether a file is a secret key in DER."""
    return bool(_PKCS12.match(head) or _PKCS8.match(head) or _RSA_KEY.match(head))


def _from_base64(text: bytes) -> bytes:
    """Return how a text in base64 alone begins, as some programs write a key without the lines around it."""
    import binascii  # most files hold other signs

    first = _BASE64.match(text)
    return binascii.a2b_base64(first[1]) if first else b""


def _unarmoured(text: bytes) -> bytes:
    """Return the beginning of what is armoured, as far as it can be read."""
    import base64  # most files have no armour

    lines = text[text.index(_ARMOUR) + len(_ARMOUR) :].split(maxsplit=4)[:4]
    inner = b"".join(lines)
    with suppress(ValueError):
        return base64.b64decode(inner[: len(inner) // 4 * 4])
    return b""


def _kind_of_json(head: bytes) -> Kind:
    found = _SIGNED_TEXT.match(head.removeprefix(b"\xef\xbb\xbf"))
    if found is None:
        return "json"
    return "agency" if found[1] == b"agency" else "receipt"


def _kind_of_text(head: bytes) -> Kind:
    plain = head.removeprefix(b"\xef\xbb\xbf")
    if _RECIPIENT.search(plain):
        return "recipients"
    if b"\0" in plain:
        return "unknown"
    return "csv" if _is_table(plain) else "text" if _is_text(head) else "unknown"


def _is_text(head: bytes) -> bool:
    try:
        head[: len(head) if len(head) < _HEAD else -4].decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _is_table(plain: bytes) -> bool:
    """Whether the first rows have one number of cells, at least two, and the first of them names the columns."""
    lines = plain.decode("utf-8", "replace").splitlines(keepends=True)
    for mark in ",;\t":
        rows: list[list[str]] = []
        with suppress(csv.Error):  # a row that is longer than what was read
            rows.extend(islice(csv.reader(lines, delimiter=mark, strict=True), 3))
        # in a letter or a program a blank follows the comma
        named = rows and len(rows[0]) > 1 and all(cell and not cell[0].isspace() for cell in rows[0])
        if named and len({len(row) for row in rows}) == 1:
            return True
    return False


def _zipped(stream: BinaryIO, head: bytes) -> Kind:
    """Return the kind of a zip by the names in it, and of a workbook by those of its sheets."""
    from dgdesk.system.zip_view import beginning, entries  # most files are no zip

    found = entries(stream, head)
    names = [entry.name for entry in found]
    inside = {name.partition("/")[2] for name in names}
    roots = {name.partition("/")[0] for name in names} - {"__MACOSX"}
    if len(roots) == 1 and inside & {"bagit.txt", "tagmanifest-sha256.txt", "bag-info.txt"}:
        return _bagged(roots.pop(), inside)
    if _FRAME in names:
        return _kind_of_workbook(beginning(stream, found[names.index(_FRAME)], _MOST_FRAME))
    reported = names[:1] == ["report.json"] and all(_LOG.fullmatch(name) for name in names[1:])
    return "support" if reported else "unknown"


def _bagged(root: str, inside: Set[str]) -> Kind:
    """Return the kind of a bag; bags of other programs hold none of the files that say it."""
    if "data/edition.json" in inside:
        return "edition"
    if len(inside) == 1:  # cut short, so that only the first name is known
        return "addendum" if root.endswith("-addendum") else "bundle"
    if "data/addendum.json" in inside:
        return "addendum"
    return "bundle" if "data/submission.json" in inside else "unknown"


def _kind_of_workbook(frame: bytes) -> Kind:
    """Return the kind of a workbook by its list of sheets."""
    sheets = set(_SHEET.findall(frame))
    if sheets >= _TABLE_SHEETS:
        return "workbook"
    return "survey_book" if sheets >= _SURVEY_SHEETS else "unknown"
