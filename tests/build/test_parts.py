"""What goes into the frozen program: plugins by name, libraries because something wanted loads them, nothing else."""

from __future__ import annotations

import pytest

import parts

PLUGINS = "PySide6/Qt/plugins"
LIBRARIES = "PySide6/Qt/lib"


def kept(entries: list[tuple[str, str, str]], imports: dict[str, list[str]]) -> set[str]:
    return {entry[0] for entry in parts.reached(entries, lambda path: imports.get(path, []))}


def binary(name: str) -> tuple[str, str, str]:
    return name, f"/venv/{name}", "BINARY"


def test_a_library_stays_while_something_wanted_loads_it() -> None:
    entries = [
        ("PySide6/QtCore.abi3.so", "/venv/QtCore", "EXTENSION"),
        binary(f"{LIBRARIES}/libQt6Core.so.6"),
        binary(f"{LIBRARIES}/libicudata.so.73"),
        binary(f"{LIBRARIES}/libQt6Quick.so.6"),
        binary(f"{PLUGINS}/platforms/libqwayland.so"),
        binary(f"{LIBRARIES}/libQt6WaylandClient.so.6"),
    ]
    imports = {
        "/venv/QtCore": ["libQt6Core.so.6"],
        f"/venv/{LIBRARIES}/libQt6Core.so.6": ["libicudata.so.73", "libc.so.6"],
        f"/venv/{PLUGINS}/platforms/libqwayland.so": ["libQt6WaylandClient.so.6"],
    }
    wanted = {"PySide6/QtCore.abi3.so", f"{LIBRARIES}/libQt6Core.so.6", f"{LIBRARIES}/libicudata.so.73"}
    assert kept(entries, imports) == wanted


def test_a_library_of_windows_is_found_whatever_its_letters() -> None:
    entries = [("PySide6\\QtCore.pyd", "C:\\QtCore.pyd", "EXTENSION"), ("PySide6\\Qt6Core.dll", "C:\\q", "BINARY")]
    assert kept(entries, {"C:\\QtCore.pyd": ["QT6CORE.DLL", "KERNEL32.dll"]}) == {each[0] for each in entries}


def test_a_link_goes_where_its_target_goes() -> None:
    entries = [
        ("a.so", "/venv/a", "EXTENSION"),
        binary("x/libone.so.1"),
        binary("x/libtwo.so.1"),
        ("libone.so.1", "x/libone.so.1", "SYMLINK"),
        ("libtwo.so.1", "x/libtwo.so.1", "SYMLINK"),
        ("y/libone.so", "../x/libone.so.1", "SYMLINK"),
    ]
    assert kept(entries, {"/venv/a": ["libone.so.1"]}) == {"a.so", "x/libone.so.1", "libone.so.1", "y/libone.so"}


@pytest.mark.parametrize(
    "name",
    [
        f"{PLUGINS}/platforms/libqoffscreen.so",
        "PySide6/plugins/platforms/qwindows.dll",
        "PySide6\\plugins\\platforms\\qoffscreen.dll",
        "pypdfium2_raw/libpdfium.so",
        "pypdfium2_raw\\pdfium.dll",
        "libpython3.11.so.1.0",
        "python311.dll",
        "python3.dll",
    ],
)
def test_what_is_loaded_by_name_stays(name: str) -> None:
    assert kept([binary(name)], {}) == {name}


@pytest.mark.parametrize(
    "name",
    [
        "PySide6/Qt/translations/qtbase_de.qm",
        "PySide6/translations/qt_ja.qm",
        "PySide6/opengl32sw.dll",
        "PySide6\\opengl32sw.dll",
        "PySide6/QtCore.pyi",
        f"{PLUGINS}/imageformats/libqpdf.so",
        "PySide6/plugins/tls/qschannelbackend.dll",
        "sqlalchemy/testing/suite.py",
        "lxml/tests/data.xml",
        "pydantic-2.14.3.dist-info/METADATA",
        "libcups.so.2",
        "libdbus-1.so.3",
        "dgdesk/resources/fonts/OFL.txt",
        "tzdata/zoneinfo/America/New_York",
        "tzdata\\zoneinfo\\tzdata.zi",
    ],
)
def test_what_the_program_does_not_use_goes(name: str) -> None:
    assert not parts.is_wanted(name)


@pytest.mark.parametrize(
    "name",
    [
        "dgdesk/resources/fonts/Sarabun-Regular.ttf",
        "dgdesk/resources/i18n/ui.yaml",
        "tzdata/zoneinfo/Asia/Bangkok",
        "tzdata\\zoneinfo\\Europe\\Brussels",
    ],
)
def test_what_the_program_reads_stays(name: str) -> None:
    assert parts.is_wanted(name)


def test_objdump_is_read() -> None:
    said = "\nDynamic Section:\n  NEEDED               libQt6Core.so.6\n  SONAME     me.so\n  NEEDED   libc.so.6\n"
    assert parts.needed_libraries(said) == ["libQt6Core.so.6", "libc.so.6"]


def test_the_window_and_the_self_test_have_their_plugins() -> None:
    assert {"platforms/qxcb", "platforms/qwindows", "platforms/qoffscreen", "imageformats/qsvg"} <= parts.PLUGINS
    assert not {each for each in parts.EXCLUDED if each.startswith(("dgdesk", "PySide6.QtUiTools", "PySide6.QtSvg"))}
