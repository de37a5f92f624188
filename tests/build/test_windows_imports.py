"""What must not be in a program for Windows, and what must: told from its files and the list of what Windows has."""

from __future__ import annotations

from pathlib import Path

import pytest

from made_pe import pe as made
from windows import imports

TOLD = """
/p/Qt6Core.dll:     file format pei-x86-64

\tDLL Name: icuuc.dll
\tvma:     Ordinal  Hint  Member-Name  Bound-To
\t003d5cc0  <none>  0107  ucnv_open
\t003d5cc8  <none>  00e1  UCNV_TO_U_CALLBACK_SUBSTITUTE

 00996864\t00997000 00000000 00000000 00998f12 003d5648

\tDLL Name: zlib1.dll
\tvma:  Hint/Ord Member-Name Bound-To
\t9989e8\t  263  inflate
"""
WINDOWS = frozenset({"kernel32.dll", "icuuc.dll", "user32.dll"})
PROGRAM = {
    "dgdesk.exe": ["KERNEL32.dll"],
    "_internal/python311.dll": ["VCRUNTIME140.dll", "kernel32.dll"],
    "_internal/VCRUNTIME140.dll": ["kernel32.dll"],
    "_internal/msvcp140.dll": ["vcruntime140.dll"],
    "_internal/shiboken6/shiboken6.abi3.dll": ["python311.dll", "msvcp140.dll"],
    "_internal/PySide6/QtCore.pyd": ["Qt6Core.dll", "shiboken6.abi3.dll"],
    "_internal/PySide6/Qt6Core.dll": ["MSVCP140.dll", "icuuc.dll"],
    "_internal/PySide6/plugins/platforms/qwindows.dll": ["Qt6Core.dll", "USER32.dll"],
    "_internal/pikepdf/_core.pyd": ["qpdf30-14ef.dll"],
    "_internal/pikepdf.libs/qpdf30-14ef.dll": ["msvcp140.dll"],
}


def test_functions_are_read_in_both_forms_of_objdump() -> None:
    assert imports.functions(TOLD, "icuuc.dll") == ["ucnv_open", "UCNV_TO_U_CALLBACK_SUBSTITUTE"]
    assert imports.functions(TOLD, "zlib1.dll") == ["inflate"]


def test_a_program_that_brings_what_it_needs_lacks_nothing() -> None:
    assert imports.missing(PROGRAM, WINDOWS) == []


@pytest.mark.parametrize("gone", [name for name in PROGRAM if "exe" not in name and "pyd" not in name])
def test_a_library_that_was_taken_away_is_missed(gone: str) -> None:
    left = {name: asked for name, asked in PROGRAM.items() if name != gone}
    alone = gone.endswith("qwindows.dll")  # nothing asks for a plugin: the self-test shows its window with it
    found = imports.missing(left, WINDOWS)
    assert found == [] if alone else [each.partition(" ")[0] for each in found] == [Path(gone).name.lower()]


@pytest.mark.parametrize("name", ["vcruntime140.dll", "msvcp140.dll", "concrt140.dll", "MSVCP140_2.dll"])
def test_the_cpp_runtime_is_never_a_part_of_windows(name: str) -> None:
    assert imports.missing({"dgdesk.exe": [name]}, {*WINDOWS, name.lower()}) == [
        f"{name.lower()} (asked for by dgdesk.exe)"
    ]


def test_a_library_in_a_folder_where_the_loader_does_not_look_does_not_count() -> None:
    files = {**PROGRAM, "_internal/lxml/etree.pyd": ["qpdf30-14ef.dll"], "_internal/PIL/_imaging.pyd": ["jpeg.dll"]}
    files["_internal/lxml/jpeg.dll"] = []
    assert imports.missing(files, WINDOWS) == [
        "jpeg.dll (asked for by _internal/PIL/_imaging.pyd)",
        "qpdf30-14ef.dll (asked for by _internal/lxml/etree.pyd)",
    ]


def test_a_set_of_windows_that_the_list_does_not_name_is_missing() -> None:
    asked = {"dgdesk.exe": ["api-ms-win-core-newer-l1-9-0.dll", "ext-ms-win-thing-l1-1-0.dll"]}
    assert len(imports.missing(asked, imports.of_windows())) == 2


def test_the_list_of_windows_has_no_runtime_and_no_redistributed_library() -> None:
    names = imports.of_windows()
    assert {"kernel32.dll", "winspool.drv", "icuuc.dll", "api-ms-win-crt-runtime-l1-1-0.dll"} <= names
    assert not [name for name in names if imports.REDISTRIBUTED.match(name)]
    assert imports.LIST.read_text(encoding="ascii").count("[1]") == 2


@pytest.mark.parametrize("line", ["msvcp140.dll", "VCRUNTIME140.dll", "kernel32", "a b.dll", "../x.dll"])
def test_a_line_that_cannot_be_right_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="cannot stand in the list"):
        imports.of_windows(f"# a source\nkernel32.dll\n{line}\n")


def test_second_copies_and_renamed_ones_of_the_runtime_are_named() -> None:
    files = ["_internal/VCRUNTIME140.dll", "_internal/PySide6/msvcp140.dll", "_internal/msvcp140-7c26614e1d733892.dll"]
    files += ["dgdesk.exe", "vcruntime140.dll", "_internal/zlib.dll"]
    assert imports.doubled(files) == [
        "_internal/PySide6/msvcp140.dll",
        "_internal/msvcp140-7c26614e1d733892.dll",
        "vcruntime140.dll",
    ]


def test_what_files_ask_for_is_read_also_when_they_ask_later(tmp_path: Path) -> None:
    (tmp_path / "_internal").mkdir()
    (tmp_path / "a.exe").write_bytes(made(["KERNEL32.dll"], ["late.dll"]))
    (tmp_path / "_internal" / "b.PYD").write_bytes(made())
    (tmp_path / "_internal" / "text.txt").write_bytes(b"no program")
    assert imports.asked(tmp_path) == {"a.exe": ["KERNEL32.dll", "late.dll"], "_internal/b.PYD": []}
    (tmp_path / "_internal" / "c.dll").write_bytes(b"broken")
    with pytest.raises(ValueError, match=r"_internal/c\.dll"):
        imports.asked(tmp_path)


def test_what_wine_has_and_windows_has_not_is_turned_off_in_a_trial() -> None:
    wine = ["kernel32.dll", "msvcp140.dll", "MSVCP100.dll", "vcruntime140_1.dll", "d3dx9_43.dll", "xinput1_3.dll"]
    wine += ["vulkan-1.dll", "d3dcompiler_43.dll", "d3dcompiler_47.dll", "msvcrt.dll", "wined3d.dll", "notepad.exe"]
    assert imports.only_of_wine(wine, WINDOWS) == [
        *("d3dcompiler_43", "d3dx9_43", "msvcp100", "msvcp140", "vcruntime140_1", "vulkan-1", "xinput1_3")
    ]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("helper.dll", b"MZ" + bytes(62) + b"Wine builtin DLL" + bytes(99)),
        ("helper.dll", b"MZ" + bytes(62) + b"Wine placeholder DLL" + bytes(99)),
        ("helper.dll", b"the shim"),
        ("KERNEL32.dll", b"MZ"),
        ("api-ms-win-crt-runtime-l1-1-0.dll", b"MZ"),
        ("msvcp140.dll", b"MZ" + bytes(62) + b"Wine builtin DLL"),
    ],
)
def test_files_of_wine_and_of_windows_are_strangers(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / "_internal" / name
    path.parent.mkdir()
    path.write_bytes(content)
    assert imports.strangers([path], tmp_path, [b"the shim"], ["kernel32.dll", "msvcp140.dll"]) == [f"_internal/{name}"]


def test_the_cpp_runtime_and_the_programs_own_parts_belong(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("MSVCP140.dll", "vcruntime140_1.dll", "Qt6Core.dll", "dgdesk.exe")]
    for path in files:
        path.write_bytes(b"MZ own")
    system = ["msvcp140.dll", "vcruntime140_1.dll", "kernel32.dll"]
    assert imports.strangers(files, tmp_path, [b"the shim"], system) == []
