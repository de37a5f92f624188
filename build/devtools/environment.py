"""The checkout's own Python environment in ``.venv``, and the record of what was put into it."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from devtools.messages import Stop, say
from devtools.system import apt_command, find_tool, install_packages

FULL_SIGN = "No space left on device"
FULL_DISK = "the disk is full; free some gigabytes and start again, the set-up then goes on."
NETWORK_SIGNS = ("NewConnectionError", "name resolution", "Network is unreachable", "ConnectTimeout", "ReadTimeout")
_REMARKS = ("note:", "hint:", "[notice]", "[end of output]", "error: subprocess-exited-with-error", "×", "╰─>")
_FOREIGN = ("PYTHONHOME", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE")
"""What was set for another Python. Without compiled modules each test that starts the program would compile it."""


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
        # The record is taken away first and comes back last, so that an interrupted set-up is noticed and starts over.
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

    def variables(self, extra: Mapping[str, str], tools: Path | None = None) -> dict[str, str]:
        """The variables to start a program of the environment with: its programs first, no foreign Python settings.

        With ``tools`` the PATH holds the environment's programs and that folder, and nothing else. The language of
        the system stays, but a C locale becomes C.UTF-8.
        """
        kept = {name: value for name, value in os.environ.items() if name not in _FOREIGN}
        kept["PATH"] = os.pathsep.join([str(self.programs), str(tools) if tools else kept.get("PATH", os.defpath)])
        if kept.get("LC_ALL", "C.UTF-8") in ("", "C", "POSIX"):
            del kept["LC_ALL"]
        if kept.get("LANG", "") in ("", "C", "POSIX"):
            kept["LANG"] = "C.UTF-8"
        return {**kept, **extra}

    def pip(self) -> list[str]:
        """Return the command that calls pip for this environment: its own, or the system's where it has none."""
        has_pip = [str(self.python), "-c", "import pip"]
        if subprocess.run(has_pip, capture_output=True, env=self.variables({}), check=False).returncode == 0:
            return [str(self.python), "-m", "pip"]
        return [sys.executable, "-m", "pip", "--python", str(self.python)]

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

    def add_node_packages(self, wanted: Path) -> Path | None:
        """Put the packages of a package.json into a folder of the environment; None when they cannot be fetched."""
        folder = self.folder / "node"
        record, content = folder / "package.json", wanted.read_bytes()
        if (folder / "node_modules").is_dir() and record.exists() and record.read_bytes() == content:
            return folder
        npm = find_tool("npm")
        if npm is None:
            return None
        say(f"installing {wanted.name} beside the Python environment")
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        (folder / "wanted").mkdir()
        shutil.copyfile(wanted, folder / "wanted" / "package.json")
        quiet = ["--no-audit", "--no-fund", "--no-update-notifier", "--ignore-scripts", "--no-package-lock"]
        with self.log.open("wb") as log:
            code = subprocess.run(
                [npm, "install", *quiet],
                cwd=folder / "wanted",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                check=False,
            ).returncode
        if code != 0:
            say("the packages of node could not be installed, goes on without them")
            return None
        (folder / "wanted" / "node_modules").rename(folder / "node_modules")
        shutil.rmtree(folder / "wanted")
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
        if not os.access(self.root, os.W_OK):
            raise Stop(
                f"this user may not write into {self.root}; copy it into a folder of your own and start it there."
            )
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
            words = made.stderr or made.stdout
            if FULL_SIGN in words:
                raise Stop(FULL_DISK)
            reason = words.strip().splitlines()[-1:] or ["no reason given"]
            raise Stop(f"the Python environment {self.folder} could not be made: {reason[0]}")

    def _install(self, extras: set[str]) -> None:
        what = f"-e .[{','.join(sorted(extras))}]" if extras else "-e ."
        say(f"installing Python packages ({what}); the first time this takes some minutes")
        variables = self.variables({})
        pip = self.pip()
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
        if FULL_SIGN in text:
            return FULL_DISK
        if any(sign in text for sign in NETWORK_SIGNS):
            return (
                "the Python packages could not be fetched: there is no network connection; connect this computer and "
                f"start again (pip's own words: {self.log})."
            )
        return f"the Python packages could not be installed: {pip_error(text)} (pip's own words: {self.log})"

    def _point_to_sources_relatively(self) -> None:
        # Python before 3.13 reads .pth files in the language's own encoding: under a Thai folder name that ends the
        # interpreter at start (Windows, or LC_ALL=C). A relative line is ASCII whatever the folder's name.
        for pattern in ("lib/python*/site-packages/_dgdesk.pth", "Lib/site-packages/_dgdesk.pth"):
            for path in self.folder.glob(pattern):
                path.write_text(os.path.relpath(self.root / "src", path.parent) + "\n", encoding="ascii")


def pip_error(text: str) -> str:
    """Return the line of pip's output that names the cause.

    What a subprocess of pip said is indented, and the lines after it only report that it failed: so the line that is
    indented most counts, and of several the last.
    """
    lines = [line.rstrip() for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if line.lstrip(" |│").startswith("ERROR:")]
    if not errors:
        errors = [line for line in lines if "error: " in line.lower() and not line.lstrip().startswith(_REMARKS)]
    if not errors:
        errors = [line for line in lines if not line.lstrip().startswith(_REMARKS)][-1:] or ["?"]
    deepest = max(len(line) - len(line.lstrip()) for line in errors)
    return [line for line in errors if len(line) - len(line.lstrip()) == deepest][-1].strip(" |│")
