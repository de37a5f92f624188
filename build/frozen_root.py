"""Runs the frozen program's self-test where nothing else is: no Python, no variables, none of this PC's files.

    python build/frozen_root.py FOLDER

FOLDER gets the report and what the self-test makes. A root is made of ``dist/dgdesk`` and of the libraries it asks
the system for (C library, OpenGL's front, and what those need), and the self-test runs in it by ``chroot``: as root, or
as a plain user in a namespace of its own. Where this PC allows neither, its own words are told, and the self-test runs
with an empty environment in this PC's own root: that proves less, and the exit code is 1. Exit code: the self-test's; 1
as well when the program does not start in the bare root, holds what it must not, or lacks a licence.
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
from subprocess import CompletedProcess
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from freeze import DIST, WORK  # noqa: E402 - found by the line above
from parts import needed_libraries  # noqa: E402 - as above

LOADER = "/lib64/ld-linux-x86-64.so.2"
PROGRAM = "/dgdesk/dgdesk"
"""Where the program lies in the root."""
_BASIC = ("libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1", "libutil.so.1")


def wanted_from_system(start: Path, programs: Iterable[Path], needed: Callable[[Path], Sequence[str]]) -> set[str]:
    """Return the names of libraries that the files of a program ask for and that are not among them.

    What ``start`` asks for is the system's in any case: it is loaded before the program's own libraries can be found.
    """
    files = list(programs)
    own = {path.name for path in files}
    return ({name for path in files for name in needed(path)} - own) | set(needed(start))


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
    wanted = wanted_from_system(root / "dgdesk" / "dgdesk", files, _needed) | set(_BASIC)
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


def refusal(way: Sequence[str], told: str) -> str | None:
    """Return the words by which this PC refuses a way into the root; None when the way was taken and led to something.

    ``told`` is what was said on the way that failed. ``chroot`` and ``unshare`` begin their words with their own names.
    """
    last = next((line.strip() for line in reversed(told.splitlines()) if line.strip()), "")
    own = {name for word in way for name in (word, Path(word).name) if not word.startswith("-")}
    # "failed to run command": the root was entered, and there the program could not be started.
    return last if last.partition(":")[0] in own and "failed to run command" not in last else None


def way_in(
    known: Iterable[Sequence[str]], start: Callable[[Sequence[str]], CompletedProcess[str]]
) -> tuple[Sequence[str] | None, list[str]]:
    """Return the first way on which the program starts, and by which words this PC refused those before it.

    Raises:
        RuntimeError: a way led into the root, and the program does not start there; its own words are told.
    """
    refused: list[str] = []
    for way in known:
        done = start([*way, PROGRAM, "--version"])
        if done.returncode == 0:
            return way, refused
        words = refusal(way, done.stderr)
        if words is None:
            said = " / ".join((done.stderr or done.stdout).strip().splitlines()[-3:])
            raise RuntimeError(f"the program ends with {done.returncode} in the bare root: {said or 'no word said'}")
        refused.append(words)
    return None, refused


def run(program: Path, folder: Path) -> int:
    """Make the root, run the self-test in it, bring its report out; return its exit code."""
    root = WORK / "frozen-root"  # bare-test has its roots in "bare", and may be at work
    shutil.rmtree(root, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)
    root.mkdir(parents=True)
    missing = make_root(root, program)
    if missing:
        print(f"bare root: libraries that this PC does not have either: {', '.join(sorted(missing))}")
    try:
        way, refused = way_in(ways(root), _in_silence)
    except RuntimeError as error:
        print(f"bare root: {error}", file=sys.stderr)
        return 1
    if way is not None:
        libraries = sum(1 for path in root.rglob("*.so*") if path.relative_to(root).parts[0] != "dgdesk")
        print(f"bare root: {' '.join(way[:-1])}, {libraries} libraries of the system and nothing else", flush=True)
        code = subprocess.run([*way, PROGRAM, "--selftest", "/out/report"], env={}, check=False).returncode
        if (root / "out" / "report").is_dir():
            shutil.copytree(root / "out" / "report", folder)
        shutil.rmtree(root, ignore_errors=True)
        return code
    for words in refused:
        print(f"bare root: refused here: {words}", file=sys.stderr)
    print("bare root: no proof: with an empty environment in this PC's own root", file=sys.stderr, flush=True)
    subprocess.run([program / "dgdesk", "--selftest", folder], env={}, cwd="/", check=False)
    return 1


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


def _in_silence(command: Sequence[str]) -> CompletedProcess[str]:
    return subprocess.run(command, env={}, capture_output=True, text=True, errors="replace", check=False)


def _ldconfig() -> str:
    return shutil.which("ldconfig", path="/usr/sbin:/sbin:/usr/bin:/bin") or "ldconfig"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
