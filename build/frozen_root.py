"""Runs the frozen program's self-test where nothing else is: no Python, no variables, none of this PC's files.

    python build/frozen_root.py FOLDER

FOLDER gets the report and what the self-test makes. A root is made of ``dist/dgdesk`` and of the libraries it asks
the system for (C library, OpenGL's front, and what those need), and the self-test runs in it by ``chroot``: as root, or
as a plain user in a namespace of its own. Where neither is allowed, it runs with an empty environment in this PC's own
root, and that is said. Exit code: the self-test's; 1 as well when the program holds what it must not, or lacks a
licence.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from freeze import DIST, WORK  # noqa: E402 - found by the line above
from parts import needed_libraries  # noqa: E402 - as above

LOADER = "/lib64/ld-linux-x86-64.so.2"
_BASIC = ("libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1", "libutil.so.1")


def wanted_from_system(programs: Iterable[Path], needed: Callable[[Path], Sequence[str]]) -> set[str]:
    """Return the names of libraries that the files of a program ask for and that are not among them."""
    files = list(programs)
    own = {path.name for path in files}
    return {name for path in files for name in needed(path)} - own


def system_libraries(
    names: Iterable[str], known: Mapping[str, str], needed: Callable[[Path], Sequence[str]]
) -> tuple[dict[str, str], set[str]]:
    """Return where the libraries ``names`` and all that they need lie on this PC, and which do not lie here."""
    found: dict[str, str] = {}
    missing: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in found or name in missing or name.startswith("ld-linux"):
            continue
        if name in known:
            found[name] = known[name]
            waiting += needed(Path(known[name]))
        else:
            missing.add(name)
    return found, missing


def read_cache(listing: str) -> dict[str, str]:
    """Read what ``ldconfig -p`` says: each library's path by its name, 64-bit ones only, the first counts."""
    found: dict[str, str] = {}
    for name, path in re.findall(r"^\s+(\S+) \(libc6,x86-64[^)]*\) => (\S+)$", listing, re.MULTILINE):
        found.setdefault(name, path)
    return found


def make_root(root: Path, program: Path) -> set[str]:
    """Fill an empty directory with the program and what it needs; return the libraries that this PC does not have."""
    # Links where the file system allows: nothing in there is written to.
    shutil.copytree(program, root / "dgdesk", symlinks=True, copy_function=_link)
    files = [path for path in (root / "dgdesk").rglob("*") if path.is_file() and _is_elf(path)]
    listing = subprocess.run([_ldconfig(), "-p"], capture_output=True, text=True, check=True).stdout
    wanted = wanted_from_system(files, _needed) | set(_BASIC)
    found, missing = system_libraries(wanted, read_cache(listing), _needed)
    for path in (*found.values(), LOADER):
        target = root / path.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        target.chmod(0o755)
    for name in ("tmp", "home", "out", "etc"):
        (root / name).mkdir()
    # Whoever works has a home folder, also without variables.
    (root / "etc" / "passwd").write_text("somebody:x:0:0::/home:/nothing\n", encoding="ascii")
    return missing - set(_BASIC)


def ways(root: Path) -> list[list[str]]:
    """Return the ways to start something inside a root directory, the plainest first."""
    chroot = shutil.which("chroot", path="/usr/sbin:/sbin:/usr/bin:/bin")
    unshare = shutil.which("unshare", path="/usr/bin:/bin")
    found = []
    if chroot and os.geteuid() == 0:
        found.append([chroot, str(root)])
    if chroot and unshare:
        found.append([unshare, "--user", "--map-root-user", chroot, str(root)])
    return found


def run(program: Path, folder: Path) -> int:
    """Make the root, run the self-test in it, bring its report out; return its exit code."""
    root = WORK / "bare"
    shutil.rmtree(root, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)
    root.mkdir(parents=True)
    missing = make_root(root, program)
    if missing:
        print(f"bare root: libraries that this PC does not have either: {', '.join(sorted(missing))}")
    for way in ways(root):
        command = [*way, "/dgdesk/dgdesk"]
        if subprocess.run([*command, "--version"], env={}, capture_output=True, check=False).returncode == 0:
            libraries = sum(1 for path in root.rglob("*.so*") if path.relative_to(root).parts[0] != "dgdesk")
            print(f"bare root: {' '.join(way[:-1])}, {libraries} libraries of the system and nothing else", flush=True)
            code = subprocess.run([*command, "--selftest", "/out/report"], env={}, check=False).returncode
            shutil.copytree(root / "out" / "report", folder)
            break
    else:
        print("bare root: neither chroot nor a namespace is allowed here; an empty environment has to do", flush=True)
        code = subprocess.run([program / "dgdesk", "--selftest", folder], env={}, cwd="/", check=False).returncode
    shutil.rmtree(root, ignore_errors=True)
    return code


def main(arguments: Sequence[str]) -> int:
    """Look into the frozen program, then run its self-test."""
    from audit import complaints

    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    program = DIST / "dgdesk"
    if not (program / "dgdesk").is_file():
        print("frozen_root.py: there is no dist/dgdesk; `python3 build/dev.py freeze` makes it", file=sys.stderr)
        return 1
    found = complaints(program)
    for each in found:
        print(f"audit: {each}", file=sys.stderr)
    print(f"audit: {len(found)} complaints", flush=True)
    folder = Path(arguments[0])
    code = run(program, folder)
    report = folder / "selftest.json"
    doubts = unlike_windows(json.loads(report.read_text(encoding="utf-8"))) if report.is_file() else ["no report"]
    for each in doubts:
        print(f"bare root: {each}", file=sys.stderr)
    print(f"bare root: report lies in {folder}")
    return code or int(bool(found or doubts))


def unlike_windows(report: dict[str, Any]) -> list[str]:
    """Return in what the run of a report was no proof for a Windows PC: Python's own files, Qt breaking Thai lines."""
    window: dict[str, Any] = next((step.get("found", {}) for step in report["steps"] if step["name"] == "window"), {})
    doubts = [] if report["program"]["frozen"] else ["not the frozen program ran"]
    # In this PC's own root libthai may be there; the bare root has none.
    if window.get("qt_breaks_thai") is not False:
        doubts.append("it is not shown that Qt does not break Thai lines itself")
    return doubts


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _is_elf(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(4) == b"\x7fELF"


def _needed(path: Path) -> list[str]:
    return needed_libraries(subprocess.run(["objdump", "-p", path], capture_output=True, text=True, check=False).stdout)


def _ldconfig() -> str:
    return shutil.which("ldconfig", path="/usr/sbin:/sbin:/usr/bin:/bin") or "ldconfig"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
