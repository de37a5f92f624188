"""Self-test, run: ``dgdesk --selftest DIR [--json] [--lang th|en] [--platform NAME]`` → report and exit code.

DIR gets ``selftest.json``, ``selftest.txt``, ``pages/`` with a picture of every page, and what the demo makes. Nothing
outside of it is written: the profile lies in it too. ``--platform`` names Qt's way to the screen (default: none, pixels
in memory). Exit codes: 0 all holds, 1 something does not, 2 wrong use, 3 DIR cannot be used.
"""

from __future__ import annotations

import io
import json
import os
import sys
import time
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from dgdesk.cli.main import spoken
from dgdesk.cli.parser import Parser
from dgdesk.errors import DgdeskError, FileError
from dgdesk.messages import load_catalogue
from dgdesk.selftest.about import folder_size, foreign_modules, is_frozen, peak_memory, program, versions
from dgdesk.selftest.headless import headless_steps
from dgdesk.selftest.report import document, ending, line
from dgdesk.selftest.steps import Findings, Outcome, Step, expect, try_all
from dgdesk.shown import one_line
from dgdesk.system.atomic import atomic_write


def run(arguments: Sequence[str], out: TextIO | None, err: TextIO | None) -> int:
    """Carry out the self-test and return the exit code; ``out`` and ``err`` are None in a program without a console."""
    catalogue = load_catalogue(spoken(arguments))
    try:
        wanted = _read(arguments)
        _prepare(wanted.folder)
    except DgdeskError as error:
        print(one_line(catalogue.error(error)), file=err or io.StringIO())
        return error.exit_code
    # What the commands ask the environment for: a profile of this run's own.
    os.environ["DGDESK_HOME"] = str(wanted.folder / "profile")
    began = time.monotonic()
    outcomes: list[Outcome] = []
    lines = [catalogue.text("selftest.title", version=str(program()["dgdesk"]), system=str(program()["system"]))]
    console = out or io.StringIO()
    if not wanted.json:
        print(lines[0], file=console)
    for outcome in try_all(_steps(wanted.folder, wanted.platform), time.monotonic):
        outcomes.append(outcome)
        lines.append(one_line(line(catalogue, outcome)))
        if not wanted.json:
            print(lines[-1], file=console, flush=True)
    lines.append(ending(catalogue, outcomes, str(wanted.folder)))
    about = {
        "program": program(),
        "versions": versions(),
        "seconds": round(time.monotonic() - began, 3),
        "peak_memory": peak_memory(),
        "installed_bytes": folder_size(Path(sys.executable).parent) if is_frozen() else None,
    }
    report = json.dumps(document(about, outcomes), ensure_ascii=False, indent=1)
    atomic_write(wanted.folder / "selftest.txt", ("\n".join(lines) + "\n").encode(), replace=True)
    atomic_write(wanted.folder / "selftest.json", f"{report}\n".encode(), replace=True)
    print(report if wanted.json else lines[-1], file=console)
    return 0 if all(outcome.ok for outcome in outcomes) else 1


def _read(arguments: Sequence[str]) -> Namespace:
    parser = Parser(prog="dgdesk --selftest", add_help=False)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--lang", choices=("th", "en"), default="th")
    # Qt's offscreen platform finds no fonts on Windows, and every Windows PC has a screen.
    parser.add_argument("--platform", default="windows" if sys.platform == "win32" else "offscreen")
    return parser.parse_args(arguments)


def _prepare(folder: Path) -> None:
    """Make the folder, which must be new or empty."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise FileError("selftest.folder_used", folder=str(folder))
    except OSError as error:
        raise FileError("cli.unwritable", name=folder.name) from error


def _steps(folder: Path, platform: str) -> list[Step]:
    from dgdesk.ui.portraits import Portraits

    portraits = Portraits(folder, platform)
    return [
        *headless_steps(folder),
        Step("window", portraits.open_window),
        Step("font", portraits.font),
        Step("pages", portraits.pages),
        Step("dialogs", portraits.dialogs),
        Step("quiet", portraits.quiet),
        Step("parts", _parts),
    ]


def _parts() -> Findings:
    """Whatever was loaded came from the program itself, and its licences lie beside it."""
    if not is_frozen():
        return {"frozen": False}
    home = Path(sys.executable).parent
    foreign = foreign_modules((getattr(module, "__file__", None) for module in list(sys.modules.values())), home)
    expect(not foreign, f"loaded from elsewhere: {', '.join(foreign[:5])}")
    expect((home / "LICENSES.html").is_file(), "LICENSES.html is not there")
    return {"modules": len(sys.modules)}
