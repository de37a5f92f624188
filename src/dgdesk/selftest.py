"""The self-test: ``dgdesk --selftest DIR [--json] [--lang th|en] [--platform NAME]`` → report and exit code.

It does the program's main work once, frozen on an office PC or from source: fills, signs and exports the demo survey,
verifies, prints, encrypts and collates it, and opens it in the window. DIR gets ``selftest.json``, ``selftest.txt``,
``window.png`` and the demo's files. Nothing outside of it is written: the profile is inside too. ``--platform`` names
Qt's platform (default: pixels in memory; on Windows the screen). Exit codes: 0 all steps passed, 1 a step failed, 2
wrong use, 3 DIR cannot be used.
"""

from __future__ import annotations

import io
import json
import os
import platform
import sys
import time
import traceback
from argparse import Namespace
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path, PurePath
from typing import Any, TextIO

from dgdesk import __version__
from dgdesk.cli.main import main, spoken
from dgdesk.cli.parser import Parser
from dgdesk.errors import DgdeskError, FileError
from dgdesk.text.messages import Catalogue, load_catalogue
from dgdesk.text.shown import one_line

Findings = Mapping[str, object]
Step = Callable[[], Findings]
_VERSIONS = {
    "PySide6": "__version__",
    "sqlalchemy": "__version__",
    "pydantic": "VERSION",
    "uharfbuzz": "__version__",
    "fontTools": "version",
    "PIL": "__version__",
    "pikepdf": "__version__",
    "pypdfium2.version": "PYPDFIUM_INFO",
    "cryptography": "__version__",
    "truststore": "__version__",
    "pyhanko.version": "__version__",
    "openpyxl": "__version__",
    "lxml.etree": "__version__",
    "yaml": "__version__",
}


class Broken(Exception):
    """A step failed; the text says what was found."""


def run(arguments: Sequence[str], out: TextIO | None, err: TextIO | None) -> int:
    """Run the self-test and return the exit code; ``out`` and ``err`` are None in a program without a console."""
    catalogue = load_catalogue(spoken(arguments))
    try:
        wanted = _read(arguments)
        _prepare(wanted.folder)
    except DgdeskError as error:
        print(one_line(catalogue.error(error)), file=err or io.StringIO())
        return error.exit_code
    folder: Path = wanted.folder
    os.environ["DGDESK_HOME"] = str(folder / "profile")  # what the commands read: a profile of this run's own
    system = f"{platform.system()} {platform.release()} {platform.machine()}"
    lines: list[str] = []

    def say(text: str) -> None:
        lines.append(one_line(text))
        if not wanted.json:
            print(lines[-1], file=out or io.StringIO(), flush=True)

    say(catalogue.text("selftest.title", version=__version__, system=system))
    began = time.monotonic()
    results = []
    for name, step in steps(folder, wanted.platform).items():
        results.append(try_step(name, step))
        say(result_line(catalogue, results[-1]))
    bad = sum(not result["ok"] for result in results)
    code = "selftest.failed" if bad else "selftest.passed"
    say(catalogue.text(code, bad=bad, count=len(results), folder=str(folder)))
    report = {
        "format": 1,
        "ok": not bad,
        "program": {
            "dgdesk": __version__,
            "frozen": is_frozen(),
            "python": platform.python_version(),
            "system": system,
        },
        "versions": versions(),
        "seconds": round(time.monotonic() - began, 3),
        "steps": results,
    }
    text = json.dumps(report, ensure_ascii=False, indent=1)
    (folder / "selftest.txt").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    (folder / "selftest.json").write_text(text + "\n", encoding="utf-8", newline="\n")
    if wanted.json:
        print(text, file=out or io.StringIO())
    return 1 if bad else 0


def steps(folder: Path, qt_platform: str) -> dict[str, Step]:
    """Return the steps in order by name; the catalogue has their names as ``selftest.step_<name>``."""

    def window() -> Findings:
        from dgdesk.ui.selftest import try_window

        return try_window(folder / "demo" / "demo.dgdesk", folder, qt_platform)

    headless = {"demo": _demo, "draft": _draft, "bundle": _bundle, "print": _print}
    return {**{name: partial(step, folder) for name, step in headless.items()}, "window": window, "parts": _parts}


def try_step(name: str, step: Step) -> dict[str, Any]:
    """Run one step and catch any error; return its result for the report, seconds to the millisecond.

    For an error it names the lines of code that it passed, but no values, which may be personal.
    """
    began = time.monotonic()
    result: dict[str, Any] = {"name": name, "ok": False}
    try:
        result |= {"ok": True, "found": dict(step())}
    except Broken as broken:
        result |= {"ok": False, "failure": str(broken)}
    except Exception as error:  # a missing part of the program may raise anything
        frames = traceback.extract_tb(error.__traceback__)[-6:]
        where = [f"{PurePath(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
        result |= {"ok": False, "failure": f"{type(error).__name__}: {error}", "where": where}
    return {**result, "seconds": round(time.monotonic() - began, 3)}


def result_line(catalogue: Catalogue, result: Mapping[str, Any]) -> str:
    """Return the line of one step in the text report."""
    what, seconds = catalogue.text(f"selftest.step_{result['name']}"), f"{result['seconds']:.1f}"
    if result["ok"]:
        return catalogue.text("selftest.line_ok", what=what, seconds=seconds)
    return catalogue.text("selftest.line_bad", what=what, seconds=seconds, reason=result["failure"])


def is_frozen() -> bool:
    """Return whether this is the frozen program, not its source under Python."""
    return bool(getattr(sys, "frozen", False))


def versions() -> dict[str, str]:
    """Return the libraries' versions from their own attributes: the frozen program has no package metadata."""

    def version(name: str, attribute: str) -> str:
        try:
            return str(getattr(import_module(name), attribute, "?"))
        except ImportError:
            return "-"

    return {name.partition(".")[0]: version(name, attribute) for name, attribute in _VERSIONS.items()}


def foreign_modules(paths: Iterable[str | None], home: Path) -> list[str]:
    """Return the files of loaded modules outside the frozen program; a bare name is in its archive."""
    return sorted({path for path in paths if path and os.path.isabs(path) and not Path(path).is_relative_to(home)})


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


def _expect(holds: object, otherwise: str) -> None:
    if not holds:
        raise Broken(otherwise)


def _command(*arguments: object, expected: int = 0) -> dict[str, Any]:
    """Run a command of the command line and return its JSON report."""
    out, err = io.StringIO(), io.StringIO()
    code = main([*map(str, arguments), "--json", "--lang", "en"], out, err)
    _expect(code == expected, f"{arguments[0]} ended with {code}: {err.getvalue().strip() or out.getvalue()[-300:]}")
    report: dict[str, Any] = json.loads(out.getvalue() or "{}")
    return report


def _demo(folder: Path) -> Findings:
    made = _command("demo", folder / "demo")
    _expect(made["verified"], "the bundle was not verified")
    return {"answers": made["answers"], "evidence": made["evidence"]}


def _draft(folder: Path) -> Findings:
    new, copy = folder / "แบบสำรวจ น่าน.dgdesk", folder / "สำเนา.dgdesk"
    _command("new", new, "--province", "TH-55", "--who", "ผู้ทดสอบ")
    _command("set", new, "g1", "yes")
    problems = _command("check", new, expected=1)["problems"]
    _command("backup", folder / "demo" / "demo.dgdesk", copy)
    for command in ("check", "score", "compact"):
        _command(command, copy)
    return {"problems_of_a_new_draft": len(problems)}


def _bundle(folder: Path) -> Findings:
    demo = folder / "demo"
    bundle, trusted = demo / "demo.zip", ("--trust", demo / "signer.pem")
    good = _command("verify", bundle, *trusted)
    content = bytearray(bundle.read_bytes())
    content[len(content) // 2] ^= 1
    (folder / "changed.zip").write_bytes(content)
    changed = _command("verify", folder / "changed.zip", *trusted, expected=1)
    _expect(changed["problems"], "a changed bundle was accepted")
    # The sign-off sheet is recognised by its QR code.
    sheet = _command("addendum", "attach", demo / "demo.dgdesk", demo / "demo.signoff.pdf")
    _expect(sheet["code"] == "match", f"the sign-off sheet does not fit its bundle: {sheet['code']}")
    key, recipients, encrypted, opened = (folder / name for name in ("key.txt", "to.txt", "a.zip.age", "a.zip"))
    _command("sealing-key", key, "--recipients", recipients)
    identity = ("--identity", demo / "identity")
    _command(
        "export", "--reason", "ทดสอบโปรแกรม", demo / "demo.dgdesk", encrypted, "--encrypt-to", recipients, *identity
    )
    _command("decrypt", encrypted, opened, "--key", key)
    _command("verify", opened, *trusted)
    _command("collate", folder / "collated.xlsx", bundle, *trusted)
    return {"digest": good["digest"], "bytes": bundle.stat().st_size}


def _print(folder: Path) -> Findings:
    from dgdesk.evidence.documents import own_documents

    target = folder / "printed.pdf"
    _command("print", folder / "demo" / "demo.dgdesk", "--out", target)
    document = own_documents().open(target, "application/pdf")
    try:
        _, hits = document.search("จังหวัด", 0, 1)
        _expect(hits, "the printed pages do not say จังหวัด")
        return {"pages": document.count, "bytes": target.stat().st_size}
    finally:
        document.close()


def _parts() -> Findings:
    """Check that all loaded modules come from the program itself and that its licences are beside it.

    What sends is loaded first, without a connection: with the system's certificates.
    """
    from dgdesk.outbox.transport import Transport, system_context

    system_context()
    Transport().close()
    if not is_frozen():
        return {"frozen": False}
    home = Path(sys.executable).parent
    foreign = foreign_modules((getattr(module, "__file__", None) for module in list(sys.modules.values())), home)
    _expect(not foreign, f"loaded from elsewhere: {', '.join(foreign[:5])}")
    _expect((home / "LICENSES.html").is_file(), "LICENSES.html is not there")
    return {"modules": len(sys.modules)}
