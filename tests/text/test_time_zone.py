"""Times and days are Thailand's, whatever zone the PC is set to."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from dgdesk.system.bounds import NO_TIME
from dgdesk.text.dates import thai_day, thai_time, time_text
from parsed import nodes_of

SOURCE = Path(__file__).parents[2] / "src"
SHOWN = """
from datetime import UTC, datetime
from dgdesk.text.dates import iso_time_text
late = datetime(2026, 11, 20, 18, 30, tzinfo=UTC)
print(iso_time_text(late.isoformat(), "en"))
"""


def naive_calls(source: str) -> list[str]:
    """Calls that read the zone of the PC."""
    found = []
    for node in nodes_of(source):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            zone_is_missing = {"astimezone": 1, "now": 1, "fromtimestamp": 2}.get(node.func.attr, 0) > len(
                [*node.args, *node.keywords]
            )
            of_datetime = node.func.attr == "astimezone" or ast.unparse(node.func.value) in ("datetime", "date")
            if (zone_is_missing and of_datetime) or ast.unparse(node.func) in ("date.today", "time.localtime"):
                found.append(ast.unparse(node))
    return found


def test_no_line_of_the_program_reads_a_time_in_the_language_of_the_pc() -> None:
    # Under a Thai locale Python's strptime warns from 3.13 on, and elsewhere it may read other months.
    found = [path.name for path in SOURCE.rglob("*.py") if "strptime(" in path.read_text(encoding="utf-8")]
    assert found == []


def test_no_line_of_the_program_reads_the_zone_of_the_pc() -> None:
    assert naive_calls("a.astimezone(); datetime.now(); date.today(); datetime.fromtimestamp(1)") != []
    found = {
        path.relative_to(SOURCE / "dgdesk").as_posix(): naive_calls(path.read_text(encoding="utf-8"))
        for path in SOURCE.rglob("*.py")
    }
    # the check of the PC tells people when its zone is not Thailand's
    assert {name: calls for name, calls in found.items() if calls} == {"system/check/gather.py": ["now.astimezone()"]}


def test_one_function_turns_a_moment_into_the_time_that_people_see() -> None:
    turned = {
        path.relative_to(SOURCE / "dgdesk").as_posix(): line.strip()
        for path in SOURCE.rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if "astimezone(" in line and "astimezone(UTC)" not in line
    }
    assert sorted(turned) == ["system/check/gather.py", "text/dates.py"]
    assert turned["text/dates.py"] == "return moment.astimezone(THAILAND)"


def test_a_moment_of_any_zone_is_shown_at_its_hour_in_thailand_and_the_last_of_all_moments_as_it_is() -> None:
    late = datetime(2026, 11, 20, 18, 30, tzinfo=UTC)
    assert thai_day(late) == date(2026, 11, 21) and time_text(late, "en") == "21 Nov 2026 01:30"
    last = datetime.max.replace(tzinfo=UTC)
    assert thai_time(last) == last and time_text(NO_TIME, "th") == "-"


@pytest.mark.parametrize("zone", ["Asia/Bangkok", "UTC", "America/Los_Angeles", "XXX+11"])
def test_a_pc_set_to_another_zone_shows_the_same_time(zone: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SHOWN],
        env={**os.environ, "TZ": zone, "PYTHONPATH": str(SOURCE)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["21", "Nov", "2026", "01:30"]
