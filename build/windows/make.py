"""Builds for Windows: the frozen program, setup, portable ZIP; ``build/dev.py windows`` starts it.

    python build/dev.py windows [--keep-frozen] [--twice] [--sign OPTIONS]

Everything lands in ``dist/windows``. ``--keep-frozen`` takes the program that is frozen already, ``--twice`` makes
bootloader, setup and ZIP a second time and compares. ``--sign`` also makes a signed setup and ZIP, in
``dist/windows/signed``: everything in them that bears no signature yet is signed, the uninstaller and setup too.
OPTIONS are osslsigncode's, such as ``"-certs office.pem -key office.key -ts ADDRESS"``. 1 when something fails or is
larger than it may be.
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
from windows import bootloader, imports, pe, portable, setup, sign
from windows.machine import WINE_FILES, Machine, Trouble, link, say, windows_path
from windows.prepare import ready

ROOT = Path(__file__).resolve().parent.parent.parent
DIST = ROOT / "dist" / "windows"
LARGEST_SETUP, LARGEST_PROGRAM = 43_000_000, 135_000_000
"""Bytes of the setup file, and of the installed program."""
MOST_FILES = 300


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
    machine.copy_prefix(prefix)
    # In the work folder of the machine, so that no path of another checkout is in it.
    work = machine.home / "freeze"
    words = [windows_path(machine.python / "python.exe"), "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
    words += ["--distpath", windows_path(DIST), "--workpath", windows_path(work)]
    wanted = freeze.variables({}, str(epoch()))
    wanted["PYINSTALLER_CONFIG_DIR"] = windows_path(machine.home / "pyinstaller")
    wanted["DGDESK_RUNTIME"] = windows_path(machine.home / "runtime")
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
    files = sign.programs(folder)
    wine = [path.name for path in (machine.root / WINE_FILES[0]).iterdir()]
    system = imports.of_windows()
    shims = [path.read_bytes() for path in (machine.home / "shims").glob("*.dll")]
    if strange := imports.strangers(files, folder, shims, [*wine, *system]):
        raise Trouble(f"these files come from wine or belong to Windows: {', '.join(strange)}")
    loaded = imports.asked(folder)
    if gone := imports.missing(loaded, system):
        raise Trouble(f"neither Windows 10 nor the program has these libraries: {', '.join(gone)}")
    if twice := imports.doubled(loaded):
        raise Trouble(f"the C++ runtime lies in _internal once, and not here: {', '.join(twice)}")
    say(f"{len(files)} programs and libraries: nothing of wine among them, nothing missing")


def draw_icon(machine: Machine) -> Path:
    """Draw the program's icon and return its path; the frozen program may come from another PC.

    Raises:
        Trouble: it cannot be drawn.
    """
    target, prefix = machine.home / "dgdesk.ico", machine.home / "freezing"
    if not prefix.exists():
        machine.copy_prefix(prefix)
    words = [windows_path(each) for each in (machine.python / "python.exe", ROOT / "build" / "icon.py", target)]
    target.unlink(missing_ok=True)
    done = machine.wine(prefix, words, {"PYTHONDONTWRITEBYTECODE": "1"})
    machine.settle(prefix)
    if done.returncode != 0 or not target.exists():
        raise Trouble(f"the icon cannot be drawn: {done.stderr.strip()[-300:]}")
    return target


def pack(machine: Machine, folder: Path, version: str, target: Path, by: sign.Signer | None = None) -> list[Path]:
    """Make setup and portable ZIP of the program in ``folder`` and return their paths.

    Raises:
        Trouble: one of them fails.
    """
    target.mkdir(parents=True, exist_ok=True)
    outputs = [target / setup_name(version), target / zip_name(version)]
    say(f"making {outputs[0].name}")
    setup.build(machine, folder, version, outputs[0], draw_icon(machine), epoch(), by=by)
    asked = pe.read(outputs[0].read_bytes())
    if gone := imports.missing({outputs[0].name: [*asked.imports, *asked.delayed]}, imports.of_windows()):
        raise Trouble(f"setup asks for libraries that Windows 10 has not: {', '.join(gone)}")
    say(f"making {outputs[1].name}")
    portable.write(folder, outputs[1], epoch())
    return outputs


def signed_copy(folder: Path, target: Path, by: sign.Signer) -> Path:
    """Make a copy of a program in which everything is signed, and return it; what was signed already stays.

    Raises:
        Trouble: something cannot be signed.
    """
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(
        folder, target, copy_function=lambda source, to: link(Path(source), Path(to)) or shutil.copy2(source, to)
    )
    bare = sign.unsigned(target)
    say(f"signing {len(bare)} of {len(sign.programs(target))} programs and libraries; the others are signed already")
    sign.sign(bare, by)
    return target


def rebuilt(machine: Machine, pip: Sequence[str]) -> bool:
    """Build the bootloader a second time, in another folder, and return whether it has the same bytes."""
    again = machine.home / "again-bootloader"
    bootloader.build(machine, again, pip)
    same = bootloader.digests(again) == bootloader.digests(bootloader.folder(machine))
    shutil.rmtree(again)
    say("the bootloader has the same bytes a second time" if same else "a second time the bootloader has other bytes")
    return same


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def folder_digest(folder: Path) -> str:
    """Return the SHA-256 over names and contents of a folder's files."""
    whole = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        whole.update(f"{digest(path)}  {path.relative_to(folder).as_posix()}\n".encode())
    return whole.hexdigest()


def main(arguments: Sequence[str], pip: Sequence[str]) -> int:
    """Build; see the module's text. ``pip`` is the command that brings packages."""
    parser = ArgumentParser(prog="build/dev.py windows")
    parser.add_argument("--keep-frozen", action="store_true")
    parser.add_argument("--twice", action="store_true")
    parser.add_argument("--sign", default="", metavar="OPTIONS")
    wanted = parser.parse_args(arguments)
    try:
        by = sign.signer(wanted.sign) if wanted.sign else None
        return _build(wanted.keep_frozen, wanted.twice, by, pip)
    except (Trouble, OSError, ValueError) as error:
        print(f"windows: {error}", file=sys.stderr)
        return 1


def _build(keep_frozen: bool, twice: bool, by: sign.Signer | None, pip: Sequence[str]) -> int:
    took: dict[str, float] = {}
    began = time.monotonic()

    def lap(what: str) -> None:
        nonlocal began
        now = time.monotonic()
        took[what], began = round(now - began, 1), now

    machine = ready(home(), ROOT, pip)
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
        shutil.rmtree(again, ignore_errors=True)
        shutil.copytree(folder, again / "dgdesk")
        second = pack(machine, again / "dgdesk", version, again)
        same = [digest(path) for path in outputs] == [digest(path) for path in second]
        say("setup and ZIP are the same bytes a second time" if same else "a second time gives other bytes")
        shutil.rmtree(again)
        same = rebuilt(machine, pip) and same
        lap("again")
    result = {
        "version": version,
        "epoch": epoch(),
        "seconds": took,
        "installed": sum(files.values()),
        "files": len(files),
        "frozen_sha256": folder_digest(folder),
        "bootloader": bootloader.digests(bootloader.folder(machine)),
        "reproducible": same,
        "outputs": {path.name: {"bytes": path.stat().st_size, "sha256": digest(path)} for path in outputs},
    }
    part = DIST / "build.json.part"
    part.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    part.replace(DIST / "build.json")
    shutil.copytree(bootloader.folder(machine), DIST / "bootloader", dirs_exist_ok=True)
    if by is not None:
        pack(machine, signed_copy(folder, DIST / "signed" / "dgdesk", by), version, DIST / "signed", by)
    for path in outputs:
        say(f"{path.stat().st_size / 1e6:6.1f} MB  {path.name}")
    if large := too_large(sum(files.values()), len(files), outputs[0].stat().st_size):
        raise Trouble(f"larger than it may be: {', '.join(large)}")
    return 1 if same is False else 0


def too_large(installed: int, files: int, setup_bytes: int) -> list[str]:
    """Say what is larger than it may be."""
    found = [f"the program has {installed / 1e6:.1f} MB"] if installed > LARGEST_PROGRAM else []
    found += [f"the program has {files} files"] if files > MOST_FILES else []
    return found + ([f"setup has {setup_bytes / 1e6:.1f} MB"] if setup_bytes > LARGEST_SETUP else [])
