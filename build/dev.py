"""Sets up a checkout of dgdesk and runs it, with nothing but Python 3.11 or later.

    python3 build/dev.py run [arguments]    open the window (with no display: run the demo), or a headless command
    python3 build/dev.py test [arguments]   run the tests; arguments go to pytest
    python3 build/dev.py test --quick       about a minute of them, for work in between
    python3 build/dev.py test --services    what is checked with further programs: age, qpdf, zbar ...
    python3 build/dev.py quick-list         choose the files of test --quick by what they cover
    python3 build/dev.py journey            the real window on an X server, with real keys and clicks
    python3 build/dev.py bare-test          both commands of the README in a bare Debian root; --help says more
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
system packages are named, and installed with apt-get if this user may. What is there is not installed again; a set-up
that was interrupted starts over. Exit code 1 with one sentence when the set-up cannot be finished, 2 for wrong use,
otherwise the exit code of what ran.
"""

# Any Python must be able to read this file, also version 2, so that it can say which one is needed.
import sys

OLDEST, NEWEST = (3, 11), (3, 13)


def python_complaint(version, bits):
    # type: (tuple[int, int], int) -> str | None
    """Say why this Python cannot be used, or None when it can."""
    if not OLDEST <= version <= NEWEST:
        sentence = "dgdesk needs Python {}.{} to {}.{}, and this is Python {}.{}; start build/dev.py with another one."
        return sentence.format(*(OLDEST + NEWEST + version))
    if bits < 64:
        return "dgdesk needs a 64-bit Python, and this is a 32-bit one; install a 64-bit Python and start again."
    return None


def main(arguments):
    # type: (list[str]) -> int
    """Run the command that the first argument names; see the module's text."""
    complaint = python_complaint((sys.version_info[0], sys.version_info[1]), 64 if sys.maxsize > 2**32 else 32)
    if complaint:
        sys.stderr.write("dev.py: " + complaint + "\n")
        return 1
    from devtools.commands import main as run_command

    return run_command(arguments, __doc__)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
