"""Builds for Windows: the frozen program, setup, portable ZIP; ``build/dev.py windows`` starts it.

    python build/dev.py windows [--keep-frozen] [--twice]

Everything lands in ``dist/windows``. ``--keep-frozen`` takes the program that is frozen already, ``--twice`` makes
setup and ZIP a second time and compares. 1 when something fails or is larger than it may be.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import time
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

import freeze
from windows import imports, portable, setup
from windows.machine import Machine, Trouble, ready, say, windows_path

ROOT = Path(__file__).resolve().parent.parent.parent
DIST = ROOT / "dist" / "windows"
LARGEST_SETUP = 45_000_000
"""Bytes."""
SYSTEM = "debian/usr/lib/x86_64-linux-gnu/wine/x86_64-windows"


def home() -> Path:
    """Return where the machine with wine lies: ``DGDESK_WINE``, or with the other work files."""
    return Path(os.environ.get("DGDESK_WINE") or ROOT / ".work" / "wine").resolve()


def epoch() -> int:
    """Return the time that everything built bears, in seconds since 1970."""
    return int(os.environ.get("SOURCE_DATE_EPOCH") or freeze.commit_time(ROOT))


def setup_name(version: str) -> str:
    """Return the name of the setup file."""
    return f"dgdesk-{version}-setup.exe"


def zip_name(version: str) -> str:
    """Return the name of the portable ZIP."""
    return f"dgdesk-{version}-portable.zip"


def freeze_program(machine: Machine) -> Path:
    """Freeze the program with the Windows Python and return its folder.

    Raises:
        Trouble: PyInstaller failed, or the result is not fit for Windows.
    """
    target, prefix, log = DIST / "dgdesk", machine.home / "freezing", machine.home / "freeze.log"
    shutil.rmtree(target, ignore_errors=True)
    log.unlink(missing_ok=True)
    say("freezing the program; this takes some minutes")
    if prefix.exists():
        shutil.rmtree(prefix)
    shutil.copytree(machine.pattern, prefix, symlinks=True)
    # In the work folder of the machine, so that no path of another checkout is in it.
    work = machine.home / "freeze"
    words = [windows_path(machine.python / "python.exe"), "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
    words += ["--distpath", windows_path(DIST), "--workpath", windows_path(work)]
    wanted = freeze.variables({}, str(epoch()))
    wanted["PYINSTALLER_CONFIG_DIR"] = windows_path(machine.home / "pyinstaller")
    spec = windows_path(ROOT / "build" / "pyinstaller.spec")
    done = machine.wine(prefix, [*words, spec], wanted, folder=ROOT, log=log)
    machine.settle(prefix)
    if done.returncode != 0 or not (target / "dgdesk.exe").exists():
        raise Trouble(f"PyInstaller failed with code {done.returncode} (its own words: {log}).")
    return target


def check_program(machine: Machine, folder: Path) -> None:
    """Make sure that the frozen program holds nothing of wine and lacks nothing of its own.

    Raises:
        Trouble: it does not.
    """
    files = [path for path in folder.rglob("*") if path.suffix.lower() in (".exe", ".dll", ".pyd")]
    system = [path.name for path in (machine.home / SYSTEM).iterdir()]
    shims = [path.read_bytes() for path in (machine.home / "shims").glob("*.dll") if path.name != "Qt6Core.dll"]
    if strange := imports.strangers(files, folder, shims, system):
        raise Trouble(f"these files come from wine or belong to Windows: {', '.join(strange)}")
    told = machine.must("objdump", ["x86_64-w64-mingw32-objdump", "-p", *map(str, sorted(files))])
    loaded = imports.libraries(told)
    if len(loaded) != len(files):
        raise Trouble(f"objdump read {len(loaded)} of {len(files)} programs and libraries.")
    if gone := imports.missing(loaded, [path.name for path in files], system):
        raise Trouble(f"these libraries are not brought: {', '.join(gone)}")
    say(f"{len(files)} programs and libraries: nothing of wine among them, nothing missing")


def draw_icon(machine: Machine) -> Path:
    """Draw the program's icon and return its path; the frozen program may come from another PC.

    Raises:
        Trouble: it cannot be drawn.
    """
    target, prefix = machine.home / "dgdesk.ico", machine.home / "drawing"
    if not prefix.exists():
        shutil.copytree(machine.pattern, prefix, symlinks=True)
    words = [windows_path(each) for each in (machine.python / "python.exe", ROOT / "build" / "icon.py", target)]
    target.unlink(missing_ok=True)
    done = machine.wine(prefix, words, {"PYTHONDONTWRITEBYTECODE": "1"})
    machine.settle(prefix)
    if done.returncode != 0 or not target.exists():
        raise Trouble(f"the icon cannot be drawn: {done.stderr.strip()[-300:]}")
    return target


def pack(machine: Machine, folder: Path, version: str, target: Path) -> list[Path]:
    """Make setup and portable ZIP of the program in ``folder`` and return their paths.

    Raises:
        Trouble: one of them fails.
    """
    target.mkdir(parents=True, exist_ok=True)
    outputs = [target / setup_name(version), target / zip_name(version)]
    say(f"making {outputs[0].name}")
    setup.build(machine, folder, version, outputs[0], draw_icon(machine), epoch())
    say(f"making {outputs[1].name}")
    portable.write(folder, outputs[1], epoch())
    return outputs


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def folder_digest(folder: Path) -> str:
    """Return the SHA-256 over names and contents of a folder's files."""
    whole = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        whole.update(f"{digest(path)}  {path.relative_to(folder).as_posix()}\n".encode())
    return whole.hexdigest()


def main(arguments: Sequence[str]) -> int:
    """Build; see the module's text."""
    parser = ArgumentParser(prog="build/dev.py windows")
    parser.add_argument("--keep-frozen", action="store_true")
    parser.add_argument("--twice", action="store_true")
    wanted = parser.parse_args(arguments)
    try:
        return _build(wanted.keep_frozen, wanted.twice)
    except (Trouble, OSError, ValueError) as error:
        print(f"windows: {error}", file=sys.stderr)
        return 1


def _build(keep_frozen: bool, twice: bool) -> int:
    took: dict[str, float] = {}
    began = time.monotonic()

    def lap(what: str) -> None:
        nonlocal began
        now = time.monotonic()
        took[what], began = round(now - began, 1), now

    machine = ready(home(), ROOT)
    lap("machine")
    folder = DIST / "dgdesk"
    if not keep_frozen or not folder.exists():
        freeze_program(machine)
        lap("freeze")
    check_program(machine, folder)
    files = freeze.sizes(folder)
    print(*freeze.table(files), sep="\n")
    version = setup.read_version(ROOT)
    lap("check")
    outputs = pack(machine, folder, version, DIST)
    lap("pack")
    same: bool | None = None
    if twice:
        again = machine.home / "again"
        copy = machine.home / "again" / "dgdesk"
        shutil.rmtree(again, ignore_errors=True)
        shutil.copytree(folder, copy)
        second = pack(machine, copy, version, again)
        same = [digest(path) for path in outputs] == [digest(path) for path in second]
        say("setup and ZIP are the same bytes a second time" if same else "a second time gives other bytes")
        lap("pack again")
    installed = sum(files.values())
    result = {
        "version": version,
        "epoch": epoch(),
        "seconds": took,
        "installed": installed,
        "files": len(files),
        "frozen_sha256": folder_digest(folder),
        "reproducible": same,
        "outputs": {path.name: {"bytes": path.stat().st_size, "sha256": digest(path)} for path in outputs},
    }
    part = DIST / "build.json.part"
    part.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    part.replace(DIST / "build.json")
    for path in outputs:
        say(f"{path.stat().st_size / 1e6:6.1f} MB  {path.name}")
    too_large = [f"the program has {installed / 1e6:.1f} MB"] if installed > freeze.LIMIT else []
    if outputs[0].stat().st_size > LARGEST_SETUP:
        too_large.append(f"setup has {outputs[0].stat().st_size / 1e6:.1f} MB")
    if too_large:
        raise Trouble(f"larger than it may be: {', '.join(too_large)}")
    return 1 if same is False else 0
