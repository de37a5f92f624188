"""The files of `dev.py test --quick`: how they are chosen, and that the list is in order."""

from __future__ import annotations

import re
from pathlib import Path

from devtools.quick import Measured, choose, read_seconds

ROOT = Path(__file__).parents[2]


def lines(text: str) -> frozenset[str]:
    return frozenset(text)


def test_the_files_that_add_most_lines_a_second_are_chosen_until_there_are_enough() -> None:
    measured = Measured(
        {"": lines("i"), "slow.py": lines("abcdefg"), "quick.py": lines("abcd"), "same.py": lines("abc")},
        {"slow.py": 60.0, "quick.py": 1.0, "same.py": 1.0},
    )
    assert choose(measured, 0.6) == ["quick.py"]
    assert choose(measured, 1.0) == ["quick.py", "slow.py"]


def test_seconds_are_added_up_by_file() -> None:
    report = (
        '<testsuites><testsuite><testcase classname="tests.rules.test_score" name="a" time="1.5"/>'
        '<testcase classname="tests.rules.test_score.TestModel" name="b" time="0.5"/></testsuite></testsuites>'
    )
    assert read_seconds(report) == {"tests/rules/test_score.py": 2.0}


def test_the_list_names_files_that_are_there_and_says_what_they_cover() -> None:
    listed = (ROOT / "tests" / "quick.txt").read_text(encoding="utf-8").splitlines()
    files = [line for line in listed if not line.startswith("#")]
    assert files == sorted(set(files)) and [file for file in files if not (ROOT / file).is_file()] == []
    share = re.search(r"run ([\d.]+)% of the ([\d,]+) lines", "\n".join(listed))
    assert share and float(share[1]) >= 80
