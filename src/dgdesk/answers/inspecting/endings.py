"""Inspecting, endings: which ending of a name belongs to which content, and which endings Windows would run."""

from __future__ import annotations

from dgdesk.answers import media

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
