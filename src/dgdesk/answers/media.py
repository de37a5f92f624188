"""What kind of file a piece of evidence is, told from its first bytes, not from its name."""

from __future__ import annotations

import codecs
import re

OCTETS = "application/octet-stream"
HEAD = 4096

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
)
_OFFICE = "application/vnd.openxmlformats-officedocument."
_OFFICE_KINDS: dict[bytes, str] = {
    b"word": _OFFICE + "wordprocessingml.document",
    b"xl": _OFFICE + "spreadsheetml.sheet",
    b"ppt": _OFFICE + "presentationml.presentation",
}
# Office files are zip archives; the folder of a part tells which program made them. The name of a part stands 30 bytes
# into its local header; where the list of parts is stored uncompressed, it names them too.
_OFFICE_PART = re.compile(rb'(?s:PK\x03\x04.{26}|PartName="/)(word|xl|ppt)/')


def media_type(head: bytes) -> str:
    """Return the media type of a file that begins with ``head`` (`HEAD` bytes are enough); octets when unknown."""
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return kind
    if head.startswith(b"PK\x03\x04"):
        part = _OFFICE_PART.search(head)
        return _OFFICE_KINDS[part[1]] if part else "application/zip"
    return "text/plain" if head and _is_text(head) else OCTETS


def _is_text(head: bytes) -> bool:
    try:
        # A cut inside the last character is no fault of the text.
        codecs.getincrementaldecoder("utf-8")().decode(head, final=len(head) < HEAD)
    except UnicodeDecodeError:
        return False
    return b"\x00" not in head
