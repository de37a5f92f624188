"""The register's lines put together and worded: whatever a line holds, it can be shown."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dgdesk.draft.file.model import ExportRecord
from dgdesk.errors import CheckFailed
from dgdesk.submission.scans import Scanned
from dgdesk.ui.register.entries import (
    entries,
    export_facts,
    export_row,
    grouped,
    receipt_facts,
    receipt_row,
    scan_facts,
    scan_row,
    sort_files,
)
from dgdesk.ui.register.receipt_dialog import paths_in
from dgdesk.ui.register.scans import ScanResults, result_words
from dgdesk.ui.widgets.services import Services

NOW = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
NAMES = ("kind", "digest", "answers_digest", "signer", "file", "draft", "office", "received", "name", "size", "code")
VALUES = st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.sampled_from(["receipt", "scan", "ab"])
RECORDS = st.lists(st.dictionaries(st.sampled_from(NAMES), VALUES), max_size=6)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(RECORDS)
def test_whatever_a_line_holds_it_can_be_shown(loaded: Services, records: list[dict[str, object]]) -> None:
    lines = [ExportRecord(at, NOW, "สมศรี", at, record) for at, record in enumerate(records, 1)]
    found = entries(lines)
    assert [one.line.number for one in found] == sorted((one.line.number for one in found), reverse=True)
    assert {one.line.number for one in found} == {line.number for line in lines if "kind" not in line.record}
    for one in found:
        assert export_row(loaded.texts, one, {}) and export_facts(loaded.texts, one, {one.signer: "สมศรี"})
    for line in lines:
        for words in (receipt_row, receipt_facts, scan_row, scan_facts):
            assert all(isinstance(each, str) for each in words(loaded.texts, line))


@given(st.text("0123456789abcdef", max_size=70))
def test_groups_lose_nothing(digest: str) -> None:
    assert grouped(digest).replace(" ", "") == digest
    assert all(len(each) <= 8 for each in grouped(digest).split())


def test_receipts_are_told_from_scans_by_their_names() -> None:
    paths = [Path("a.receipt.JSON"), Path("b.pdf"), Path("b.pdf"), Path("c")]
    assert sort_files(paths) == ((Path("a.receipt.JSON"),), (Path("b.pdf"), Path("c")))


def test_a_box_names_one_file_or_several(tmp_path: Path) -> None:
    odd = tmp_path / "a;b.pem"
    odd.write_bytes(b"x")
    assert paths_in(str(odd)) == (odd,)
    assert paths_in(" a.pem ; b.pem;") == (Path("a.pem"), Path("b.pem"))
    assert paths_in("  ") == ()


def test_one_scan_is_told_in_a_sentence_and_several_in_a_list(loaded: Services) -> None:
    line = ExportRecord(1, NOW, "x", 1, {})
    kept = Scanned("ab" * 32, "unreadable", line, True)
    known = Scanned("ab" * 32, "match", line, False)
    refused = CheckFailed("scan.other_bundle", name="b.png")
    assert result_words(loaded.texts, ScanResults(((Path("a.png"), kept),))).startswith("เก็บ “a.png”")
    several = ScanResults(((Path("a.png"), kept), (Path("b.png"), refused), (Path("c.png"), known)), 2)
    first, _, third, last = result_words(loaded.texts, several).splitlines()
    assert first.startswith("• คิวอาร์โค้ดใน “b.png”") and "แนบไว้แล้ว" in third and "อีก 2 ไฟล์" in last
    assert (several.role, ScanResults((), 2).role, ScanResults(((Path("c.png"), known),)).role) == (
        "error",
        "warning",
        "status",
    )
