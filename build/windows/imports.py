"""What Windows programs and libraries ask for, who brings it, and whether wine left something in them.

Told from the files alone, and from a list of what Windows has: wine has more, and is never asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from windows import pe, runtime

LIST = Path(__file__).resolve().parent / "windows-10-1809.txt"
WINE_MARKS = (b"Wine builtin DLL", b"Wine placeholder DLL")
ADDED: Mapping[str, tuple[str, ...]] = {"PySide6": ("PySide6", "shiboken6"), "pikepdf": ("pikepdf.libs",)}
"""The folders below ``_internal`` that a package adds to the loader's search when it is imported (in its `__init__`).
Qt's plugins find Qt's libraries loaded already, from there."""
REDISTRIBUTED = re.compile(
    r"^(msvc[pr](7|8|9|1\d)\d|vcruntime\d|concrt\d|vcomp\d|vcamp\d|vccorlib\d|atl(8|9|1\d)0|d3dx\d|d3dcompiler_(3|4[0-6])"
    r"|xinput1_[1-3]|xaudio2_[0-7]|x3daudio1|xapofx1|xactengine\d|openal32|opencl|vulkan-1)"
)
"""Names of what programs bring with them, or a driver does, although wine has it."""
# Older binutils write address, hint, name; newer ones put an ordinal before the hint.
_ROW = re.compile(r"^\s+[0-9a-f]+\s+(?:<none>\s+)?[0-9a-f]+\s+([A-Za-z_?]\S*)\s*$")
_SYSTEM_SETS = ("api-ms-win-", "ext-ms-")
_INSIDE = "_internal"


def of_windows(listing: str | None = None) -> frozenset[str]:
    """Return the names, in lower case, of the libraries that Windows has by the project's own list.

    Raises:
        ValueError: a line of the list is no library's name, or names the C++ runtime, which Windows does not have.
    """
    text = LIST.read_text(encoding="ascii") if listing is None else listing
    names = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    for name in names:
        if not re.fullmatch(r"[a-z0-9_-]+\.(dll|drv)", name) or runtime.plain_name(name):
            raise ValueError(f"{name} cannot stand in the list of Windows' libraries")
    return frozenset(names)


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

    ``shims`` are their contents, ``system`` the names of the libraries that Windows or wine has.
    """
    forged, windows = set(shims), {name.lower() for name in system}
    found = []
    for path in files:
        name, content = path.name.lower(), path.read_bytes()
        part = name in windows and name.endswith((".dll", ".drv")) and not runtime.plain_name(name)
        if content in forged or part or name.startswith(_SYSTEM_SETS) or from_wine(content):
            found.append(path.relative_to(folder).as_posix())
    return found


def searched(file: PurePosixPath) -> list[PurePosixPath]:
    """Return the folders of the program in which Windows' loader looks for what ``file`` asks for.

    They are the file's own, the program's (`dgdesk.exe` lies there), ``_internal`` (PyInstaller's start names it by
    `SetDllDirectory`), and those that the file's package adds. Paths are relative to the program.
    """
    package = file.parts[1] if file.parts[0] == _INSIDE and len(file.parts) > 2 else ""
    added = [PurePosixPath(_INSIDE, each) for each in ADDED.get(package, ())]
    return list(dict.fromkeys([file.parent, PurePosixPath("."), PurePosixPath(_INSIDE), *added]))


def missing(loaded: Mapping[str, Iterable[str]], system: Iterable[str]) -> list[str]:
    """Name the libraries that neither Windows has nor the program brings where the loader looks.

    ``loaded`` names what each program or library asks for, by its path in the program with forward slashes;
    ``system`` are the names that Windows has. Each is told with the first file that asks for it.
    """
    there = {name.lower() for name in loaded}
    windows = {name.lower() for name in system if runtime.plain_name(name) is None}
    found: dict[str, str] = {}
    for file, names in sorted(loaded.items()):
        folders = searched(PurePosixPath(file))
        for name in names:
            brought = any((folder / name).as_posix().lower() in there for folder in folders)
            if not brought and name.lower() not in windows:
                found.setdefault(name.lower(), file)
    return [f"{name} (asked for by {file})" for name, file in sorted(found.items())]


def doubled(files: Iterable[str]) -> list[str]:
    """Name the files of the C++ runtime that do not lie in ``_internal``, or that lie there by another name."""
    right = PurePosixPath(_INSIDE)
    return sorted(
        file
        for file in files
        if (plain := runtime.plain_name(PurePosixPath(file).name))
        and (PurePosixPath(file).parent != right or PurePosixPath(file).name.lower() != plain)
    )


def asked(folder: Path) -> dict[str, list[str]]:
    """Return what each program and library below a folder asks for, for `missing`.

    Raises:
        ValueError: one of them cannot be read; it is named.
    """
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in pe.ENDINGS and path.is_file():
            name = path.relative_to(folder).as_posix()
            try:
                told = pe.read(path.read_bytes())
            except pe.Unreadable as error:
                raise ValueError(f"{name} cannot be read as a Windows program: {error}") from error
            found[name] = [*told.imports, *told.delayed]
    return found


def only_of_wine(names: Iterable[str], system: Iterable[str]) -> list[str]:
    """Name the libraries among wine's that a plain Windows lacks, without endings, as `WINEDLLOVERRIDES` wants them.

    ``names`` are the files of wine's folder of libraries, ``system`` what Windows has.
    """
    windows = {name.lower() for name in system}
    found = {name.lower() for name in names if name.lower().endswith(".dll")} - windows
    return sorted(name.removesuffix(".dll") for name in found if REDISTRIBUTED.match(name))
