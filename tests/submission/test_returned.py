"""What an office returns: signed, about this file, and shown until a receipt comes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bundle.support import saved_again
from dgdesk.bundle.returned import is_return, issue_return, read_return
from dgdesk.bundle.signing.identity import create_identity
from dgdesk.draft.file.model import ExportRecord, StoredJson
from dgdesk.errors import CheckFailed, DgdeskError, FileError, UsageError
from dgdesk.submission.journey import checklist
from dgdesk.submission.returned import return_reason

NOW = datetime(2026, 12, 2, 3, 0, 0, 999, tzinfo=UTC)


def line(number: int, **record: StoredJson) -> ExportRecord:
    return ExportRecord(number, NOW, "x", 1, record)


def test_the_reason_stands_until_a_receipt_or_another_reason_comes():
    sent = line(1, digest="a", file="a.zip")
    back: Mapping[str, StoredJson] = {"digest": "a", "kind": "return", "reason": "ขาดหน้า 3"}
    lines = [sent, line(2, **back), line(3, digest="b", kind="return", reason="อื่น")]
    assert return_reason(lines, "a") == "ขาดหน้า 3"
    found = checklist(lines)
    assert found is not None and found.returned == "ขาดหน้า 3" and not found.closed
    assert return_reason([*lines, line(4, **{**back, "reason": "ขาดหน้า 4"})], "a") == "ขาดหน้า 4"
    assert return_reason([*lines, line(4, digest="a", kind="receipt")], "a") == ""
    assert return_reason([sent, line(2, digest="a", kind="return", reason=5)], "a") == ""  # a hostile draft


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory):
    folder: Path = tmp_path_factory.mktemp("ids")
    return [
        create_identity(folder / name, person=name, province="ก", passphrase=None, now=NOW) for name in ("one", "two")
    ]


def test_only_a_trusted_office_returns_a_bundle(signed):
    one, two = signed
    content = issue_return("0" * 64, one, reason="ขาด\nหน้า  3", office="สพร.", file="a\n.age", now=NOW)
    assert is_return(content)
    said = read_return(content, [one.certificate])
    assert (said.reason, said.file, said.file_sha256) == ("ขาด หน้า 3", "a_.age", "0" * 64)
    assert refused(content, [two.certificate]) == "receipt.untrusted"
    assert refused(content.replace("หน้า 3".encode(), "หน้า 4".encode()), [one.certificate]) == "receipt.altered"
    for other in (b"", b"{}", b"[]", b"null", content[:-9], b'{"return": 5, "signature": ""}', b"x" * (1 << 20)):
        assert refused(other, [one.certificate]) == "receipt.unreadable", other[:30]


def test_a_return_that_an_editor_saved_again_is_still_one(signed):
    content = issue_return("0" * 64, signed[0], reason="ขาดหน้า 3", office="สพร.", file="a.age", now=NOW)
    for how, saved in saved_again(content).items():
        assert is_return(saved) and read_return(saved, [signed[0].certificate]).reason == "ขาดหน้า 3", how


def refused(content: bytes, trusted) -> str:
    with pytest.raises((CheckFailed, FileError)) as error:
        read_return(content, trusted)
    assert isinstance(error.value, DgdeskError)
    return error.value.code


@pytest.mark.parametrize("reason", ["", "   ", "ก" * 1001])
def test_a_return_has_a_reason_that_can_be_shown(signed, reason: str):
    with pytest.raises(UsageError, match=r"return\.bad_reason"):
        issue_return("0" * 64, signed[0], reason=reason, office="ข", file="a", now=NOW)
