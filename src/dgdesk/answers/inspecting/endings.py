"""Inspecting, endings: which ending of a name belongs to which content, and which endings Windows would run."""

from __future__ import annotations

from dgdesk.answers import media

# The first ending is the one proposed; the label stands in sentences of either language.
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
# What Windows, and for scripts other systems, run or obey on a double click.
_RUN = frozenset(
    (
        *("exe", "com", "scr", "pif", "dll", "sys", "cpl", "ocx", "drv", "msi", "msp", "mst", "msix", "msixbundle"),
        *("appx", "appxbundle", "application", "appref-ms", "gadget", "jar", "bat", "cmd", "ps1", "ps1xml", "psc1"),
        *("psd1", "psm1", "vb", "vbe", "vbs", "js", "jse", "mjs", "ws", "wsf", "wsh", "wsc", "sct", "hta", "lnk"),
        *("url", "scf", "reg", "inf", "chm", "hlp", "msc", "xll", "wll", "ade", "adp", "mde", "ppam", "xlam", "ppa"),
        *("xla", "py", "pyw", "pyc", "sh", "bash", "csh", "ksh", "pl", "rb", "php", "command", "desktop"),
        *("settingcontent-ms", "diagcab", "library-ms", "search-ms"),
    )
)
_PACKED = frozenset(
    (
        *("zip", "rar", "7z", "gz", "tgz", "tar", "bz2", "tbz2", "xz", "txz", "zst", "lz4", "z", "cab", "iso", "img"),
        *("vhd", "vhdx", "dmg", "arj", "lzh", "ace", "deb", "rpm"),
    )
)


def ending_of(name: str) -> str:
    """Return a name's ending in lower case without its point; "" when there is none.

    Windows leaves out points and spaces at the end of a name, and so does this.
    """
    stem, point, ending = name.rstrip(". ").rpartition(".")
    return ending.lower().strip() if point and stem else ""


def fits(media_type: str, name: str) -> bool:
    """Tell whether a name ends as files of this media type do."""
    return ending_of(name) in _KINDS[media_type][1]


def is_known(ending: str) -> bool:
    """Tell whether an ending promises one of the accepted kinds."""
    return ending in _ALL_ENDINGS


def is_run(ending: str) -> bool:
    """Tell whether a double click would run a file of this ending."""
    return ending in _RUN


def is_packed(ending: str) -> bool:
    """Tell whether an ending promises an archive."""
    return ending in _PACKED


def label_of(media_type: str) -> str:
    """Return what a kind is called in sentences, with its proper ending."""
    return _KINDS[media_type][0]


def open_xml_kind(name: str) -> str | None:
    """Return the newer office kind that a name promises: all there is to go by under a password."""
    ending = ending_of(name)
    return next((kind for kind in (media.DOCX, media.XLSX, media.PPTX) if ending in _KINDS[kind][1]), None)
