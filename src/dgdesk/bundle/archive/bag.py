"""Writes and reads the text files of a BagIt 1.0 bag (RFC 8493), as bytes; touches no files."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import NamedTuple

from dgdesk import __version__

BAGIT = "bagit.txt"
BAG_INFO = "bag-info.txt"
MANIFEST = "manifest-sha256.txt"
TAGMANIFEST = "tagmanifest-sha256.txt"
SIGNATURE = "signatures/tagmanifest-sha256.txt.p7s"
PAYLOAD = "data/"
SIGNED_TAGS = (BAGIT, BAG_INFO, MANIFEST)
"""The content of the tag manifest: every tag file except itself and its signature."""

BAGIT_TXT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
DRAFT = "DRAFT"
OXUM = "Payload-Oxum"
STATUS = "Dgdesk-Status"
PROFILE = "BagIt-Profile-Identifier"
PROFILE_1 = "urn:uuid:de03f882-d321-5bef-b7d8-1ab6049a73dd"
"""The profile in docs/bagit-profile.json (BagIt Profiles 1.4); bags of 0.1.0 name none."""
UNSENT_FILES, UNSENT_ANSWERS = "Dgdesk-Unsent-Files", "Dgdesk-Unsent-Answers"
"""How much the sender's draft has at places that are not asked, and does not send; absent for nothing."""

_LINE = re.compile(r"([0-9a-f]{64})  ([^ ].*)")
_COUNT = re.compile("[1-9][0-9]{0,6}")
_FIELD = re.compile(r"([A-Za-z][A-Za-z0-9-]{0,63}): (\S.*)")
_ESCAPES = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
# What str.splitlines or a text editor takes for a line end; RFC 8493 has CR and LF only.
_BREAKS = frozenset("\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029\x00")


class BagInfo(NamedTuple):
    """What bag-info.txt says of a submission; empty texts are omitted. ``bagging_date`` is the local day."""

    source_organization: str
    external_identifier: str
    bagging_date: date
    contact_name: str = ""
    external_description: str = ""
    software_agent: str = f"dgdesk {__version__}"
    draft: bool = False
    unsent_files: int = 0
    unsent_answers: int = 0

    def text(self, octets: int, files: int) -> bytes:
        """Return bag-info.txt for a payload of ``octets`` bytes in ``files`` files.

        Raises:
            ValueError: a value has more than one line.
        """
        fields = [
            ("Source-Organization", self.source_organization),
            ("Contact-Name", self.contact_name),
            ("External-Description", self.external_description),
            ("External-Identifier", self.external_identifier),
            ("Bagging-Date", self.bagging_date.isoformat()),
            (OXUM, f"{octets}.{files}"),
            ("Bag-Software-Agent", self.software_agent),
            (PROFILE, PROFILE_1),
            (STATUS, DRAFT if self.draft else ""),
            (UNSENT_FILES, str(self.unsent_files or "")),
            (UNSENT_ANSWERS, str(self.unsent_answers or "")),
        ]
        return make_info((label, value.strip()) for label, value in fields if value.strip())


def make_info(fields: Iterable[tuple[str, str]]) -> bytes:
    """Return bag-info.txt with these labels and one-line values, in this order.

    Raises:
        ValueError: a label or value does not fit on one line.
    """
    lines = []
    for label, value in fields:
        line = f"{label}: {value}"
        if not _FIELD.fullmatch(line) or _BREAKS & set(line):
            raise ValueError(f"not a bag-info line: {line!r}")
        lines.append(line + "\n")
    return "".join(lines).encode()


def read_info(content: bytes) -> tuple[tuple[str, str], ...]:
    """Read bag-info.txt in the form that ``make_info`` writes: no folded lines, LF line ends, UTF-8 without a BOM.

    Raises:
        ValueError: it has another form.
    """
    fields = []
    for line in _lines(content):
        match = _FIELD.fullmatch(line)
        if not match or _BREAKS & set(line):
            raise ValueError(f"not a bag-info line: {line[:80]!r}")
        fields.append((match[1], match[2]))
    return tuple(fields)


def values_of(fields: Iterable[tuple[str, str]], label: str) -> list[str]:
    """Return the values of a label; labels ignore case (RFC 8493, 2.2.2)."""
    return [value for name, value in fields if name.lower() == label.lower()]


def count_of(fields: Iterable[tuple[str, str]], label: str) -> int:
    """Return the count of a label, 0 if it is absent.

    Raises:
        ValueError: it stands there twice, or is no count.
    """
    values = values_of(fields, label)
    if not values:
        return 0
    if len(values) > 1 or not _COUNT.fullmatch(values[0]):
        raise ValueError(f"not a count: {values[0][:80]!r}")
    return int(values[0])


def oxum_fits(fields: Iterable[tuple[str, str]], sizes: Collection[int]) -> bool:
    """Return whether bag-info.txt has exactly one Payload-Oxum and it fits the payload's bytes and files."""
    return values_of(fields, OXUM) == [f"{sum(sizes)}.{len(sizes)}"]


def make_manifest(digests: Mapping[str, str]) -> bytes:
    """Return a manifest of hex SHA-256 digests, sorted by path, in the form that ``sha256sum -c`` reads."""
    return "".join(f"{digests[path]}  {escape(path)}\n" for path in sorted(digests)).encode()


def make_tags(info: bytes, payload: Mapping[str, str]) -> dict[str, bytes]:
    """Return the tag files: bagit.txt, ``info`` as bag-info.txt, the payload's manifest, and the tag manifest.

    The tag manifest is what gets signed: it covers the other three files and, through the manifest, the payload.
    """
    tags = {BAGIT: BAGIT_TXT, BAG_INFO: info, MANIFEST: make_manifest(payload)}
    digests = {path: hashlib.sha256(content).hexdigest() for path, content in tags.items()}
    return tags | {TAGMANIFEST: make_manifest(digests)}


def read_manifest(content: bytes) -> dict[str, str]:
    """Read a manifest in the exact form that ``make_manifest`` writes: sorted, unique, one spelling of every path.

    Raises:
        ValueError: it is written otherwise.
    """
    digests: dict[str, str] = {}
    for line in _lines(content):
        match = _LINE.fullmatch(line)
        if not match:
            raise ValueError(f"not a manifest line: {line[:80]!r}")
        digests[unescape(match[2])] = match[1]
    if make_manifest(digests) != content:
        raise ValueError("lines unsorted, repeated, or a path written in another way")
    return digests


def escape(path: str) -> str:
    """Escape a path for a manifest: %, CR and LF become percent codes (RFC 8493, 2.1.3)."""
    return path.translate(_ESCAPES)


def unescape(text: str) -> str:
    """Return the path that ``escape`` wrote."""
    return re.sub("%(25|0D|0A)", lambda match: chr(int(match[1], 16)), text)


def _lines(content: bytes) -> list[str]:
    text = content.decode()  # UnicodeDecodeError is a ValueError
    if text.startswith("\ufeff") or (text and not text.endswith("\n")):
        raise ValueError("a byte order mark, or no line end at the end")
    return text.split("\n")[:-1]
