"""A person's Windows in the trial: a wine prefix, the places in it, and what is asked of it; small checks of steps."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from subprocess import CompletedProcess, TimeoutExpired

from windows.machine import Machine, Trouble, windows_path
from windows.screen import Screen

SHORTCUT = "แบบสำรวจรัฐบาลดิจิทัลจังหวัด.lnk"
"""As ``dgdesk.nsi`` names it."""
FILE_ENDINGS = (r"Software\Classes\.dgdesk", r"Software\Classes\.dgedition")
KEYS = (r"Software\dgdesk", r"Software\Microsoft\Windows\CurrentVersion\Uninstall\dgdesk", *FILE_ENDINGS)
FILE_TYPES = (*FILE_ENDINGS, r"Software\Classes\dgdesk.Draft", r"Software\Classes\dgdesk.Edition")


class Windows:
    """One person's Windows: a wine prefix, and the places in it."""

    def __init__(self, machine: Machine, prefix: Path, screen: Screen) -> None:
        self.machine, self.prefix, self.screen = machine, prefix, screen
        self.person = prefix / "drive_c" / "users" / machine.person
        self.roaming = self.person / "AppData" / "Roaming"
        self.profile = self.roaming / "dgdesk"
        self.program = self.person / "AppData" / "Local" / "Programs" / "dgdesk"
        self.shortcuts = (
            self.roaming / "Microsoft" / "Windows" / "Start Menu" / "Programs" / SHORTCUT,
            self.person / "Desktop" / SHORTCUT,
        )

    def run(self, program: Path | str, *arguments: str, seconds: float = 900) -> CompletedProcess[str]:
        """Run a Windows program to its end.

        Raises:
            Trouble: it does not end in time.
        """
        name = program if isinstance(program, str) else windows_path(program)
        shown = {"DISPLAY": self.screen.display}
        try:
            return self.machine.wine(self.prefix, [name, *arguments], shown, most_seconds=seconds)
        except TimeoutExpired as error:
            raise Trouble(f"{Path(name).name} did not end within {seconds:.0f} seconds.") from error

    def start(self, file: Path, *arguments: str, variables: Mapping[str, str] | None = None) -> None:
        """Open a file as a double click does."""
        shown = {"DISPLAY": self.screen.display, **(variables or {})}
        self.machine.start(self.prefix, [str(file), *arguments], shown)

    def running(self) -> frozenset[str]:
        """Return the numbers of the program's processes."""
        return frozenset(re.findall(r"^dgdesk\.exe\s+(\d+)", self.run("tasklist").stdout, re.MULTILINE))

    def registry(self, key: str, root: str = "HKCU") -> str:
        """Return what the person's registry, or the PC's (``HKLM``), holds below a key; nothing if there is none."""
        done = self.run("reg", "query", f"{root}\\{key}", "/s")
        return done.stdout if done.returncode == 0 else ""

    def join_file_types(self) -> None:
        """Do what wine 10 leaves out: let the person's file types count among those of the PC.

        Raises:
            Trouble: setup wrote none.
        """
        for key in FILE_TYPES:
            done = self.run("reg", "copy", f"HKCU\\{key}", f"HKLM\\{key}", "/s", "/f")
            expect(done.returncode == 0, f"the file type cannot be copied: {done.stdout[-200:]}{done.stderr[-200:]}")

    def close_program(self) -> None:
        """Ask the program to close, as Windows does, and wait until it is gone.

        Raises:
            Trouble: it stays.
        """
        self.run("taskkill", "/im", "dgdesk.exe")
        wait_for("the program to close", lambda: not self.running())


def wait_for(what: str, there: Callable[[], bool], seconds: float = 120) -> float:
    """Wait until something is there, and return how many seconds it took.

    Raises:
        Trouble: it does not come.
    """
    began = time.monotonic()
    while not there():
        if time.monotonic() - began > seconds:
            raise Trouble(f"waited {seconds:.0f} seconds for {what}, in vain.")
        time.sleep(0.5)
    return time.monotonic() - began


def expect(holds: bool, otherwise: str) -> None:
    """Raise Trouble with a sentence unless something holds."""
    if not holds:
        raise Trouble(otherwise)


def digests(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file below a folder, by name with forward slashes."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }
