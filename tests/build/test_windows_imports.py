"""What must not be in a program for Windows, and what must: told from its files alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from windows import imports

TOLD = """
/p/dgdesk.exe:     file format pei-x86-64

\tDLL Name: KERNEL32.dll
\tvma:     Ordinal  Hint  Member-Name  Bound-To
\t003d5cc0  <none>  0107  CreateFileW

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


def test_each_file_is_read_with_what_it_loads() -> None:
    assert imports.libraries(TOLD) == {"/p/dgdesk.exe": ["kernel32.dll"], "/p/Qt6Core.dll": ["icuuc.dll", "zlib1.dll"]}


def test_functions_are_read_in_both_forms_of_objdump() -> None:
    assert imports.functions(TOLD, "icuuc.dll") == ["ucnv_open", "UCNV_TO_U_CALLBACK_SUBSTITUTE"]
    assert imports.functions(TOLD, "zlib1.dll") == ["inflate"]


def test_a_library_that_nobody_brings_is_named_with_who_asks() -> None:
    loaded = imports.libraries(TOLD)
    assert imports.missing(loaded, ["dgdesk.exe"], ["KERNEL32.dll"]) == ["zlib1.dll (asked for by Qt6Core.dll)"]
    assert imports.missing(loaded, ["ZLIB1.dll"], ["kernel32.dll"]) == []


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
