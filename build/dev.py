"""The door for newcomers: sets up a checkout of dgdesk and runs it, with nothing but Python 3.11.

    python3 build/dev.py run [arguments]    open the window (with no display: run the demo), or a headless command
    python3 build/dev.py test [arguments]   run the tests; arguments go to pytest
    python3 build/dev.py faults [--short] [--seed N] [--only NAME]    kills, failing disks, damage, foreign input
    python3 build/dev.py benchmarks [--short] [--only NAME]    speeds, sizes, growth, soak, into docs/figures.md
    python3 build/dev.py audit              pins, licences, and known weaknesses of what the program is made of
    python3 build/dev.py lint               ruff, mypy and the layer contracts
    python3 build/dev.py setup              only set up, everything included
    python3 build/dev.py freeze             freeze the program into dist/dgdesk, for the system this runs on
    python3 build/dev.py freeze-test        run the frozen program's self-test where nothing else is (Linux)
    python3 build/dev.py windows            build setup and portable ZIP for Windows, under wine (Linux, as root)
    python3 build/dev.py windows-test       try both in a fresh Windows of wine's

On Windows: ``py -3.11 build\\dev.py run``. Everything Python lands in ``.venv`` beside ``pyproject.toml``. Missing
system packages are named, and installed with apt-get if this user may. What is there is not done again; a set-up that
was broken off is made anew. Exit code 1 with one sentence when the set-up cannot be done, 2 for wrong use, otherwise
the exit code of what ran. Standard library only; older Pythons (3.7) must be able to read this file.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
OLDEST, NEWEST = (3, 11), (3, 13)

# What Qt loads, and the Debian package that brings it.
OFFSCREEN_LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
}
DISPLAY_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
# Public tools that the tests check bundles with.
TEST_TOOLS = {"openssl": "openssl", "sha256sum": "coreutils"}
# What the benchmarks stand beside: tools, and the libraries that WeasyPrint loads.
COMPARED_TOOLS = {"zip": "zip", "unzip": "unzip"}
COMPARED_LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
# What PyInstaller looks into libraries with, and makes them smaller.
FREEZE_TOOLS = {"objdump": "binutils", "strip": "binutils"}

NETWORK_SIGNS = ("NewConnectionError", "name resolution", "Network is unreachable", "ConnectTimeout", "ReadTimeout")


class Stop(Exception):
    """The set-up cannot go on; the text is one sentence for the person at the keyboard."""


def say(text: str) -> None:
    """Tell the person what happens, at once."""
    print(f"dev.py: {text}", flush=True)


# ---- the computer ----------------------------------------------------------------------------------------------------


def python_complaint(version: tuple[int, int], bits: int) -> str | None:
    """Say why this Python cannot be used, or None when it can."""
    if not OLDEST <= version <= NEWEST:
        return (
            f"dgdesk needs Python {OLDEST[0]}.{OLDEST[1]} to {NEWEST[0]}.{NEWEST[1]}, and this is Python "
            f"{version[0]}.{version[1]}; start build/dev.py with another one, for example python3.11."
        )
    if bits < 64:
        return "dgdesk needs a 64-bit Python, and this is a 32-bit one."
    return None


def has_display(platform: str, environment: Mapping[str, str]) -> bool:
    """Whether a window can open: always on Windows and macOS, elsewhere when X or Wayland is announced."""
    if platform in ("win32", "darwin"):
        return True
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def wants_window(arguments: Sequence[str]) -> bool:
    """Whether these arguments of dgdesk open its window: none, or a draft file."""
    return not arguments or arguments[0].endswith(".dgdesk")


def missing_packages(libraries: Mapping[str, str], tools: Mapping[str, str]) -> list[str]:
    """Name the Debian packages whose libraries do not load or whose tools are not on the path."""

    def loads(name: str) -> bool:
        try:
            ctypes.CDLL(name)
        except OSError:
            return False
        return True

    missing = [package for name, package in libraries.items() if not loads(name)]
    missing += [package for name, package in tools.items() if shutil.which(name) is None]
    return list(dict.fromkeys(missing))


def apt_command() -> list[str] | None:
    """The start of an apt-get call that this user may make without being asked, or None."""
    # dpkg refuses to work without the sbin folders, which a plain user's PATH lacks.
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/bin", "/bin"])
    apt = shutil.which("apt-get", path=path)
    if apt is None:
        return None
    call = ["env", f"PATH={path}", "DEBIAN_FRONTEND=noninteractive", apt, "-o", "DPkg::Lock::Timeout=300", "-q"]
    if os.geteuid() == 0:
        return call
    sudo = shutil.which("sudo", path=path)
    if sudo is None:
        return None
    silent = subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0
    return [sudo, *call] if silent or sys.stdin.isatty() else None


def install_packages(packages: Sequence[str]) -> None:
    """Install Debian packages.

    Raises:
        Stop: there is no apt-get, this user may not use it, or it failed.
    """
    names = " ".join(packages)
    apt = apt_command()
    if apt is None:
        raise Stop(f"system packages are missing and cannot be installed from here; as root: apt-get install {names}")
    say(f"installing system packages with apt-get: {names}")
    # A stale or broken source makes `update` fail where `install` still works.
    subprocess.run([*apt, "update"], stdin=subprocess.DEVNULL, check=False)
    install = [*apt, "install", "-y", "--no-install-recommends", *packages]
    if subprocess.run(install, stdin=subprocess.DEVNULL, check=False).returncode != 0:
        raise Stop(f"apt-get could not install {names}; see its message above (is there a network connection?).")


def set_up_system(libraries: Mapping[str, str], tools: Mapping[str, str]) -> None:
    """Make sure that the system libraries and tools are there (Linux only; elsewhere Qt brings its own).

    Raises:
        Stop: something is missing and cannot be installed.
    """
    if not sys.platform.startswith("linux"):
        return
    missing = missing_packages(libraries, tools)
    if not missing:
        return
    install_packages(missing)
    still = missing_packages(libraries, tools)
    if still:
        raise Stop(f"these system packages are installed, yet what they bring cannot be used: {' '.join(still)}.")


# ---- .venv -----------------------------------------------------------------------------------------------------------


class Environment:
    """The checkout's own Python environment, and the record of what was put into it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / ".venv"
        self.programs = self.folder / ("Scripts" if sys.platform == "win32" else "bin")
        self.python = self.programs / ("python.exe" if sys.platform == "win32" else "python")
        self.record = self.folder / "dgdesk-setup.json"
        self.log = self.folder / "dgdesk-setup.log"

    def set_up(self, extras: set[str]) -> None:
        """Bring the environment to what pyproject.toml, constraints.txt and ``extras`` ask for; nothing if it is.

        Raises:
            Stop: it cannot be made, or its packages cannot be fetched.
        """
        parts = [(self.root / name).read_bytes() for name in ("pyproject.toml", "constraints.txt")]
        wanted = {"root": str(self.root), "inputs": hashlib.sha256(b"\0".join(parts)).hexdigest()}
        done = self._sound_record()
        if done and extras <= set(done["extras"]) and all(done[key] == value for key, value in wanted.items()):
            return
        # The record is taken away first and comes back last, so that a broken-off set-up is seen and made anew.
        if done and done["root"] == wanted["root"]:
            self.record.unlink()
            extras = extras | set(done["extras"])
        else:
            self._create()
        self._install(extras)
        new = {**wanted, "extras": sorted(extras), "python": self._version()}
        part = self.record.with_suffix(".part")
        part.write_text(json.dumps(new), encoding="utf-8")
        part.replace(self.record)

    def variables(self, extra: Mapping[str, str]) -> dict[str, str]:
        """The variables to start a program of the environment with: its tools first, no foreign Python settings."""
        kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONHOME", "PYTHONPATH")}
        kept["PATH"] = os.pathsep.join([str(self.programs), kept.get("PATH", os.defpath)])
        return {**kept, **extra}

    def add_beside(self, name: str, wanted: Path) -> Path | None:
        """Put packages into a folder beside the environment's own; None when they cannot be fetched."""
        folder = self.folder / name
        record, content = folder / "wanted.txt", wanted.read_bytes()
        if record.exists() and record.read_bytes() == content:
            return folder
        say(f"installing {wanted.name} beside the Python environment")
        shutil.rmtree(folder, ignore_errors=True)
        options = ["--no-input", "--disable-pip-version-check", "--progress-bar", "off", "-c", "constraints.txt"]
        command = [str(self.python), "-m", "pip", "install", *options, "--target", str(folder), "-r", str(wanted)]
        with self.log.open("wb") as log:
            code = subprocess.run(
                command,
                cwd=self.root,
                env=self.variables({}),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                check=False,
            ).returncode
        if code != 0:
            say(f"could not be installed, goes on without it: {self._pip_trouble()}")
            return None
        record.write_bytes(content)
        return folder

    def _sound_record(self) -> dict[str, Any] | None:
        try:
            record: dict[str, Any] = json.loads(self.record.read_text(encoding="utf-8"))
            usable = {"root", "inputs", "extras", "python"} <= record.keys() and record["python"] == self._version()
        except (OSError, ValueError, AttributeError):
            return None
        return record if usable else None

    def _version(self) -> str:
        code = "import sys; print(sys.version_info[:2])"
        try:
            return subprocess.run([self.python, "-c", code], capture_output=True, text=True, check=False).stdout.strip()
        except OSError:
            return ""

    def _create(self) -> None:
        say(f"making the Python environment {self.folder}")
        # Started from a virtual environment, perhaps this very one: go back to the Python under it.
        base = sys.executable if sys.prefix == sys.base_prefix else getattr(sys, "_base_executable", sys.executable)
        make = [base, "-m", "venv", "--clear"]
        if importlib.util.find_spec("ensurepip") is None:
            # Debian keeps the bundled pip in a package of its own; without root, the system's pip serves too.
            if sys.platform.startswith("linux") and apt_command():
                install_packages([f"python3.{sys.version_info[1]}-venv"])
            elif importlib.util.find_spec("pip"):
                make.append("--without-pip")
            else:
                raise Stop("this Python has neither venv nor pip; as root: apt-get install python3-venv")
        made = subprocess.run([*make, str(self.folder)], capture_output=True, text=True, check=False)
        if made.returncode != 0:
            reason = (made.stderr or made.stdout).strip().splitlines()[-1:] or ["no reason given"]
            raise Stop(f"the Python environment {self.folder} could not be made: {reason[0]}")

    def _install(self, extras: set[str]) -> None:
        what = f"-e .[{','.join(sorted(extras))}]" if extras else "-e ."
        say(f"installing Python packages ({what}); the first time this takes some minutes")
        variables = self.variables({})
        has_pip = [str(self.python), "-c", "import pip"]
        if subprocess.run(has_pip, capture_output=True, env=variables, check=False).returncode == 0:
            pip = [str(self.python), "-m", "pip"]
        else:
            pip = [sys.executable, "-m", "pip", "--python", str(self.python)]
        options = ["--no-input", "--disable-pip-version-check", "--progress-bar", "off"]
        command = [*pip, "install", *options, "-c", "constraints.txt", *what.split()]
        with self.log.open("wb") as log:
            # Relative names and a working folder: a path with spaces or Thai never has to pass through pip's options.
            code = subprocess.run(
                command, cwd=self.root, env=variables, stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=False
            ).returncode
        if code != 0:
            raise Stop(self._pip_trouble())
        self._point_to_sources_relatively()

    def _pip_trouble(self) -> str:
        text = self.log.read_text(encoding="utf-8", errors="replace")
        if any(sign in text for sign in NETWORK_SIGNS):
            return f"the Python packages could not be fetched: no network connection (pip's own words: {self.log})."
        errors = [line for line in text.splitlines() if line.startswith("ERROR:")] or text.splitlines()[-1:] or ["?"]
        return f"the Python packages could not be installed: {errors[-1]} (pip's own words: {self.log})"

    def _point_to_sources_relatively(self) -> None:
        # Python before 3.13 reads .pth files in the language's own encoding: under a Thai folder name that ends the
        # interpreter at start (Windows, or LC_ALL=C). A relative line is ASCII whatever the folder's name.
        for pattern in ("lib/python*/site-packages/_dgdesk.pth", "Lib/site-packages/_dgdesk.pth"):
            for path in self.folder.glob(pattern):
                path.write_text(os.path.relpath(self.root / "src", path.parent) + "\n", encoding="ascii")


# ---- commands --------------------------------------------------------------------------------------------------------


def hand_over(command: list[str], variables: Mapping[str, str]) -> int:
    """Let ``command`` take this process's place where that is possible, and otherwise wait for it."""
    sys.stdout.flush()
    if sys.platform == "win32":
        return subprocess.run(command, env=variables, check=False).returncode
    os.execve(command[0], command, variables)


def run(environment: Environment, arguments: Sequence[str]) -> int:
    """Open the window, or run a headless command in the folder the person stands in."""
    display = has_display(sys.platform, os.environ)
    if not display and arguments and wants_window(arguments):
        raise Stop(
            "there is no display here, so the draft cannot be opened in a window; `run check` reads it without one."
        )
    if display and wants_window(arguments):
        set_up_system({**OFFSCREEN_LIBRARIES, **DISPLAY_LIBRARIES}, {})
    environment.set_up(set())
    if not display and not arguments:
        arguments = ["demo", str(Path(tempfile.mkdtemp(prefix="dgdesk-demo-")) / "demo")]
        say(f"there is no display here, so no window can open; running the demo instead: dgdesk {' '.join(arguments)}")
    return hand_over([str(environment.python), "-P", "-m", "dgdesk", *arguments], environment.variables({}))


def test(environment: Environment, arguments: Sequence[str]) -> int:
    """Run the tests, with no display needed: all of them a file on each core, those named one after the other."""
    set_up_system(OFFSCREEN_LIBRARIES, TEST_TOOLS)
    environment.set_up({"dev"})
    variables = environment.variables({"QT_QPA_PLATFORM": "offscreen", "LANG": "C.UTF-8"})
    variables.pop("LC_ALL", None)
    os.chdir(environment.root)
    # a worker that died ends the run with the name of its test: xdist hangs when it gives its files to another
    chosen = arguments or ("-n", "auto", "--dist", "loadfile", "--max-worker-restart", "0")
    return hand_over([str(environment.python), "-P", "-m", "pytest", *chosen], variables)


def faults(environment: Environment, arguments: Sequence[str]) -> int:
    """Show what is promised under kills, failing disks, damage and foreign input; see tests/faults/__main__.py."""
    set_up_system(OFFSCREEN_LIBRARIES, TEST_TOOLS)
    environment.set_up({"dev"})
    variables = environment.variables({"QT_QPA_PLATFORM": "offscreen", "LANG": "C.UTF-8"})
    variables.pop("LC_ALL", None)
    os.chdir(environment.root)
    return hand_over([str(environment.python), "-P", str(Path("tests", "faults")), *arguments], variables)


def lint(environment: Environment, arguments: Sequence[str]) -> int:
    """Run every static check, also after one has failed; 1 if any has."""
    environment.set_up({"dev"})
    imports = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    checks = {
        "ruff check": ["-m", "ruff", "check"],
        "ruff format": ["-m", "ruff", "format", "--check"],
        "mypy": ["-m", "mypy"],
        "import-linter": ["-c", imports, "--no-cache", "--no-logo"],
    }
    failed = []
    for name, call in checks.items():
        say(name)
        command = [str(environment.python), *call]
        if subprocess.run(command, cwd=environment.root, env=environment.variables({}), check=False).returncode != 0:
            failed.append(name)
    say(f"not clean: {', '.join(failed)}" if failed else "all clean")
    return 1 if failed else 0


def benchmarks(environment: Environment, arguments: Sequence[str]) -> int:
    """Measure, with no display needed; the full run brings what it compares with, the short one takes what is there."""
    short = "--short" in arguments
    set_up_system({**OFFSCREEN_LIBRARIES, **({} if short else COMPARED_LIBRARIES)}, {**TEST_TOOLS, **COMPARED_TOOLS})
    environment.set_up({"dev"})
    extra = {"QT_QPA_PLATFORM": "offscreen", "LANG": "C.UTF-8"}
    beside = None if short else environment.add_beside("compared", environment.root / "benchmarks" / "compared.txt")
    if beside is not None:
        extra["DGDESK_COMPARED"] = str(beside)
    variables = environment.variables(extra)
    variables.pop("LC_ALL", None)
    return hand_over([str(environment.python), str(environment.root / "benchmarks"), *arguments], variables)


def audit(environment: Environment, arguments: Sequence[str]) -> int:
    """Check pins and licences, and ask for known weaknesses where the database of them can be reached."""
    environment.set_up({"dev"})
    beside = environment.add_beside("audit", environment.root / "build" / "pip-audit.txt")
    variables = environment.variables({"DGDESK_AUDIT": str(beside)} if beside is not None else {})
    return hand_over(
        [str(environment.python), str(environment.root / "build" / "dependencies.py"), *arguments], variables
    )


def setup(environment: Environment, arguments: Sequence[str]) -> int:
    """Set up for running and for testing, and do nothing else."""
    display = DISPLAY_LIBRARIES if has_display(sys.platform, os.environ) else {}
    set_up_system({**OFFSCREEN_LIBRARIES, **display}, TEST_TOOLS)
    environment.set_up({"dev"})
    say(f"ready: {environment.folder}")
    return 0


def freeze(environment: Environment, arguments: Sequence[str]) -> int:
    """Freeze the program; see ``build/freeze.py``."""
    set_up_system({**OFFSCREEN_LIBRARIES, **DISPLAY_LIBRARIES, **shared_python()}, FREEZE_TOOLS)
    environment.set_up({"build"})
    return hand_over([str(environment.python), "-P", str(ROOT / "build" / "freeze.py")], environment.variables({}))


def freeze_test(environment: Environment, arguments: Sequence[str]) -> int:
    """Run the frozen program's self-test; the report lies in the folder given, or in ``.work/selftest``."""
    set_up_system(OFFSCREEN_LIBRARIES, FREEZE_TOOLS)
    environment.set_up({"build"})
    folder = Path(arguments[0]).absolute() if arguments else ROOT / ".work" / "selftest"
    command = [str(environment.python), "-P", str(ROOT / "build" / "bare_root.py"), str(folder)]
    return hand_over(command, environment.variables({}))


def shared_python() -> dict[str, str]:
    """The library of this very Python, which Debian keeps in a package of its own; nothing where it is there."""
    name = str(sysconfig.get_config_var("INSTSONAME") or "")
    here = [Path(str(sysconfig.get_config_var(place) or "/nowhere")) / name for place in ("LIBDIR", "LIBPL")]
    if not sys.platform.startswith("linux") or not name or any(path.is_file() for path in here):
        return {}
    return {name: f"libpython3.{sys.version_info[1]}"}


def windows(environment: Environment, arguments: Sequence[str]) -> int:
    """Build for Windows; see ``build/windows/make.py``."""
    from windows import make

    return make.main(arguments)


def windows_test(environment: Environment, arguments: Sequence[str]) -> int:
    """Try what was built for Windows; see ``build/windows/trial.py``."""
    from windows import trial

    return trial.main(arguments)


COMMANDS = {
    **{
        "run": run,
        "test": test,
        "faults": faults,
        "benchmarks": benchmarks,
        "audit": audit,
        "lint": lint,
        "setup": setup,
    },
    **{"freeze": freeze, "freeze-test": freeze_test},
    **{"windows": windows, "windows-test": windows_test},
}


def main(arguments: Sequence[str]) -> int:
    """Do what the first argument names; see the module's text."""
    if not arguments or arguments[0] not in COMMANDS:
        print(__doc__)
        return 0 if arguments and arguments[0] in ("-h", "--help") else 2
    try:
        complaint = python_complaint(sys.version_info[:2], 64 if sys.maxsize > 2**32 else 32)
        if complaint:
            raise Stop(complaint)
        return COMMANDS[arguments[0]](Environment(ROOT), arguments[1:])
    except Stop as stop:
        print(f"dev.py: {stop}", file=sys.stderr, flush=True)
    except OSError as error:
        print(f"dev.py: the set-up needs a file or folder it cannot use: {error}", file=sys.stderr, flush=True)
    except KeyboardInterrupt:
        print("dev.py: broken off; start it again and it goes on.", file=sys.stderr, flush=True)
        return 130
    return 1


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        # A console that lacks a letter of the folder's name must not end the set-up.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    sys.exit(main(sys.argv[1:]))
