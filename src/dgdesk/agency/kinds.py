"""What a file of the inbox is, by its name and its first bytes. Pure functions."""

from __future__ import annotations

import re
from typing import Final, Literal

from dgdesk.bundle.archive.plain_causes import AGE, is_archive
from dgdesk.bundle.archive.zip_write import LOCAL, LOCAL_MAGIC

FileKind = Literal["bundle", "encrypted", "receipt", "arriving", "packed", "foreign", "litter", "link", "unreadable"]
"""``bundle``: named or built like one, an addendum too. ``arriving``: a name of half-copied files. ``packed``: another
kind of archive, or a mail. ``foreign``: nothing of dgdesk's. ``litter``: what systems leave in folders.
``unreadable``: it, or the folder, could not be read."""
HEAD: Final = 512
"""Bytes of a file that `kind_of` needs; all of a file that `may_be_receipt`."""
PLACEHOLDER: Final = 0x1000 | 0x40000 | 0x400000
"""Windows' attributes of files that only the network has: offline, recall on open, recall on access."""

_LITTER: Final = frozenset(
    {".ds_store", "thumbs.db", "ehthumbs.db", "desktop.ini", ".localized", "icon\r", ".directory"}
)
_LITTER_BEGINS: Final = ("._", "~$", ".~lock.")
_LITTER_FOLDERS: Final = frozenset(
    {
        *("__macosx", ".trashes", ".spotlight-v100", ".fseventsd", ".temporaryitems", ".documentrevisions-v100"),
        *("system volume information", "$recycle.bin", "@eadir", ".trash"),
    }
)
_HALF: Final = (
    *(".part", ".partial", ".crdownload", ".download", ".opdownload", ".filepart", ".tmp", ".temp", ".icloud"),
    *(".aria2", ".!ut", ".!qb", ".bc!", ".dtapart", ".upload", ".downloading"),
)
_SYNCING: Final = re.compile(r"^(\.syncthing\.|~syncthing~|\.~tmp|\..+\.[A-Za-z0-9]{6}$|\..+\.~[0-9a-f]+$)")
SUFFIX: Final = ".age"
"""As `dgdesk.bundle.encryption.encrypt.SUFFIX`, without loading what encrypts; a test compares them."""
_BASE64: Final = b"UEsDB"  # PK\3\4
_DOCUMENTS: Final = (b"[Content_Types].xml", b"mimetype", b"_rels/", b"docProps/", b"word/", b"xl/", b"ppt/")
"""The first names in zips that are documents of office programs."""
_DOCUMENT_NAMES: Final = (".docx", ".docm", ".xlsx", ".xlsm", ".pptx", ".odt", ".ods", ".odp", ".epub")
_MAIL: Final = re.compile(
    rb"\A(?=From |[a-z][a-z-]{1,60}:)(?s:.*?\n)??"
    rb"(?:mime-version|content-transfer-encoding|received|return-path|message-id|delivered-to|subject|x-[a-z-]{1,60}):",
    re.IGNORECASE,
)
_OUTLOOK: Final = b"\x78\x9f\x3e\x22"
"""How the attachment winmail.dat of Outlook begins."""
_COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def kind_of(name: str, head: bytes) -> FileKind:
    """Return what a regular file is, by its name and its first `HEAD` bytes.

    What is named as a bundle or as encrypted is checked as what its content is; the check says what is wrong with it.
    """
    named = kind_of_name(name)
    if named not in (None, "bundle", "encrypted"):
        return named
    if head.startswith(AGE):
        return "encrypted"
    if named is not None or _is_bundle(head) or head.startswith(_BASE64):
        return "bundle"
    other = is_archive(head) or _is_other_zip(name, head)
    return "packed" if other or is_mail(name, head) else "foreign"


def is_mail(name: str, head: bytes) -> bool:
    """Return whether a file is a mail, in which a bundle may be attached."""
    low = name.lower()
    if low.endswith(".msg"):
        return head.startswith(_COMPOUND)
    return head.startswith(_OUTLOOK) or _MAIL.search(head) is not None


def kind_of_name(name: str) -> FileKind | None:
    """Return what a file is if its name alone says so."""
    low = name.lower()
    if low in _LITTER or low.startswith(_LITTER_BEGINS):
        return "litter"
    if low.endswith(_HALF) or _SYNCING.match(name):
        return "arriving"
    if low.endswith(".zip"):
        return "bundle"
    return "encrypted" if low.endswith(SUFFIX) else None


def kind_of_folder(name: str) -> FileKind | None:
    """Return what every file of a folder is if the folder's name says so."""
    low = name.lower()
    return "litter" if low in _LITTER_FOLDERS else "arriving" if low.endswith(_HALF) else None


def is_half_of(name: str, names: frozenset[str]) -> bool:
    """Return whether ``names``, those in its folder in lower case, hold the half-copied file that becomes ``name``.

    Browsers keep the final name free with an empty file.
    """
    stem = name.lower()
    return any(stem + end in names for end in _HALF)


def may_be_receipt(head: bytes) -> bool:
    """Return whether a file may be a receipt, so that all of it has to be read."""
    return head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0")[:1] == b"{"


def _is_other_zip(name: str, head: bytes) -> bool:
    """Return whether a file is a zip, and no document of an office program."""
    if name.lower().endswith(_DOCUMENT_NAMES):
        return False
    return head[:4] == LOCAL_MAGIC and not head[LOCAL.size :].startswith(_DOCUMENTS)


def _is_bundle(head: bytes) -> bool:
    """Return whether a file begins as a bundle does, whatever it is called: with the ``bagit.txt`` of a folder."""
    if len(head) < LOCAL.size or head[:4] != LOCAL_MAGIC:
        return False
    size = LOCAL.unpack_from(head)[9]
    return head[LOCAL.size : LOCAL.size + size].endswith(b"/bagit.txt")
