"""What goes into the frozen program and what stays out: decisions of ``pyinstaller.spec``, without PyInstaller.

Names of files are those inside the frozen program, relative to its folder of parts.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import PurePosixPath

Entry = tuple[str, str, str]
"""PyInstaller's: name inside the program, where it lies on this PC, kind."""

EXCLUDED = (
    # Python's own that no code path of dgdesk reaches.
    "tkinter", "_tkinter", "turtle", "idlelib", "lib2to3", "ensurepip", "venv", "distutils", "setuptools",
    "pkg_resources", "pip", "wheel", "curses", "_curses", "readline", "pdb", "bdb", "doctest", "unittest", "test",
    "pydoc", "pydoc_data", "xmlrpc", "ftplib", "imaplib", "poplib", "smtplib", "telnetlib", "nntplib",
    "multiprocessing", "_multiprocessing", "concurrent.futures.process", "sqlite3.test",
    "_pydecimal", "statistics", "_statistics",
    # Encodings of Chinese, Japanese and Korean.
    "_codecs_cn", "_codecs_hk", "_codecs_iso2022", "_codecs_jp", "_codecs_kr", "_codecs_tw", "_multibytecodec",
    # Tools and tests.
    "pytest", "_pytest", "hypothesis", "IPython", "numpy", "pandas", "duckdb", "mypy", "jsonschema", "referencing",
    "bagit", "bagit_profile",
    "pypdf", "pymupdf", "fitz", "PyInstaller",
    # What libraries use for things that dgdesk does not ask of them, if it happens to be there.
    "rich", "pygments", "markdown_it", "pyphen", "zopfli", "brotli", "_brotli", "charset_normalizer", "cgi",
    "pycparser", "click", "lxml.doctestcompare", "lxml.cssselect", "lxml.builder",
    "lxml.sax", "rlextra", "sphinx", "defusedxml",
    # Network: `outbox/transport` uses the standard library and the system's certificates. pyHanko's validator would
    # fetch lists of revoked certificates with aiohttp, and look for the PC's roots; dgdesk asks it for neither.
    "requests", "urllib3", "aiohttp", "aiosignal", "aiohappyeyeballs", "attr", "attrs", "certifi", "cffi", "frozenlist",
    "idna", "multidict", "oscrypto", "propcache", "yarl", "pyhanko_certvalidator.fetchers.aiohttp_fetchers",
    "pyhanko_certvalidator.fetchers.requests_fetchers",
    # Qt's modules that the window does not use.
    *(
        f"PySide6.Qt{name}"
        for name in (
            "Concurrent", "DBus", "Designer", "Help", "Network", "OpenGL", "OpenGLWidgets", "Qml", "Quick",
            "QuickControls2", "QuickTest", "QuickWidgets", "Sql", "Test", "Xml",
        )
    ),
    # Databases and pictures of other kinds; an agency that has a server installs from source.
    "psycopg", "psycopg_binary", "psycopg_c", "psycopg_pool", "pyarrow",
    *(f"sqlalchemy.dialects.{name}" for name in ("mysql", "postgresql", "oracle", "mssql")),
    "sqlalchemy.orm", "sqlalchemy.ext", "sqlalchemy.testing", "sqlalchemy.future.orm", "greenlet",
    "PIL._avif", "PIL.AvifImagePlugin", "PIL._imagingtk", "PIL.ImageTk", "PIL.ImageQt", "PIL._imagingmath",
    "PIL._imagingcms", "PIL.ImageCms",
    "pydantic.mypy", "pydantic.v1",
    # Only ReportLab's canvas is used, and of fontTools what reads and writes a font.
    "reportlab.graphics", "reportlab.platypus", "reportlab.lib.testutils", "reportlab.pdfbase._glyphlist",
    "pypdfium2._cli", "pypdfium2_cli", "lxml.html", "lxml.isoschematron", "lxml.objectify",
    *(
        f"fontTools.{name}"
        for name in ("colorLib", "cu2qu", "designspaceLib", "otlLib", "qu2cu", "subset", "svgLib", "ttx", "varLib")
    ),
    "pyhanko.pdf_utils.font.opentype", "uharfbuzz.subset",
)  # fmt: skip
"""Modules that are left out. What one of them would be imported for shows in the self-test."""

PLUGINS = frozenset(
    {
        "platforms/qxcb", "platforms/qwindows", "platforms/qoffscreen", "styles/qmodernwindowsstyle",
        "imageformats/qgif", "imageformats/qico", "imageformats/qjpeg", "imageformats/qsvg", "iconengines/qsvgicon",
        "platforminputcontexts/composeplatforminputcontextplugin",
        "platforminputcontexts/ibusplatforminputcontextplugin", "printsupport/cupsprintersupport",
        "printsupport/windowsprintersupport",
    }
)  # fmt: skip
"""Qt's plugins that are kept: the window, the self-test's screen without a display, pictures, input, printers."""

ZONES = frozenset({"Asia/Bangkok", "Europe/Brussels", "UTC"})
"""Time zones that are kept: Thailand's, and the one that pyHanko asks for when it is imported. Times are the program's
own (`dgdesk.text.dates`), and nothing asks for the zone of the PC."""

_DROPPED = re.compile(
    r"""
    (^|/)translations/            # Qt's words: there are none in Thai, ours stand in the catalogue
    | \.pyi$ | (^|/)py\.typed$ | \.pxd$ | \.pyx$ | \.[ch]$ | \.hpp$
    | (^|/)tests?/ | (^|/)testing/
    | \.dist-info/                # no code here asks for metadata; the licences stand in LICENSES.html
    | ^PySide6/(qt\.conf$|typesystems/|include/|glue/|doc/|scripts/|support/)
    | ^reportlab/fonts/           # Sarabun is embedded, nothing else
    | ^lxml/(isoschematron|includes)/
    | (^|/)libcups\.so             # with its dozen of others: a PC that prints has it
    | (^|/)libdbus-1\.so           # with systemd's and six others: a PC with a desktop has it
    | ^dgdesk/resources/(fonts/(OFL|README)|i18n/words-LICENSE)\.txt$  # they stand in LICENSES.html
    | (^|/)opengl32sw\.dll$ | (^|/)d3dcompiler
    """,
    re.VERBOSE,
)


def plugin_of(name: str) -> str | None:
    """Return the plugin's folder and name without ending ("platforms/qxcb") if this file is one of Qt's plugins."""
    found = re.search(r"PySide6/(?:Qt/)?plugins/([^/]+)/(?:lib)?([^/]+?)(?:\.so|\.dll)$", name)
    return f"{found[1]}/{found[2]}" if found else None


def is_wanted(name: str) -> bool:
    """Whether a file belongs in the program, as far as its own name says."""
    plain = name.replace("\\", "/")
    plugin = plugin_of(plain)
    if plugin is not None:
        return plugin in PLUGINS
    if zone := re.match(r"tzdata/(?:zoneinfo/)?(.+)$", plain):
        return zone[1] in ZONES
    return not _DROPPED.search(plain)


def reached(entries: Sequence[Entry], imports: Callable[[str], Iterable[str]]) -> list[Entry]:
    """Return the wanted entries without the libraries that nothing wanted loads any more.

    ``imports`` names the libraries that a binary asks its loader for, as far as it does so itself. Starting points are
    Python's extension modules, Qt's plugins, and what is loaded by name at run time. A symbolic link goes where what it
    points to goes.
    """
    wanted = [entry for entry in entries if is_wanted(entry[0])]
    libraries: dict[str, list[Entry]] = {}
    for entry in wanted:
        if entry[2] == "BINARY":
            libraries.setdefault(_file(entry[0]), []).append(entry)
    kept = {entry[0] for entry in wanted if entry[2] not in ("BINARY", "SYMLINK") or _is_loaded_by_name(entry[0])}
    waiting = [entry for entry in wanted if entry[0] in kept and entry[2] in ("BINARY", "EXTENSION")]
    while waiting:
        for library in imports(waiting.pop()[1]):
            new = [entry for entry in libraries.get(_file(library), []) if entry[0] not in kept]
            kept.update(entry[0] for entry in new)
            waiting += new
    return [entry for entry in wanted if entry[0] in kept or (entry[2] == "SYMLINK" and _target(entry) in kept)]


def needed_libraries(objdump: str) -> list[str]:
    """Read the names of libraries out of what ``objdump -p`` says about an ELF file."""
    return re.findall(r"^\s+NEEDED\s+(\S+)", objdump, re.MULTILINE)


def _file(name: str) -> str:
    return PurePosixPath(name.replace("\\", "/")).name.lower()


def _is_loaded_by_name(name: str) -> bool:
    """PDFium is loaded by ctypes, Python by the program's own start, a plugin by Qt."""
    plain = name.replace("\\", "/")
    return bool(
        plugin_of(plain) or plain.startswith("pypdfium2_raw/") or re.match(r"(lib)?python3[.0-9]*(dll|so)", _file(name))
    )


def _target(link: Entry) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(link[0]), link[1]))
