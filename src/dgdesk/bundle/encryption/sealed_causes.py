"""Why an encrypted file cannot be opened although a key is there: what its bytes say of its way here."""

from __future__ import annotations

import os
from typing import BinaryIO, Final

from dgdesk.bundle.archive.plain_causes import AGE, cause_of_other
from dgdesk.bundle.archive.zip_write import LOCAL_MAGIC
from dgdesk.errors import FileError

_HEAD: Final = 4096
_TAIL: Final = 512
_BINARY, _ARMOUR = AGE
_STANZA: Final = b"\n-> "
_ARMOUR_END: Final = b"-----END AGE ENCRYPTED FILE-----"


def why_damaged(sealed: BinaryIO, name: str) -> FileError:
    """Return the error for a person about a file that is not the encrypted one that was sent.

    ``sealed.cut_short``, ``sealed.damaged``, ``sealed.not_sealed`` (it is a zip), ``sealed.not_age``; ``zip.…`` where
    its bytes say what it is: empty, zeros, a web page, a mail's text, another archive, line ends changed.

    Raises:
        OSError: the file cannot be read.
    """
    length = sealed.seek(0, os.SEEK_END)
    sealed.seek(0)
    head = sealed.read(_HEAD)
    if head.startswith(_BINARY):
        # Only a transfer in text mode puts a carriage return into the header.
        code = "zip.line_ends" if head.partition(b"\n")[0].endswith(b"\r") else "sealed.damaged"
    elif head.lstrip().startswith(_ARMOUR):
        sealed.seek(max(0, length - _TAIL))
        code = "sealed.damaged" if _ARMOUR_END in sealed.read() else "sealed.cut_short"
    elif _ARMOUR in head.replace(b"\0", b""):
        code = "zip.changed" if b"\0" in head else "zip.mail_text"
    elif head.startswith(LOCAL_MAGIC):
        code = "sealed.not_sealed"
    elif head and any(one.startswith(head) for one in AGE):
        code = "sealed.cut_short"
    else:
        code = cause_of_other(sealed, length) or ("sealed.damaged" if _STANZA in head else "sealed.not_age")
    return FileError(code, name=name)
