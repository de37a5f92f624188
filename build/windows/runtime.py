"""Microsoft's C++ runtime in the program: one set, the newest, in ``_internal``, and no second copies.

Python, Qt and pikepdf each bring a part of it, in three versions; whichever was loaded first would serve all of them.
Code needs a runtime that is not older than the compiler it was made with, and every newer one of the same family
(14) will do.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath

from windows import pe

Entry = tuple[str, str, str]
"""PyInstaller's: name inside the program, where it lies on this PC, kind."""
PIN = "msvc-runtime==14.51.36231 --hash=sha256:f3c3ac4f733a774f6ae209567e533bfde6f72dc1c10977733bfe09ce01e5b624\n"
WHEEL_FOR = ("--platform", "win_amd64", "--python-version", "3.13", "--implementation", "cp")
"""The set is the same for every Python; this one has a wheel of the newest."""
_NAME = re.compile(
    r"^(concrt140|msvcp140(?:_1|_2|_atomic_wait|_codecvt_ids)?|vcamp140|vccorlib140|vcomp140"
    r"|vcruntime140(?:_1|_threads)?)(?:-[0-9a-f]{8,64})?\.dll$"
)


def plain_name(name: str) -> str | None:
    """Return the name of a runtime's file as Microsoft gave it, in lower case; None if it is no part of the runtime.

    Wheels rename their copies by a digest: ``msvcp140-7c26614e.dll``.
    """
    found = _NAME.match(name.lower())
    return f"{found[1]}.dll" if found else None


def one_set(
    entries: Sequence[Entry], brought: Iterable[Path], work: Path, read: Callable[[str], bytes] | None = None
) -> list[Entry]:
    """Return a program's entries with one copy of each runtime file that is asked for, the newest, in ``_internal``.

    ``brought`` are the files of the pinned set. Files that ask for a renamed copy are written into ``work``, asking for
    it by its own name. ``read`` returns a file's content by its path.

    Raises:
        ValueError: a file of the runtime is asked for and nobody brings it, or the newest ones are not of one version.
    """
    load = read or (lambda path: Path(path).read_bytes())
    others = [entry for entry in entries if plain_name(_file(entry[0])) is None]
    copies = [(_file(entry[0]), entry[1]) for entry in entries if plain_name(_file(entry[0]))]
    copies += [(path.name, str(path)) for path in brought if plain_name(path.name)]
    newest: dict[str, tuple[tuple[int, int, int, int], str]] = {}
    for name, path in copies:
        plain = plain_name(name)
        assert plain is not None
        newest[plain] = max(newest.get(plain, ((0, 0, 0, 0), "")), (pe.read(load(path)).version, path))
    asked: set[str] = set()
    made = []
    for entry in others:
        if not _file(entry[0]).endswith(pe.ENDINGS):
            made.append(entry)
            continue
        content = load(entry[1])
        told = pe.read(content)
        wanted = {name.lower(): plain for name in (*told.imports, *told.delayed) if (plain := plain_name(name))}
        asked.update(wanted.values())
        renamed = {old: new for old, new in wanted.items() if old != new}
        made.append(_rewritten(entry, content, renamed, work) if renamed else entry)
    chosen = _with_their_own(asked, newest, load)
    if len({newest[name][0][:2] for name in chosen}) > 1:
        told_all = ", ".join(f"{name} {'.'.join(map(str, newest[name][0]))}" for name in sorted(chosen))
        raise ValueError(f"the C++ runtime is of several versions ({told_all}): renew the pin in {Path(__file__).name}")
    return [*made, *((name, newest[name][1], "BINARY") for name in sorted(chosen))]


def _with_their_own(
    asked: Iterable[str], newest: Mapping[str, tuple[tuple[int, int, int, int], str]], load: Callable[[str], bytes]
) -> set[str]:
    """Return the runtime files that are asked for, and those that they ask for themselves."""
    chosen: set[str] = set()
    waiting = sorted(asked)
    while waiting:
        name = waiting.pop()
        if name in chosen:
            continue
        if name not in newest:
            raise ValueError(f"{name} of the C++ runtime is asked for, and nobody brings it")
        chosen.add(name)
        told = pe.read(load(newest[name][1]))
        waiting += [plain for each in told.imports if (plain := plain_name(each))]
    return chosen


def _rewritten(entry: Entry, content: bytes, renamed: dict[str, str], work: Path) -> Entry:
    target = work / hashlib.sha256(entry[0].encode()).hexdigest()[:16] / _file(entry[0])
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(pe.asking_for(content, renamed))
    return entry[0], str(target), entry[2]


def _file(name: str) -> str:
    return PurePosixPath(name.replace("\\", "/")).name.lower()


def fetch(folder: Path, pip: Sequence[str]) -> list[Path]:
    """Bring the pinned set into a folder, from the PC's own package sources, and return its files.

    ``pip`` is the command. What is there already is kept.

    Raises:
        ValueError: pip cannot bring it; its reason is told.
    """
    done = folder / "pin.txt"
    if not done.exists() or done.read_text(encoding="ascii") != PIN:
        folder.mkdir(parents=True, exist_ok=True)
        done.unlink(missing_ok=True)
        wanted = folder / "wanted.txt"
        wanted.write_text(PIN, encoding="ascii")
        quiet = ("--no-input", "--disable-pip-version-check", "--progress-bar", "off", "--only-binary=:all:")
        call = [*pip, "download", *quiet, *WHEEL_FOR, "--no-deps", "--require-hashes", "-r", str(wanted), "-d"]
        got = subprocess.run(
            [*call, str(folder)], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        if got.returncode != 0:
            errors = [line for line in got.stderr.splitlines() if "ERROR" in line] or got.stderr.splitlines()[-1:]
            raise ValueError(f"pip cannot bring the C++ runtime: {' '.join(errors[-1:]) or 'no word said'}")
        unpack(next(folder.glob("msvc_runtime*.whl")), folder)
        done.write_text(PIN, encoding="ascii")
    return sorted(path for path in folder.glob("*.dll") if plain_name(path.name))


def unpack(wheel: Path, folder: Path) -> None:
    """Take the runtime's files out of its wheel, without installing it."""
    with zipfile.ZipFile(wheel) as packed:
        for name in packed.namelist():
            if plain_name(file := _file(name)):
                (folder / file).write_bytes(packed.read(name))
