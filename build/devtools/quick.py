"""Chooses the files of `dev.py test --quick`: those that together run most lines of the program in least time.

    python3 build/dev.py quick-list

Runs the whole suite once with coverage (about ten minutes on two cores), chooses, and writes ``tests/quick.txt``; then
runs the chosen files the same way and records in that file which part of the lines they ran. Lines that run while
modules are imported count for both.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from devtools.messages import Stop, say

SHARE = 0.88
"""The part of the lines that is chosen for; the promise is 0.80."""
_READ = """
import json, sys
from coverage import CoverageData
data = CoverageData(sys.argv[1]); data.read()
lines = {}
for path in data.measured_files():
    for number, contexts in data.contexts_by_lineno(path).items():
        for context in contexts:
            lines.setdefault(context.split("::")[0].split("|")[0], []).append(f"{path}:{number}")
json.dump(lines, open(sys.argv[2], "w"))
"""


@dataclass(frozen=True)
class Measured:
    """What one run showed: lines by test file (``""``: while importing), and seconds by test file."""

    lines: Mapping[str, frozenset[str]]
    seconds: Mapping[str, float]

    @property
    def all_lines(self) -> frozenset[str]:
        """Every line that ran."""
        return frozenset().union(*self.lines.values())


def choose(measured: Measured, share: float) -> list[str]:
    """Return the files that run at least ``share`` of the lines, always taking next what adds most a second."""
    everything = measured.all_lines
    seen = set(measured.lines.get("", frozenset()))
    left = {name: lines for name, lines in measured.lines.items() if name}
    chosen: list[str] = []
    while left and len(seen) < share * len(everything):
        best = max(sorted(left), key=lambda name: len(left[name] - seen) / (0.2 + measured.seconds.get(name, 0.0)))
        seen |= left.pop(best)
        chosen.append(best)
    return sorted(chosen)


def read_seconds(report: str) -> dict[str, float]:
    """Return the seconds of each test file from a report in JUnit's format."""
    seconds: dict[str, float] = {}
    for case in ElementTree.fromstring(report).iter("testcase"):
        words = case.get("classname", "").split(".")
        # a class of tests stands behind its module
        while words and words[-1][:1].isupper():
            words.pop()
        name = "/".join(words) + ".py"
        seconds[name] = seconds.get(name, 0.0) + float(case.get("time", "0"))
    return seconds


def measure(python: Path, root: Path, variables: Mapping[str, str], arguments: Sequence[str]) -> Measured:
    """Run tests with coverage.

    Raises:
        Stop: tests failed, so what they cover is not known.
    """
    with tempfile.TemporaryDirectory(prefix="dgdesk-quick-") as scratch:
        data, report, lines = (Path(scratch, name) for name in ("coverage", "report.xml", "lines.json"))
        settings = Path(scratch, "coveragerc")
        settings.write_text(f"[run]\nsource = {root / 'src'}\ndata_file = {data}\n", encoding="utf-8")
        coverage = [f"--cov-config={settings}", "--cov", "--cov-context=test", "--cov-report="]
        call = [str(python), "-P", "-m", "pytest", *coverage, f"--junitxml={report}", *arguments]
        done = subprocess.run(call, cwd=root, env={**variables, "COVERAGE_FILE": str(data)}, check=False)
        if done.returncode != 0:
            raise Stop("tests failed, so no files can be chosen by them; mend them first.")
        subprocess.run([str(python), "-c", _READ, str(data), str(lines)], check=True)
        read = json.loads(lines.read_text(encoding="utf-8"))
        return Measured(
            {name: frozenset(found) for name, found in read.items()}, read_seconds(report.read_text(encoding="utf-8"))
        )


def main(python: Path, root: Path, variables: Mapping[str, str], parallel: Sequence[str], quick: Sequence[str]) -> int:
    """Measure, choose, write the list, and measure the choice."""
    whole = measure(python, root, variables, parallel)
    chosen = choose(whole, SHARE)
    target = root / "tests" / "quick.txt"
    target.write_text("\n".join([*chosen, ""]), encoding="utf-8")
    part = measure(python, root, variables, [*quick, *chosen])
    share = len(part.all_lines & whole.all_lines) / len(whole.all_lines)
    head = [
        "# The files of `dev.py test --quick`, chosen by `dev.py quick-list`; do not edit.",
        f"# They run {share:.1%} of the {len(whole.all_lines):,} lines that the whole suite runs.",
    ]
    target.write_text("\n".join([*head, *chosen, ""]), encoding="utf-8")
    say(head[1].removeprefix("# "))
    return 0 if share >= 0.8 else 1
