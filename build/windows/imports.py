"""What Windows programs and libraries ask for, and whether wine left something in them; from the files alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

WINE_MARKS = (b"Wine builtin DLL", b"Wine placeholder DLL")
RUNTIME = re.compile(r"^(vcruntime140|msvcp140|concrt140|vccorlib140|vcomp140)[a-z0-9_]*\.dll$")
"""Microsoft's C++ runtime, which programs bring with them; wine has its own of these names."""
# Older binutils write address, hint, name; newer ones put an ordinal before the hint.
_ROW = re.compile(r"^\s+[0-9a-f]+\s+(?:<none>\s+)?[0-9a-f]+\s+([A-Za-z_?]\S*)\s*$")
_SYSTEM_SETS = ("api-ms-win-", "ext-ms-")


def libraries(told: str) -> dict[str, list[str]]:
    """Read what ``objdump -p`` says of files: which libraries each of them loads, in lower case."""
    found: dict[str, list[str]] = {}
    names: list[str] = []
    for line in told.splitlines():
        if file := re.match(r"^(.+?):\s+file format ", line):
            names = found.setdefault(file[1], [])
        elif library := re.match(r"^\s*DLL Name: (\S+)", line):
            names.append(library[1].lower())
    return found


def functions(told: str, library: str) -> list[str]:
    """Read what ``objdump -p`` says of one file: which functions of a library it uses, by name."""
    names: list[str] = []
    inside = False
    for line in told.splitlines():
        if found := re.match(r"^\s*DLL Name: (\S+)", line):
            inside = found[1].lower() == library
        elif inside and (row := _ROW.match(line)):
            names.append(row[1])
    return names


def from_wine(content: bytes) -> bool:
    """Whether a library is one of wine's own."""
    return any(mark in content[:4096] for mark in WINE_MARKS)


def strangers(files: Iterable[Path], folder: Path, shims: Iterable[bytes], system: Iterable[str]) -> list[str]:
    """Name the files that do not belong in a program for Windows: wine's, our shims, and parts of Windows itself.

    ``shims`` are their contents, ``system`` the names of the libraries that Windows brings.
    """
    forged, windows = set(shims), {name.lower() for name in system}
    found = []
    for path in files:
        name, content = path.name.lower(), path.read_bytes()
        part = name in windows and name.endswith((".dll", ".drv")) and not RUNTIME.match(name)
        if content in forged or part or name.startswith(_SYSTEM_SETS) or from_wine(content):
            found.append(path.relative_to(folder).as_posix())
    return found


def missing(loaded: Mapping[str, Iterable[str]], brought: Iterable[str], system: Iterable[str]) -> list[str]:
    """Name the libraries that nobody brings, with the first file that asks for each."""
    there = {name.lower() for name in [*brought, *system]}
    # Windows has these, and wine does not.
    there |= {"icuuc.dll", "icuin.dll", "icu.dll"}
    found: dict[str, str] = {}
    for file, names in loaded.items():
        for name in names:
            if name not in there and not name.startswith(_SYSTEM_SETS):
                found.setdefault(name, Path(file).name)
    return [f"{name} (asked for by {file})" for name, file in sorted(found.items())]
