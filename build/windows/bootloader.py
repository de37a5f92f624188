"""PyInstaller's bootloader, the small program at the beginning of each frozen one, built from its source.

The one in PyInstaller's wheel is also what unwanted programs begin with, and scanners know it. This one is compiled in
the pinned machine: the same source, compiler and time give the same bytes.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tarfile
from collections.abc import Sequence
from pathlib import Path

from windows.machine import Machine, Trouble

PIN = "pyinstaller==6.22.3 --hash=sha256:05eb2f5615503e72939a7224d68b4aff572c6b0438ee4a17d0a4b481f399362d\n"
"""The source of the version in ``constraints.txt``; a test holds them together."""
TOOLS = ("gcc-mingw-w64-x86-64-win32", "python3")
EPOCH = 1_577_836_800
"""Seconds since 1970 that stand in the files as the time of linking, whatever is released: 1 January 2020."""
PLATFORM = "Windows-64bit-intel"
FILES = ("run.exe", "runw.exe")
"""For programs with a console, and without one."""


def made_from() -> list[str]:
    """Return what decides about the bytes, apart from the compiler's version."""
    return [PIN, *TOOLS, str(EPOCH)]


def folder(machine: Machine) -> Path:
    """Return where a machine has its bootloader."""
    return machine.home / "bootloader"


def build(machine: Machine, target: Path, pip: Sequence[str]) -> None:
    """Build the bootloader in the machine, into ``target``.

    Raises:
        Trouble: the source cannot be had, or the compiler fails.
    """
    source, work = machine.home / "source", machine.home / "bootloader-work"
    for old in (source, work, target):
        shutil.rmtree(old, ignore_errors=True)
    source.mkdir()
    pin = source / "pin.txt"
    pin.write_text(PIN, encoding="ascii")
    call = [*pip, "download", "--no-input", "--disable-pip-version-check", "--progress-bar", "off", "--no-deps"]
    call += ["--no-binary", "pyinstaller", "--require-hashes", "-r", str(pin), "-d", str(source)]
    # pip asks each source who it is, and this one first compiles a bootloader for the PC it is on, with a compiler that
    # need not be there; its own variable names where one lies, and an empty file will do.
    (source / "run").touch()
    variables = {**os.environ, "PYI_PLATFORM": str(source)}
    got = subprocess.run(call, env=variables, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if got.returncode != 0:
        errors = [line.strip() for line in got.stderr.splitlines() if "ERROR" in line][-1:]
        raise Trouble(f"pip cannot bring PyInstaller's source: {' '.join(errors) or 'no word said'}")
    compile_in(machine, next(source.glob("pyinstaller-*.tar.gz")), work, target)
    shutil.rmtree(source)


def compile_in(machine: Machine, source: Path, work: Path, target: Path) -> None:
    """Compile the source in the folder ``work``, which goes afterwards, and put the files into ``target``.

    Raises:
        Trouble: the compiler fails.
    """
    with tarfile.open(source) as packed:
        if hasattr(tarfile, "data_filter"):
            packed.extractall(work, filter="data")
        else:  # Debian 12's Python 3.11.2; what is unpacked is pinned by its digest
            packed.extractall(work)
    inner = next(work.glob("pyinstaller-*"))
    tools = {name: f"x86_64-w64-mingw32-{tool}" for name, tool in (("CC", "gcc"), ("AR", "ar"), ("WINRC", "windres"))}
    log = machine.home / "bootloader.log"
    log.unlink(missing_ok=True)
    machine.must(
        "the bootloader's compiler",
        ["python3", "./waf", "distclean", "all", "--target-arch=64bit", "--gcc"],
        extra={**tools, "SOURCE_DATE_EPOCH": str(EPOCH)},
        folder=inner / "bootloader",
        log=log,
    )
    made = inner / "PyInstaller" / "bootloader" / PLATFORM
    target.mkdir(parents=True)
    for name in FILES:
        shutil.copy(made / name, target)
    shutil.rmtree(work)


def put(source: Path, packages: Path) -> None:
    """Put the files in the place of those that PyInstaller brought, in a folder of installed packages.

    Raises:
        Trouble: there is no PyInstaller for Windows.
    """
    target = packages / "PyInstaller" / "bootloader" / PLATFORM
    for name in FILES:
        if not (target / name).is_file():
            raise Trouble(f"there is no {name} of PyInstaller in {target}.")
        shutil.copy(source / name, target / name)


def digests(source: Path) -> dict[str, str]:
    """Return the SHA-256 of each file of a bootloader."""
    return {name: hashlib.sha256((source / name).read_bytes()).hexdigest() for name in FILES}
