"""No command shows an id that is for machines: an edition is named in words, a place by its full name."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from cli.support import done, run

EDITION = "th-province-2568"

IDS = re.compile(rf"{re.escape(EDITION)}|\b[pg]\d+(?:\.\d+)*[a-z]?(?:[:#/]\S+)")


def shown(*arguments: object) -> str:
    result = run(*arguments)
    return result.out + result.err


def test_what_commands_say_of_a_draft_has_no_ids(draft: Path, ready: Path, evidence: Path, tmp_path: Path) -> None:
    folder, copy = tmp_path / "โฟลเดอร์", tmp_path / "ซ่อม.dgdesk"
    said = {
        "set": shown("set", draft, "P1.2a", '{"1.1": "yes"}') + shown("set", draft, "g1", "yes"),
        "attach": shown("attach", draft, "G1", evidence),
        "check": shown("check", draft),
        "score": shown("score", draft, "--gains", "200"),
        "backup": shown("backup", draft, tmp_path / "สำรอง.dgdesk"),
        "repair": shown("repair", draft, copy),
        "evidence export": shown("evidence", "export", "--reason", "แก้ไข", ready, folder),
        "evidence import": shown("evidence", "import", draft, folder, "--dry-run"),
        "lint": shown("questionnaire", "lint"),
    }
    assert {command: found for command, text in said.items() if (found := IDS.findall(text))} == {}
    assert "ระดับจังหวัด พ.ศ. 2568" in said["lint"] and "› " in said["check"]


def test_lines_of_check_and_score_differ(draft: Path) -> None:
    done("set", draft, "g1", "yes")
    for command in (("check", draft), ("score", draft, "--gains", "500")):
        lines = [line for line in run(*command).out.splitlines() if line.startswith(("✗", "!", "  แนบ", "  ตอบ"))]
        assert len(lines) > 50 and len(set(lines)) == len(lines)


def test_tables_of_the_agency_name_the_edition_in_words(bundle: Path, certificate: Path, tmp_path: Path) -> None:
    table = tmp_path / "ตาราง.csv"
    done("collate", table, shutil.copy(bundle, tmp_path / "a.zip"), "--trust", certificate)
    for path in tmp_path.glob("ตาราง*.csv"):
        assert EDITION not in path.read_text(encoding="utf-8-sig"), path.name
    assert "ระดับจังหวัด พ.ศ. 2568" in table.read_text(encoding="utf-8-sig")
