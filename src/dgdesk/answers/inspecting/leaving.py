"""Inspecting, leaving: what a file is called that leaves the program: its ending fits its content and is never run.

The ending decides which program opens a file. Names and stated kinds of evidence are not trusted: the first bytes
count, and the ending of the name is used only if it belongs to that kind.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

from dgdesk.answers import media
from dgdesk.answers.inspecting.endings import ACCEPTED, ending_of, endings_of, is_packed, is_run

NEUTRAL: Final = "bin"
"""The ending of what belongs to no known kind: no system opens it by itself."""
_ZIPPED: Final = frozenset({media.ZIP, media.DOCX, media.XLSX, media.PPTX, media.ODT, media.ODS, media.ODP})
_OLE: Final = frozenset({media.OLE, media.DOC, media.XLS, media.PPT, media.DOCX, media.XLSX, media.PPTX})
"""The newer office files, too, lie in such a container under a password."""
_TEXTS: Final = frozenset({media.TEXT, media.CSV, media.OCTETS})
"""What is no text after its first bytes was attached as octets."""
_RUN_KINDS: Final = frozenset({media.PROGRAM, media.SCRIPT})
_OTHERS: Final = {
    "image/gif": ("gif",),
    "image/webp": ("webp",),
    "image/bmp": ("bmp", "dib"),
    "image/avif": ("avif",),
    "image/heif": ("heif", "heic", "hif"),
    "image/vnd.adobe.photoshop": ("psd",),
    "application/rtf": ("rtf",),
    "audio/mpeg": ("mp3",),
    "application/ogg": ("ogg", "oga", "ogv"),
    "video/x-matroska": ("mkv", "webm"),
    "video/mp4": ("mp4", "m4v", "m4a", "mov"),
    media.HTML: ("html", "htm"),
}
_ENDING: Final = re.compile(r"[a-z0-9]{1,10}")
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def content_fits(found: str, stated: str) -> bool:
    """Tell whether a file may be of the kind ``stated``; ``found``: its kind by first bytes (`media.media_type`)."""
    if found in _RUN_KINDS or stated in _RUN_KINDS:
        return False
    if found in _ZIPPED:
        return stated in _ZIPPED
    if found == media.OLE:
        return stated in _OLE
    return found == stated or (found == media.TEXT and stated in _TEXTS)


def ending_fits(stated: str, ending: str) -> bool:
    """Tell whether a file of the kind ``stated`` may have this ending (lower case, without dot; "" for none).

    A kind that the survey does not list may have any ending that nothing runs or unpacks.
    """
    if is_run(ending):
        return False
    if stated in ACCEPTED:
        return ending in endings_of(stated)
    return not is_packed(ending)


def leaving_ending(name: str, stated: str, found: str) -> str:
    """Return the ending of a file that leaves the program; ``name`` and ``stated`` are not trusted."""
    fits, ending = content_fits(found, stated), ending_of(seen_name(name))
    kind = stated if fits else found
    if fits and kind not in ACCEPTED and ending_fits(kind, ending) and _ENDING.fullmatch(ending):
        return NEUTRAL if kind == media.OLE and ending not in _by_name() else ending
    fitting = endings_of(kind) if kind in ACCEPTED else _OTHERS.get(kind, ())
    if ending in fitting and not is_run(ending):
        return ending
    return fitting[0] if fitting else NEUTRAL


def leaving_name(name: str, stated: str, found: str) -> str:
    """Return the name of a file that leaves the program: its own name with `leaving_ending`.

    An ending that does not fit stays visible, before the one that fits: ``run.lnk`` becomes ``run.lnk.bin``.
    """
    seen = seen_name(name)
    ending = leaving_ending(name, stated, found)
    return seen if ending_of(seen) == ending else f"{seen or '_'}.{ending}"


def peeked(pieces: Iterable[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """Return the first bytes of a file (`media.HEAD`, or fewer if it is shorter), and all of its pieces."""
    rest, begun, head = iter(pieces), list[bytes](), b""
    for piece in rest:
        begun.append(piece)
        head += piece[: media.HEAD - len(head)]
        if len(head) >= media.HEAD:
            break
    return head, chain(begun, rest)


def seen_name(name: str) -> str:
    """Return a name without invisible characters and without those that change the direction of writing.

    ``:``, which can name hidden streams, becomes "_"; dots and spaces at the end, which Windows ignores, are removed.
    """
    shown = "".join(letter for letter in name if unicodedata.category(letter) not in _UNSEEN)
    return shown.replace(":", "_").rstrip(". \u3002\uff0e")


def _by_name() -> frozenset[str]:
    return frozenset(ending for kind in (media.DOC, media.XLS, media.PPT) for ending in endings_of(kind))
