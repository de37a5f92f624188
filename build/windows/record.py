"""The record of a trial, for ``docs/windows-test.md``."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

LIMITS = """\
## What wine cannot show

- **How Windows draws**: wine draws with FreeType; DirectWrite's and GDI's letters, ClearType and the real high-DPI
  modes (per monitor, mixed scalings) are seen on a real PC alone. Where lines break is the program's own work, with the
  bundled font and word list; wine has no libthai either, so the pictures show the same breaks as Windows.
- **Printing**: the prefix has no printer; the self-test prints to PDF.
- **Input methods**, the on-screen keyboard, screen readers (UI Automation).
- **SmartScreen, Defender and other virus scanners**, files marked from the internet, AppLocker and office policies.
- **The taskbar**: wine's shortcuts take no name for it (their `IPropertyStore` is a stub); it groups nothing.
- **File types of one person**: Windows counts those in `HKCU\\Software\\Classes` among the PC's, wine 10 does not. The
  trial copies what setup wrote there to `HKLM\\Software\\Classes` before it opens a draft by its name.
- **Icons in Explorer** for `.dgdesk` files, and the "Open with" choice that Windows protects by a hash.
- **Mapped drives, OneDrive, long paths**: wine maps to Linux's file system, where a path has no 260 signs' limit.
- **Windows' own libraries**: the build holds every name that the program asks for against a list of what Windows 10
  1809 has (`build/windows/windows-10-1809.txt`); in the trial everything is turned off that wine has beyond it.
- The system's `icuuc.dll`: wine has none, and a stand-in that refuses every character set takes its place (in wine's
  own folder, never in the program; a check of the build proves it).
- **Speed**: wine's start of a process costs about a second.
"""


class Record:
    """Steps with their outcome, and what they were taken with."""

    def __init__(self, dist: Path, version: str) -> None:
        self.dist, self.version = dist, version
        self.began = datetime.now(UTC)
        self.rows: list[tuple[str, str, float, str]] = []
        self.tools: Mapping[str, str] = {}
        self.versions: Mapping[str, str] = {}

    def passed(self, what: str, seconds: float, found: Mapping[str, object]) -> None:
        """Note a step that did what it should."""
        told = ", ".join(f"{name}: {_figure(value)}" for name, value in found.items())
        self.rows.append((what, "yes", seconds, told))

    def failed(self, what: str, seconds: float, reason: str) -> None:
        """Note a step that did not."""
        self.rows.append((what, "**NO**", seconds, reason.replace("\n", " ").replace("|", "/")))

    def text(self) -> str:
        """Return the record as Markdown."""
        lines = [
            "# The last trial of the Windows build under wine",
            "",
            "Written by `build/dev.py windows-test`; do not edit. How it is done: [release.md](release.md).",
            "",
            f"- Date: {self.began:%Y-%m-%d %H:%M} UTC",
            f"- dgdesk {self.version}, " + ", ".join(f"{name} {version}" for name, version in self.tools.items()),
        ]
        if self.versions:
            lines.append("- In the program: " + ", ".join(f"{name} {each}" for name, each in self.versions.items()))
        lines += ["", "| step | passed | seconds | found |", "| --- | --- | ---: | --- |"]
        lines += [f"| {what} | {passed} | {seconds:.1f} | {told} |" for what, passed, seconds, told in self.rows]
        built = self.dist / "build.json"
        if built.exists():
            lines += ["", *_sizes(json.loads(built.read_text(encoding="utf-8")))]
        return "\n".join([*lines, "", LIMITS])

    def lacking(self) -> list[str]:
        """Say what makes this less than a full trial; only a full one is written into the documentation."""
        found = [f"{what}: {passed.strip('*').lower()}" for what, passed, _, _ in self.rows if passed != "yes"]
        if not self.rows:
            found.append("no step was taken")
        built = self.dist / "build.json"
        if not built.exists() or json.loads(built.read_text(encoding="utf-8")).get("reproducible") is None:
            found.append("the build was not made a second time (build/dev.py windows --twice)")
        return found

    def write(self, target: Path) -> None:
        """Write the record, whole or not at all."""
        part = target.with_name(target.name + ".part")
        with part.open("w", encoding="utf-8", newline="\n") as stream:
            stream.write(self.text())
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(target)


def _sizes(built: Mapping[str, object]) -> list[str]:
    outputs = built["outputs"]
    assert isinstance(outputs, dict)
    rows = [(name, told["bytes"], told["sha256"]) for name, told in outputs.items()]
    rows.append((f"installed ({built['files']} files)", built["installed"], built["frozen_sha256"]))
    found = built["reproducible"]
    same = "not tried" if found is None else "the same bytes" if found is True else "**other bytes**"
    started = built.get("bootloader")
    assert isinstance(started, dict)
    seconds = built["seconds"]
    assert isinstance(seconds, dict)
    return [
        "| what was tried | MB | SHA-256 |",
        "| --- | ---: | --- |",
        *(f"| {name} | {size / 1e6:.1f} | `{digest}` |" for name, size, digest in rows),
        "",
        "Bootloader from source: " + ", ".join(f"{name} `{digest}`" for name, digest in started.items()) + ".",
        "",
        f"Bootloader, and setup and ZIP of the same frozen program, made a second time: {same}. Seconds of the build: "
        + ", ".join(f"{name} {value}" for name, value in seconds.items())
        + ".",
    ]


def _figure(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)
