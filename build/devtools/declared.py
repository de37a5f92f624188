"""What dgdesk's commands need from the system: the only place that names libraries, tools and their Debian packages.

Tests, fault runs and benchmarks see no other tool than those declared here for their run (see `tool_folder`), so that
a missing line fails on every machine. A test holds every call of a tool in `tests/`, `benchmarks/` and `docs/` against
this table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

OFFSCREEN_LIBRARIES: Mapping[str, str] = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
}
"""What Qt loads without a display, and the Debian package that brings it."""

DISPLAY_LIBRARIES: Mapping[str, str] = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
"""What Qt loads to show a window under X."""

FROZEN_LIBRARIES: Mapping[str, str] = {"libz.so.1": "zlib1g"}
"""What the frozen program loads from the system before its own libraries are found."""

COMPARED_LIBRARIES: Mapping[str, str] = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
"""What WeasyPrint loads; the full benchmarks print beside it."""


@dataclass(frozen=True)
class Tool:
    """A program of the system: its name, the Debian package that brings it, and the runs that call it."""

    name: str
    package: str
    runs: frozenset[str]


def _tool(name: str, package: str, *runs: str) -> Tool:
    return Tool(name, package, frozenset(runs))


RUNS = ("test", "services", "journey", "faults", "benchmarks", "freeze", "bare-test", "windows", "goldens")
"""Every run that may call a tool; ``goldens`` are scripts that make the tests' sample files, started by hand."""

TOOLS: tuple[Tool, ...] = (
    # Public programs that check what dgdesk writes.
    _tool("openssl", "openssl", "test", "services", "faults", "benchmarks"),
    _tool("sha256sum", "coreutils", "test", "faults", "benchmarks"),
    _tool("pdftotext", "poppler-utils", "test", "benchmarks"),
    _tool("pdftoppm", "poppler-utils", "test"),
    _tool("pdfsig", "poppler-utils", "test"),
    # The test that the program opens no connection takes the network away.
    _tool("unshare", "util-linux", "test"),
    _tool("true", "coreutils", "test"),
    # Further programs that read what dgdesk writes, and write what it reads.
    _tool("age", "age", "services"),
    _tool("age-keygen", "age", "services"),
    _tool("qpdf", "qpdf", "services"),
    _tool("zbarimg", "zbar-tools", "services"),
    _tool("soffice", "libreoffice-calc-nogui", "services"),
    # A server of the tests' own for the ledger.
    _tool("initdb", "postgresql", "services", "benchmarks"),
    _tool("pg_ctl", "postgresql", "services", "benchmarks"),
    _tool("postgres", "postgresql", "services", "benchmarks"),
    # A tus server that we did not write, which bundles are sent to.
    _tool("node", "nodejs", "services", "benchmarks"),
    _tool("npm", "npm", "services", "benchmarks"),
    # A screen, and the hands of a person.
    _tool("Xvfb", "xvfb", "journey", "benchmarks"),
    _tool("xkbcomp", "x11-xkb-utils", "journey", "benchmarks"),
    _tool("xdotool", "xdotool", "journey", "benchmarks"),
    _tool("openbox", "openbox", "journey", "benchmarks"),
    _tool("xclip", "xclip", "journey", "benchmarks"),
    # The disk that fails at a chosen call is a small library in C.
    _tool("gcc", "gcc", "faults"),
    _tool("cc", "gcc", "faults"),
    _tool("as", "binutils", "faults", "freeze", "test"),
    _tool("ld", "binutils", "faults", "freeze", "test"),
    # What the benchmarks compare with.
    _tool("curl", "curl", "benchmarks"),
    _tool("xargs", "findutils", "benchmarks"),
    _tool("cat", "coreutils", "benchmarks"),
    _tool("cp", "coreutils", "benchmarks"),
    _tool("sync", "coreutils", "benchmarks"),
    _tool("stdbuf", "coreutils", "benchmarks"),
    _tool("zip", "zip", "benchmarks"),
    _tool("unzip", "unzip", "benchmarks"),
    _tool("xev", "x11-utils", "benchmarks"),
    # PyInstaller reads libraries with them and makes them smaller.
    _tool("objdump", "binutils", "freeze"),
    _tool("strip", "binutils", "freeze"),
    # A bare root, and how it is entered.
    _tool("mmdebstrap", "mmdebstrap", "bare-test", "windows"),
    _tool("git", "git", "bare-test"),
    _tool("unshare", "util-linux", "bare-test", "windows", "freeze"),
    _tool("mount", "mount", "bare-test", "windows"),
    _tool("chroot", "coreutils", "bare-test", "windows", "freeze"),
    # Signs Windows' programs; the trial makes a certificate of its own.
    _tool("osslsigncode", "osslsigncode", "windows"),
    _tool("openssl", "openssl", "windows"),
    _tool("soffice", "libreoffice", "goldens"),
    _tool("convert", "imagemagick", "goldens"),
    _tool("gzip", "gzip", "goldens"),
)


def tools_of(run: str) -> dict[str, str]:
    """Return the tools that a run may call, each with its Debian package."""
    return {tool.name: tool.package for tool in TOOLS if run in tool.runs}


def libraries_of(run: str) -> dict[str, str]:
    """Return the libraries that Qt loads in a run, each with its Debian package; with an X server it shows windows."""
    display = DISPLAY_LIBRARIES if "Xvfb" in tools_of(run) else {}
    return {**OFFSCREEN_LIBRARIES, **display}
