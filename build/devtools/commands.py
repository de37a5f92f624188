"""The commands of ``build/dev.py``: each sets up what it needs and hands over to the program that does the work."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from devtools import bare_trial, quick
from devtools.declared import (
    COMPARED_LIBRARIES,
    DISPLAY_LIBRARIES,
    FROZEN_LIBRARIES,
    OFFSCREEN_LIBRARIES,
    libraries_of,
    tools_of,
)
from devtools.environment import Environment
from devtools.messages import Stop, say
from devtools.system import has_display, link_tools, set_up_system, shared_python, wants_window

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / ".work"
PARALLEL = ("-n", "auto", "--dist", "loadfile", "--no-loadscope-reorder", "--max-worker-restart", "0")
"""A file of tests on each core, in the order of tests/conftest.py. A worker that died ends the run with the name of its
test: xdist hangs when it gives its files to another."""


def hand_over(command: list[str], variables: Mapping[str, str]) -> int:
    """Let ``command`` take this process's place where that is possible, and otherwise wait for it."""
    sys.stdout.flush()
    if sys.platform == "win32":
        return subprocess.run(command, env=variables, check=False).returncode
    os.execve(command[0], command, variables)


def offscreen(environment: Environment, run_name: str, extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Set up for a run without a display, and return its variables; on Linux its PATH holds declared tools alone."""
    set_up_system(libraries_of(run_name), tools_of(run_name))
    environment.set_up({"dev"})
    os.chdir(environment.root)
    return environment.variables(
        {"QT_QPA_PLATFORM": "offscreen", **(extra or {})}, declared_path(environment.root, run_name)
    )


def declared_path(root: Path, run_name: str) -> Path | None:
    """Return the folder with links to the tools of a run; None where the system's tools are not Debian's."""
    if not sys.platform.startswith("linux"):
        return None
    return link_tools(root / ".work" / "tools" / run_name, tools_of(run_name))


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


def tus_server(environment: Environment) -> dict[str, str]:
    """Bring the packages of node that bundles are sent to, and return the variable that says where they lie."""
    folder = environment.add_node_packages(environment.root / "tests" / "services" / "package.json")
    return {} if folder is None else {"DGDESK_NODE": str(folder)}


def test(environment: Environment, arguments: Sequence[str]) -> int:
    """Run the tests, with no display needed: all of them a file on each core, those named one after the other."""
    mode = arguments[0] if arguments and arguments[0] in ("--quick", "--services") else ""
    rest = list(arguments[1:] if mode else arguments)
    if mode == "--services":
        environment.set_up({"dev"})
        beside = environment.add_beside("readers", environment.root / "tests" / "services" / "readers.txt")
        extra = {"DGDESK_READERS": str(beside)} if beside is not None else {}
        offscreen(environment, "services")  # brings npm
        extra |= tus_server(environment)
        variables = offscreen(environment, "services", extra)
        chosen = ["-m", "services", *(rest or ["tests/services", "tests/agency"])]
    else:
        variables = offscreen(environment, "test")
        chosen = rest or list(PARALLEL)
        if mode == "--quick":
            listed = (environment.root / "tests" / "quick.txt").read_text(encoding="utf-8")
            files = [line for line in listed.splitlines() if line and not line.startswith("#")]
            chosen = [*QUICK, *rest, *files]
    return hand_over([str(environment.python), "-P", "-m", "pytest", *chosen], variables)


QUICK = (*PARALLEL, "-m", "not services and not journey and not slow")


def quick_list(environment: Environment, arguments: Sequence[str]) -> int:
    """Choose the files of ``test --quick`` by what they cover; see `quick`."""
    variables = offscreen(environment, "test")
    return quick.main(environment.python, environment.root, variables, PARALLEL, QUICK)


def journey(environment: Environment, arguments: Sequence[str]) -> int:
    """Drive the real window on an X server of its own, as a person would."""
    set_up_system(libraries_of("journey"), tools_of("journey"))
    environment.set_up({"dev"})
    os.chdir(environment.root)
    variables = environment.variables({}, declared_path(environment.root, "journey"))
    chosen = arguments or ["tests/journeys", "tests/ui"]
    return hand_over([str(environment.python), "-P", "-m", "pytest", "-m", "journey", *chosen], variables)


def faults(environment: Environment, arguments: Sequence[str]) -> int:
    """Show what is promised under kills, failing disks, damage and foreign input; see tests/faults/__main__.py."""
    variables = offscreen(environment, "faults")
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
        "words": [str(environment.root / "build" / "devtools" / "words.py")],
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
    if not short:
        set_up_system(COMPARED_LIBRARIES, {})
    environment.set_up({"dev"})
    beside = None if short else environment.add_beside("compared", environment.root / "benchmarks" / "compared.txt")
    extra = {"DGDESK_COMPARED": str(beside)} if beside is not None else {}
    offscreen(environment, "benchmarks")  # brings npm
    extra |= tus_server(environment)
    variables = offscreen(environment, "benchmarks", extra)
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
    set_up_system({**OFFSCREEN_LIBRARIES, **display}, tools_of("test"))
    environment.set_up({"dev"})
    say(f"ready: {environment.folder}")
    return 0


def freeze(environment: Environment, arguments: Sequence[str]) -> int:
    """Freeze the program; see ``build/freeze.py``."""
    wanted = {**OFFSCREEN_LIBRARIES, **DISPLAY_LIBRARIES, **FROZEN_LIBRARIES, **shared_python()}
    set_up_system(wanted, tools_of("freeze"))
    environment.set_up({"build"})
    return hand_over([str(environment.python), "-P", str(ROOT / "build" / "freeze.py")], environment.variables({}))


def freeze_test(environment: Environment, arguments: Sequence[str]) -> int:
    """Run the frozen program's self-test; the report lies in the folder given, or in ``.work/selftest``."""
    set_up_system({**OFFSCREEN_LIBRARIES, **DISPLAY_LIBRARIES, **FROZEN_LIBRARIES}, tools_of("freeze"))
    environment.set_up({"build"})
    folder = Path(arguments[0]).absolute() if arguments else WORK / "selftest"
    command = [str(environment.python), "-P", str(ROOT / "build" / "frozen_root.py"), str(folder)]
    return hand_over(command, environment.variables({}))


def bare_test(environment: Environment, arguments: Sequence[str]) -> int:
    """Run the README's two commands in a bare root; see `bare_trial`."""
    return bare_trial.main(ROOT, WORK / "bare", arguments)


def windows(environment: Environment, arguments: Sequence[str]) -> int:
    """Build for Windows; see ``build/windows/make.py``."""
    from windows import make

    environment.set_up({"build"})
    return make.main(arguments, environment.pip())


def windows_test(environment: Environment, arguments: Sequence[str]) -> int:
    """Try what was built for Windows; see ``build/windows/trial.py``."""
    from windows import trial

    environment.set_up({"build"})
    return trial.main(arguments, environment.pip())


COMMANDS = {
    "run": run,
    "test": test,
    "quick-list": quick_list,
    "journey": journey,
    "bare-test": bare_test,
    "faults": faults,
    "benchmarks": benchmarks,
    "audit": audit,
    "lint": lint,
    "setup": setup,
    "freeze": freeze,
    "freeze-test": freeze_test,
    "windows": windows,
    "windows-test": windows_test,
}


def explained(error: OSError, root: Path) -> str:
    """Say in one sentence what a failure of the file system means for the set-up, and what to do."""
    what = f"{error.strerror or error}" + (f": {error.filename}" if error.filename else "")
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"the disk is full ({what}); free some gigabytes and start again, the set-up then goes on."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"this user may not write here ({what}); copy {root.name} into a folder of your own and start there."
    return f"the set-up needs a file or folder that it cannot use ({what})."


def main(arguments: Sequence[str], usage: str | None) -> int:
    """Run the command that the first argument names; return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        # A console that lacks a letter of the folder's name must not end the set-up.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # no stream here is a bare TextIO
    if not arguments or arguments[0] not in COMMANDS:
        print(usage)
        return 0 if arguments and arguments[0] in ("-h", "--help") else 2
    try:
        return COMMANDS[arguments[0]](Environment(ROOT), arguments[1:])
    except Stop as stop:
        return _failed(str(stop))
    except OSError as error:
        return _failed(explained(error, ROOT))
    except KeyboardInterrupt:
        _failed("interrupted; start it again and it goes on.")
        return 130


def _failed(sentence: str) -> int:
    print(f"dev.py: {sentence}", file=sys.stderr, flush=True)
    return 1
