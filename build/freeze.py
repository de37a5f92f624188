"""Freezes the program into ``dist/dgdesk`` with PyInstaller and says how large it has become.

    python build/freeze.py [--bootloader FOLDER]

FOLDER has the start of Windows programs that ``build/dev.py windows`` built from source. Needs the environment that
``build/dev.py freeze`` makes. The same sources, versions and ``SOURCE_DATE_EPOCH`` (default: the last commit's time)
give the same files; ``docs/release.md`` says what may differ all the same.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from argparse import ArgumentParser
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parent.parent
DIST, WORK = ROOT / "dist", ROOT / ".work"
LIMIT, MOST_FILES = 180_000_000, 300
"""Bytes and files that the program may have on Linux; `windows.make` has Windows' own limits."""
_LEAST = 1_000_000


def variables(environment: Mapping[str, str], epoch: str) -> dict[str, str]:
    """Return the variables that PyInstaller runs with: nothing of this minute and this process in what it writes."""
    kept = {name: value for name, value in environment.items() if not name.startswith(("PYTHON", "QT_"))}
    return {
        "SOURCE_DATE_EPOCH": epoch,
        **kept,
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        # Without the columns of each instruction, a quarter of the modules: a traceback shows them only with a source.
        "PYTHONNODEBUGRANGES": "1",
        "PYINSTALLER_ZLIB_COMPRESSION_LEVEL": "9",
        # Beside the sources, not in the person's home.
        "PYINSTALLER_CONFIG_DIR": str(WORK / "pyinstaller"),
    }


def commit_time(root: Path) -> str:
    """Return the last commit's time in seconds since 1970, or 2026-01-01 where there is no git."""
    try:
        done = subprocess.run(
            ["git", "-C", str(root), "log", "-1", "--format=%ct"], capture_output=True, text=True, check=False
        )
    except OSError:
        return "1767225600"
    return done.stdout.strip() or "1767225600"


def sizes(folder: Path) -> dict[str, int]:
    """Return the bytes of each file below a folder by name with forward slashes; links count nothing."""
    return {
        path.relative_to(folder).as_posix(): path.stat().st_size
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


def part_of(name: str) -> str:
    """Return the part of the program that a file is counted with."""
    path = PurePosixPath(name)
    inside = path.parts[1:] if path.parts[0] == "_internal" else ()
    if not inside:
        return "program (modules)" if path.suffix in ("", ".exe") else "papers"
    if path.name == "modules.pyz":
        return "program (modules)"
    if path.name.startswith(("libicu", "icu")):
        return "ICU (of Qt)"
    if inside[0] == "dgdesk":
        return "resources"
    if inside[0].startswith(("python3.", "libpython", "base_library")) or (len(inside) == 1 and path.suffix == ".pyd"):
        return "Python"
    if inside[0] in ("PySide6", "shiboken6"):
        return "Qt and PySide6"
    owner = inside[0].removesuffix(".libs").lower()
    return "libraries of the system" if len(inside) == 1 else {"pil": "pillow"}.get(owner, owner)


def table(files: Mapping[str, int]) -> Iterable[str]:
    """Yield the lines of a table of sizes by part, the largest first; small ones together."""
    parts: dict[str, int] = {}
    for name, size in files.items():
        parts[part_of(name)] = parts.get(part_of(name), 0) + size
    small = sum(size for size in parts.values() if size < _LEAST)
    shown = sorted(((size, part) for part, size in parts.items() if size >= _LEAST), reverse=True)
    for size, part in [*shown, (small, "others")]:
        yield f"{size / 1e6:8.1f} MB  {part}"
    yield f"{sum(files.values()) / 1e6:8.1f} MB  all, {len(files)} files"


def freeze(bootloader: Path | None = None) -> None:
    """Rebuild ``dist/dgdesk``, on Windows with a bootloader of one's own.

    Raises:
        subprocess.CalledProcessError: PyInstaller failed; it said why.
        ValueError: something that the program for Windows needs cannot be had.
    """
    # What is left of an earlier run could pass for this one.
    for folder in (DIST / "dgdesk", WORK / "freeze"):
        shutil.rmtree(folder, ignore_errors=True)
    folders = ["--distpath", str(DIST), "--workpath", str(WORK / "freeze")]
    options = ["--noconfirm", "--log-level", "ERROR", *folders]
    command = [sys.executable, "-m", "PyInstaller", *options, str(ROOT / "build" / "pyinstaller.spec")]
    wanted = variables(os.environ, commit_time(ROOT))
    if sys.platform == "win32":
        from windows import bootloader as start
        from windows import runtime

        pip = [sys.executable, "-m", "pip"]
        runtime.fetch(WORK / "runtime", pip)
        wanted["DGDESK_RUNTIME"] = str(WORK / "runtime")
        if bootloader is not None:
            start.put(bootloader, Path(sysconfig.get_path("purelib")))
    subprocess.run(command, env=wanted, cwd=ROOT, check=True)


def main(arguments: Sequence[str]) -> int:
    """Freeze, and print the sizes."""
    parser = ArgumentParser(prog="build/freeze.py")
    parser.add_argument("--bootloader", type=Path, metavar="FOLDER")
    try:
        freeze(parser.parse_args(arguments).bootloader)
    except subprocess.CalledProcessError as error:
        print(f"freeze.py: PyInstaller ended with {error.returncode}; see above", file=sys.stderr)
        return 1
    files = sizes(DIST / "dgdesk")
    print(*table(files), sep="\n")
    size = sum(files.values())
    if size > LIMIT:
        print(f"freeze.py: {size / 1e6:.0f} MB are more than the {LIMIT // 10**6} MB wanted", file=sys.stderr)
    if len(files) > MOST_FILES:
        print(f"freeze.py: {len(files)} files are more than the {MOST_FILES} wanted", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
