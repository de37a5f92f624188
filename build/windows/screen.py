"""The screen without a monitor that Windows programs show themselves on, and the pictures taken of it."""

from __future__ import annotations

import os
import struct
import subprocess
import time
from pathlib import Path
from types import TracebackType

from windows.machine import Machine, Trouble, windows_path

WIDTH, HEIGHT = 1366, 768
"""Pixels of the plainest office PC."""
_DISPLAY = ":77"
PROGRAM_FONT, TRIAL_FONT = "Sarabun", "Windows"
"""Names of one length, so that one can stand in the other's place in a font file."""


def renamed(text: str) -> str:
    """Return a text with the trial's name of the font for the program's."""
    return text.replace(PROGRAM_FONT, TRIAL_FONT)


def renamed_font(content: bytes) -> bytes:
    """Return a font file under the trial's name: it names itself in UTF-16, and in the Macintosh's letters."""
    for encoding in ("utf-16-be", "ascii"):
        content = content.replace(PROGRAM_FONT.encode(encoding), TRIAL_FONT.encode(encoding))
    return content


def described_font(name: str) -> bytes:
    """Return Windows' description of a font (LOGFONTW) for title bars: plain, 14 pixels high, Thai letters."""
    plain, thai = 400, 222
    return struct.pack("<5i8B64s", -14, 0, 0, 0, plain, 0, 0, 0, thai, 0, 0, 0, 0, name.encode("utf-16-le"))


class Screen:
    """An X screen inside the machine; wine draws a Windows desktop on it, with title bars of its own."""

    def __init__(self, machine: Machine, prefix: Path, work: Path) -> None:
        self.machine, self.prefix, self.display = machine, prefix, _DISPLAY
        self.pictures = work / "pictures"
        self._server: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Screen:
        self.pictures.mkdir(parents=True)
        size = f"{WIDTH}x{HEIGHT}x24"
        command = self.machine.command(["Xvfb", self.display, "-screen", "0", size, "-nolisten", "tcp", "-noreset"])
        self._server = subprocess.Popen(
            command, env=self.machine.environment({}), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(2)
        if self._server.poll() is not None:
            raise Trouble("Xvfb does not start.")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.terminate()
            self._server.wait()

    def prepare(self, fonts: Path) -> None:
        """Let wine draw a desktop: windows have title bars as on Windows, with Thai letters where it has Tahoma.

        ``fonts`` are the program's; they get another name, so that the program does not find its own among Windows'.
        """
        folder = self.prefix / "drive_c" / "windows" / "Fonts"
        for font in sorted(fonts.glob("*.ttf")):
            (folder / renamed(font.name)).write_bytes(renamed_font(font.read_bytes()))
        for name in ("MS Shell Dlg", "MS Shell Dlg 2", "Segoe UI"):
            self._reg(r"HKCU\Software\Wine\Fonts\Replacements", name, TRIAL_FONT)
        # wine brings a Tahoma without Thai, and replaces only what it has not
        for name in ("CaptionFont", "SmCaptionFont", "MessageFont"):
            metrics = r"HKCU\Control Panel\Desktop\WindowMetrics"
            self._reg(metrics, name, described_font(TRIAL_FONT).hex(), "REG_BINARY")
        key = r"HKCU\Software\Wine\Explorer"
        self._reg(key, "Desktop", "Default")
        self._reg(key + r"\Desktops", "Default", f"{WIDTH}x{HEIGHT}")

    def _reg(self, key: str, name: str, value: str, kind: str = "REG_SZ") -> None:
        self.machine.wine(self.prefix, ["reg", "add", key, "/v", name, "/t", kind, "/d", value, "/f"])

    def keys(self, *names: str) -> None:
        """Press keys, one after the other."""
        for name in names:
            self.machine.run(["xdotool", "key", "--clearmodifiers", name], {"DISPLAY": self.display})
            time.sleep(0.4)

    def settle(self, most_seconds: float = 60) -> None:
        """Wait until the picture does not change any more."""
        last, until = b"", time.monotonic() + most_seconds
        while time.monotonic() < until:
            time.sleep(3)
            self.shoot("now")
            content = (self.pictures / "now.png").read_bytes()
            if content == last:
                break
            last = content
        (self.pictures / "now.png").unlink(missing_ok=True)

    def shoot(self, name: str) -> None:
        """Take a picture of the whole screen."""
        target = self.pictures / f"{name}.png"
        # Without the time of day in it, so that the same screen gives the same bytes.
        stripped = ["-strip", "-define", "png:exclude-chunks=date,time"]
        self.machine.must(
            "import", ["import", "-window", "root", *stripped, str(target)], extra={"DISPLAY": self.display}
        )

    def setup_pages(self, setup: Path) -> None:
        """Take pictures of setup's pages."""
        running = subprocess.Popen(
            self.machine.command(["/usr/lib/wine/wine64", windows_path(setup)]),
            env=self.machine.environment({**self.machine.wine_variables(self.prefix), "DISPLAY": self.display}),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            time.sleep(6)
            self.settle()
            self.shoot("setup-1")
            self.keys("Return")
            self.settle()
            self.shoot("setup-2")
            self.keys("Escape")
            self.settle()
            self.shoot("setup-3")
        finally:
            self.machine.settle(self.prefix, end=True)
            running.wait()

    def keep(self, target: Path) -> None:
        """Put the pictures among the project's, with few colours."""
        target.mkdir(parents=True, exist_ok=True)
        for picture in sorted(self.pictures.glob("*.png")):
            part = target / f"{picture.name}.part"
            few = ["-strip", "-colors", "64", f"PNG8:{part}"]
            self.machine.must("convert", ["convert", str(picture), *few])
            with part.open("rb") as stream:
                os.fsync(stream.fileno())
            part.replace(target / picture.name)
