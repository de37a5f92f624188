"""Reads whom a receiver trusts: from certificates, a table, or a folder of certificates named by code.

A table (CSV) says ``respondent, certificate, note``; a folder holds files such as ``TH-50.pem``, or
``th-department_0301.pem`` for a respondent that is no province (scheme and code). Both bind certificates
to respondents; a certificate given by itself is bound to nobody. Anything doubtful is reported and ends the load.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from dgdesk.bundle.report import BundleProblem, printable
from dgdesk.bundle.respondents import find_respondent
from dgdesk.bundle.signing.certificates import LARGEST, read_certificate_file, read_certificates, read_small
from dgdesk.bundle.signing.trust_list import MOST_ENTRIES, TrustEntry, TrustList
from dgdesk.errors import DgdeskError, FileError
from dgdesk.text.collation import list_key
from dgdesk.text.decoding import decode_text

SUFFIXES = (".pem", ".crt", ".cer", ".der", ".p7b", ".p7c")
OTHER_SUFFIXES = (".p12", ".pfx", ".key", ".csr", ".req", ".crl", ".pub")
"""Files that do not belong into a folder of certificates; they are refused, not passed over."""
_READ = frozenset((*SUFFIXES, *OTHER_SUFFIXES))
TABLES = (".csv", ".tsv")
MOST_FILES = 2_000
"""In a folder."""
MOST_LISTED = 30
"""Bad lines or files that are reported one by one."""
_HEADS = {
    "respondent": ("respondent", "ผู้ตอบแบบสำรวจ", "ผู้ตอบ", "จังหวัด", "province"),
    "certificate": ("certificate", "ใบรับรอง", "ไฟล์ใบรับรอง"),
    "note": ("note", "หมายเหตุ"),
}
_SEPARATORS = (",", ";", "\t")
_CODE_FIRST = re.compile(r"(TH-[0-9]{2})(?![0-9A-Za-z])", re.IGNORECASE)
_SCHEME_FIRST = re.compile(r"([a-z][a-z0-9-]*)_([A-Za-z0-9._-]+)(?: .*)?", re.DOTALL)
_KEPT = re.compile(rb"-----END CERTIFICATE-----\s*(?:Respondent: (TH-[0-9]{2}|[a-z0-9-]{1,30}/[A-Za-z0-9._-]{1,30}))?")
_COUNT = "Certificates: "

RefusedTrust = tuple[str, BundleProblem]
"""The name of a file, and why it was refused."""


def load_trust(places: Iterable[Path]) -> TrustList | None:
    """Read whom to trust from files, tables and folders; None when none are named.

    Raises:
        FileError: as `read_small` and `read_certificates`; ``trust.bad_list``, whose ``details`` list each bad line of
            a table or file of a folder; ``trust.bad_files``, whose ``details`` list the bad ones of several files;
            ``trust.empty_list``, ``trust.empty_folder``, ``trust.too_many``.
    """
    entries: list[TrustEntry] = []
    bad: list[FileError] = []
    named = False
    for place in places:
        named = True
        try:
            entries += load_place(place)
        except FileError as error:
            bad.append(error)
    if len(bad) > 1:
        raise _bad_places(bad)
    if bad:
        raise bad[0]
    return TrustList(tuple(entries)) if named else None


def load_place(place: Path) -> tuple[TrustEntry, ...]:
    """Read one file, table or folder. Raises as `load_trust`."""
    if place.is_dir():
        found, refused = read_folder(place)
        if refused:
            raise _bad_list(place.name, [problem for _, problem in refused])
        return found
    if place.suffix.lower() in TABLES:
        return read_table(place)
    return tuple(TrustEntry(one) for one in read_certificate_file(place, signers=True))


def read_folder(folder: Path) -> tuple[tuple[TrustEntry, ...], tuple[RefusedTrust, ...]]:
    """Read a folder of certificates named by code or province; return them, and the files that are refused.

    Links, hidden files, folders, and files with other endings than those of certificates are ignored.

    Raises:
        FileError: ``trust.empty_folder``, ``small_file.unreadable``, ``trust.too_many``.
    """
    try:
        paths = [one for one in folder.iterdir() if one.suffix.lower() in _READ and one.name[:1] != "."]
    except OSError as error:
        raise FileError("small_file.unreadable", name=folder.name) from error
    if not paths:
        raise FileError("trust.empty_folder", name=folder.name)
    if len(paths) > MOST_FILES:
        raise FileError("trust.too_many", most=MOST_FILES)
    found: list[TrustEntry] = []
    refused: list[RefusedTrust] = []
    for path in sorted(paths, key=lambda one: list_key(one.name)):
        name = printable(path.name)
        code = _CODE_FIRST.match(path.stem)
        scheme = _SCHEME_FIRST.fullmatch(path.stem)  # a file's name cannot have the slash
        named = code[1] if code else path.stem if scheme is None else f"{scheme[1]}/{scheme[2]}"
        respondent = find_respondent(named)
        if respondent is None:
            refused.append((name, BundleProblem("trust.file_unnamed", {"name": name})))
            continue
        try:
            found += [TrustEntry(one, respondent) for one in read_certificate_file(path, signers=True)]
        except DgdeskError as error:
            refused.append((name, BundleProblem(error.code, error.values)))
    return tuple(found), tuple(refused)


def read_table(path: Path) -> tuple[TrustEntry, ...]:
    """Read a table of respondents and their certificates, as Excel or a text editor writes it.

    Relative paths of certificates begin at the table's folder. All bad lines are reported together.

    Raises:
        FileError: ``trust.bad_list``, ``trust.empty_list``, ``trust.too_many``, and as `read_small`.
    """
    text = decode(read_small(path, LARGEST), path.name)
    found: list[TrustEntry] = []
    bad: list[BundleProblem] = []
    order: tuple[str, ...] = ("respondent", "certificate", "note")
    first = True
    known: dict[Path, tuple[x509.Certificate, ...]] = {}
    for line, cells in _rows(text, bad):
        if first and (heads := _heads(cells)):
            order, first = heads, False
            continue
        first = False
        try:
            found += _entries(path.parent, line, cells, order, known)
        except DgdeskError as error:
            reason = BundleProblem(error.code, error.values)
            bad += (
                [reason]
                if "line" in error.values
                else [BundleProblem("trust.line_certificate", {"line": line}), reason]
            )
        if len(found) > MOST_ENTRIES:
            raise FileError("trust.too_many", most=MOST_ENTRIES)
    if bad:
        raise _bad_list(path.name, bad)
    if not found:
        raise FileError("trust.empty_list", name=path.name)
    return tuple(found)


def decode(content: bytes, name: str) -> str:
    """Return the text of a table in UTF-8, UTF-16 or the Thai code page of Windows (cp874).

    Raises:
        FileError: ``trust.not_text``.
    """
    try:
        return decode_text(content)
    except ValueError:
        raise FileError("trust.not_text", name=name) from None


def keep(trust: TrustList) -> bytes:
    """Return a list as a PEM file that any tool reads: each certificate is followed by a line with its respondent."""
    parts = []
    for one in trust.entries:
        bound = f"Respondent: {one.respondent}\n" if one.respondent else ""
        parts.append(one.certificate.public_bytes(Encoding.PEM) + bound.encode())
    return b"".join(parts) + f"{_COUNT}{len(trust.entries)}\n".encode()


def kept(content: bytes) -> TrustList:
    """Read what `keep` wrote; earlier versions wrote certificates alone, which are bound to nobody.

    Only for the program's own file: in a file from elsewhere such lines would let its author choose whom he may sign
    for.

    Raises:
        FileError: as `read_certificates`; ``trust.damaged``: lines are missing.
    """
    certificates = read_certificates([content])
    respondents = [match[1].decode() if match[1] else None for match in _KEPT.finditer(content)]
    counted = f"{_COUNT}{len(certificates)}\n".encode()
    whole = content.endswith(counted) or (b"Respondent:" not in content and _COUNT.encode() not in content)
    if (
        len(respondents) != len(certificates)
        or not whole
        or content.count(b"Respondent:") != sum(map(bool, respondents))
    ):
        raise FileError("trust.damaged", name="-", number=len(certificates))
    return TrustList(tuple(map(TrustEntry, certificates, respondents)))


def _rows(text: str, bad: list[BundleProblem]) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not blank, each with the number of its first line; malformed rows go to ``bad``."""
    lines = text.splitlines(keepends=True)
    begin = 0
    separator = ""
    if lines and re.fullmatch("sep=[,;\t]", lines[0].strip("\r\n")):  # Excel's own first line
        separator, begin = lines[0][4], 1
    if not separator:
        head = next((line for line in lines if line.strip()), "")
        separator = max(_SEPARATORS, key=head.count)
    reader = csv.reader(lines[begin:], delimiter=separator, strict=True)
    while True:
        line = begin + reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            bad.append(BundleProblem("trust.line_quotes", {"line": line}))
            return  # after an unclosed quote it is unknown where the next row begins
        if any(cell.strip() for cell in cells):
            yield line, [cell.strip().strip("\u00a0\u200b\ufeff") for cell in cells]


def _heads(cells: Sequence[str]) -> tuple[str, ...] | None:
    """Return the meaning of each column if a row is a header."""
    found = []
    for cell in cells:
        key = next((key for key, names in _HEADS.items() if cell.casefold() in names), "" if not cell else None)
        if key is None:
            return None
        found.append(key)
    named = [key for key in found if key]
    return tuple(found) if {"respondent", "certificate"} <= set(named) and len(named) == len(set(named)) else None


def _entries(
    folder: Path, line: int, cells: Sequence[str], order: Sequence[str], known: dict[Path, tuple[x509.Certificate, ...]]
) -> list[TrustEntry]:
    row = dict(zip(order, cells, strict=False))
    spare = [cell for at, cell in enumerate(cells) if cell and (at >= len(order) or not order[at])]
    if spare or not row.get("respondent") or not row.get("certificate"):
        raise FileError("trust.line_cells", line=line)
    respondent = find_respondent(row["respondent"])
    if respondent is None:
        raise FileError("trust.line_respondent", line=line, respondent=printable(row["respondent"], 60))
    name = row["certificate"]
    if name.startswith(("\\\\", "//")) or any(ord(letter) < 32 for letter in name):
        # Opening a network share would log in there.
        raise FileError("trust.line_place", line=line, name=printable(name, 60))
    path = folder / name
    if "\\" in name and not path.exists():  # written on Windows, read elsewhere
        path = folder / name.replace("\\", "/")
    if path not in known:
        known[path] = read_certificate_file(path, signers=True)
    return [TrustEntry(one, respondent) for one in known[path]]


def _bad_places(errors: Sequence[FileError]) -> FileError:
    error = FileError("trust.bad_files", count=len(errors))
    said = [one for bad in errors for one in ((bad.code, dict(bad.values)), *bad.details)]
    error.details = tuple(said[:MOST_LISTED])
    return error


def _bad_list(name: str, problems: Sequence[BundleProblem]) -> FileError:
    error = FileError("trust.bad_list", name=name, count=len(problems))
    error.details = tuple((one.code, dict(one.values)) for one in problems[:MOST_LISTED])
    return error
