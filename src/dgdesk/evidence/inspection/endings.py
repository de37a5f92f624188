"""File name endings: which fit a content, which Windows runs, and the safe name of a file that leaves the program.

The ending decides which program opens a file. Names and stated kinds of evidence are not trusted: the first bytes
count, and the ending of the name is used only if it belongs to that kind.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

from dgdesk.evidence import media

# The first ending is the one proposed; the label is used in sentences of both languages.
_KINDS: dict[str, tuple[str, tuple[str, ...]]] = {
    media.PDF: ("PDF (.pdf)", ("pdf",)),
    media.JPEG: ("JPEG (.jpg)", ("jpg", "jpeg", "jpe", "jfif")),
    media.PNG: ("PNG (.png)", ("png",)),
    media.TIFF: ("TIFF (.tif)", ("tif", "tiff")),
    media.HEIC: ("HEIC (.heic)", ("heic", "heif", "hif")),
    media.DOC: ("Word (.doc)", ("doc", "dot")),
    media.XLS: ("Excel (.xls)", ("xls", "xlt")),
    media.PPT: ("PowerPoint (.ppt)", ("ppt", "pps", "pot")),
    media.DOCX: ("Word (.docx)", ("docx", "docm", "dotx", "dotm")),
    media.XLSX: ("Excel (.xlsx)", ("xlsx", "xlsm", "xlsb", "xltx", "xltm")),
    media.PPTX: ("PowerPoint (.pptx)", ("pptx", "pptm", "ppsx", "ppsm", "potx")),
    media.ODT: ("OpenDocument (.odt)", ("odt", "ott")),
    media.ODS: ("OpenDocument (.ods)", ("ods", "ots")),
    media.ODP: ("OpenDocument (.odp)", ("odp", "otp")),
    media.TEXT: ("TXT (.txt)", ("txt", "text", "log")),
    media.CSV: ("CSV (.csv)", ("csv", "tsv", "tab")),
}
ACCEPTED = frozenset(_KINDS)
"""The kinds of evidence that the survey lists."""
_ALL_ENDINGS = frozenset(ending for _, endings in _KINDS.values() for ending in endings)
# Files that Windows (or, for scripts, another system) runs or follows on a double click, or when a folder is opened.
# In this order: programs and installers; scripts; links, and files that Explorer follows when a folder is opened; help
# files, consoles, pages and pictures that can hold scripts; office add-ins and databases.
_RUN = frozenset(
    (
        *("exe", "com", "scr", "pif", "dll", "sys", "cpl", "ocx", "drv", "ax", "msi", "msp", "mst", "msu", "msix"),
        *("msixbundle", "appx", "appxbundle", "appinstaller", "application", "appref-ms", "gadget", "jar", "jnlp"),
        *("class", "apk", "xap", "xbap", "vsix", "xpi", "crx", "airinstall", "air", "run", "appimage", "pkg", "bat"),
        *("cmd", "btm", "ps1", "ps1xml", "ps2", "ps2xml", "psc1", "psc2", "psd1", "psm1", "cdxml", "pssc", "vb"),
        *("vbe", "vbs", "vbscript", "js", "jse", "mjs", "ws", "wsf", "wsh", "wsc", "sct", "hta", "py", "pyw", "pyc"),
        *("pyo", "pyz", "pyzw", "sh", "bash", "csh", "ksh", "zsh", "fish", "pl", "rb", "php", "tcl", "lua", "ahk"),
        *("au3", "command", "workflow", "action", "scpt", "applescript", "csproj", "vcxproj", "proj", "sln", "xaml"),
        *("xoml", "lnk", "url", "website", "webloc", "desktop", "scf", "pnf", "inf", "ini", "reg", "htt", "db"),
        *("job", "grp", "rdp", "library-ms", "search-ms", "searchconnector-ms", "settingcontent-ms", "themepack"),
        *("deskthemepack", "theme", "mad", "maf", "mag", "mam", "maq", "mar", "mas", "mat", "mau", "mav", "maw"),
        *("mcf", "mda", "mdt", "mdw", "mdz", "contact", "group", "wcx", "ica", "vpn", "pbk", "printerexport"),
        *("theme-ms", "customdestinations-ms", "automaticdestinations-ms", "wab", "udl", "odc", "iqy", "oqy", "rqy"),
        *("dqy", "slk", "dde", "shs", "shb", "chm", "hlp", "msc", "diagcab", "diagcfg", "diagpkg", "wsb"),
        *("appcontent-ms", "sfx", "ppkg", "mht", "mhtml", "xsl", "xslt", "svg", "svgz", "swf", "spl", "one", "xll"),
        *("xlam", "xla", "xlm", "wll", "wbk", "wiz", "ppam", "ppa", "acm", "ade", "adp", "adn", "mdb", "mde"),
        *("accda", "accdb", "accde", "accdr", "accdu", "laccdb", "ops", "osd", "plg", "prf", "prg", "gadgets", "elf"),
        *("so", "dylib"),
    )
)
_PACKED = frozenset(
    (
        *("zip", "rar", "7z", "gz", "tgz", "tar", "bz2", "tbz2", "xz", "txz", "zst", "lz4", "z", "cab", "iso", "img"),
        *("vhd", "vhdx", "wim", "swm", "esd", "udf", "dmg", "arj", "lzh", "ace", "deb", "rpm"),
    )
)


def ending_of(name: str) -> str:
    """Return a name's ending in lower case without the dot; "" if there is none.

    Dots and spaces at the end of a name are ignored, as Windows does.
    """
    stem, point, ending = name.rstrip(". ").rpartition(".")
    return ending.lower().strip() if point and stem else ""


def fits(media_type: str, name: str) -> bool:
    """Tell whether the ending of a name fits the media type."""
    return ending_of(name) in _KINDS[media_type][1]


def endings_of(media_type: str) -> tuple[str, ...]:
    """Return the endings that files of an accepted kind have; the first is the one proposed."""
    return _KINDS[media_type][1]


def is_known(ending: str) -> bool:
    """Tell whether an ending belongs to one of the accepted kinds."""
    return ending in _ALL_ENDINGS


def is_run(ending: str) -> bool:
    """Tell whether a double click would run a file of this ending."""
    return ending in _RUN


_OFTEN_INSIDE: Final = frozenset({"svg", "svgz", "xsl", "xslt", "ini", "db"})


def is_program_inside(name: str) -> bool:
    """Tell whether a file that lies in a document is one that a double click would run; drawings are not."""
    return is_run(ending := ending_of(name)) and ending not in _OFTEN_INSIDE


def is_packed(ending: str) -> bool:
    """Tell whether an ending belongs to an archive."""
    return ending in _PACKED


def label_of(media_type: str) -> str:
    """Return the name of a kind for sentences, with its usual ending."""
    return _KINDS[media_type][0]


def open_xml_kind(name: str) -> str | None:
    """Return the newer office kind by a name's ending; with a password nothing else shows it."""
    ending = ending_of(name)
    return next((kind for kind in (media.DOCX, media.XLSX, media.PPTX) if ending in _KINDS[kind][1]), None)


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
