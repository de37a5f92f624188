"""What every stage may hand on to the next: numbers, texts, names and times within the same bounds, shown in safety."""

from __future__ import annotations

import json
import unicodedata
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgdesk.bundle.archive.payload import parse_submission
from dgdesk.bundle.exact_json import read_json
from dgdesk.bundle.receipt import read_receipt
from dgdesk.bundle.report import BundleProblem
from dgdesk.bundle.submission import EvidenceItem
from dgdesk.draft.file.model import decode
from dgdesk.errors import DgdeskError, FileError
from dgdesk.survey.answers.reading import read_typed
from dgdesk.survey.definition.load import thaw
from dgdesk.system.bounds import (
    LONGEST_NAME,
    MOST_MARKS,
    as_text,
    fits_number,
    is_count,
    piles_marks,
    read_moment,
    without_piles,
)
from dgdesk.system.settings import read_settings
from dgdesk.text.messages import Catalogue, load_catalogue
from dgdesk.text.refusals import EntryRefused
from dgdesk.text.shown import file_name, one_line, plain, plain_name

TEXTS = st.text(st.characters(), max_size=60) | st.text(st.sampled_from("ก\u0e48\u202e\u2066\u200f\x00\n\ud800/\\é"))
DIGITS = st.sampled_from(
    ["9" * 400, "9" * 4_000, "9" * 5_000, "1e400", "-1e999999999", "1e-999999999", "0e9", "1e99999"]
)


def acts(text: str) -> list[str]:
    """The signs of a text that would act on a terminal, a line of a list or a sentence."""
    turning = {*"\u061c\u200e\u200f", *map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A)))}
    return [one for one in text if one in turning or unicodedata.category(one) in ("Cc", "Cs", "Zl", "Zp")]


@given(TEXTS)
def test_a_name_shown_is_one_line_of_signs_that_are_seen(text: str) -> None:
    for shown in (plain_name(text), file_name(text)):
        assert acts(shown) == []
        assert not piles_marks(shown)
        assert len(shown) <= LONGEST_NAME
    assert set(acts(plain(text))) <= {"\n", "\t"}
    assert acts(one_line(text).replace("\t", "")) == []


@given(TEXTS.filter(bool))
def test_a_name_that_is_kept_is_one_that_a_bundle_takes(text: str) -> None:
    kept = file_name(text)
    if kept:  # nothing but marks of direction leaves nothing
        values = {"slot": "g1/yes", "file": "evidence/E0001.pdf", "sha256": "0" * 64, "size": 1}
        EvidenceItem(**values, name=kept, media_type="application/pdf", pages="", passages="")
        assert kept == file_name(kept)


def test_a_long_name_keeps_its_ending() -> None:
    kept = file_name("ก" * 5_000 + ".pdf")
    assert len(kept) == LONGEST_NAME and kept.endswith("ก.pdf")


@given(st.text(st.sampled_from("กa\u0e48\u0e49\u0301\u20dd …-")), st.integers(0, 300))
def test_a_pile_of_marks_ends_and_everything_else_stays(around: str, height: int) -> None:
    pile = around + "x" + "\u0301" * height + "y" + around
    kept = without_piles(pile)
    assert not piles_marks(kept)
    assert kept == without_piles(kept)
    if height <= MOST_MARKS and not piles_marks(around):
        assert kept == pile


@pytest.mark.parametrize(
    ("number", "decimals", "fits"),
    [
        ("0", 0, True),
        ("12.5", 1, True),
        ("12.55", 1, False),
        ("12.50", 1, True),
        ("1e12", 0, True),
        ("1000000000000.000001", 6, False),
        ("1e400", 6, False),
        ("-1e999999", 6, False),
        ("1e-999999", 6, False),
        ("0e999999", 6, True),
        ("NaN", 6, False),
        ("sNaN", 6, False),
        ("-Infinity", 6, False),
    ],
)
def test_a_number_fits_or_does_not(number: str, decimals: int, fits: bool) -> None:
    assert fits_number(Decimal(number), decimals) is fits


@pytest.mark.parametrize(
    "text",
    [
        "0001-01-01T00:00:00.000000+14:00",
        "9999-12-31T23:59:59-14:00",
        "2025-01-01T00:00:00",
        "2568-01-01T00:00:00+07:00",
        "0000-01-01T00:00:00+00:00",
        "2025-13-01T00:00:00+00:00",
        "",
        "วันนี้",
        None,
        5,
    ],
)
def test_what_is_no_moment_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_moment(text)


def test_a_moment_within_the_bounds_is_read() -> None:
    assert read_moment("2026-11-20T09:30:00+07:00") == datetime(2026, 11, 20, 2, 30, tzinfo=UTC)


def test_true_is_no_count() -> None:
    assert is_count(0) and is_count(10**12)
    assert not any(map(is_count, (True, -1, 1.0, "1", 10**12 + 1, 2**63 - 1, None)))


@given(DIGITS)
def test_one_absurd_number_does_not_keep_the_rest_of_a_value_from_being_read(digits: str) -> None:
    read: Any = decode(f'[1, {digits}, "ก"]')
    assert (read[0], read[2]) == (1, "ก")
    assert len(as_text(read)) < 10_000


# -- readers of others' files raise coded errors and nothing else ----------------------------------------------------

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | TEXTS
    | st.sampled_from(["9" * 4_000, "\ud800", "\x00", "1e400", "ก" + "\u0e48" * 1_000, "=1+1", "2568-01-01"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
NASTY = [b"", b"[" * 100_000, b'{"a":' * 50_000, b"\xff", b"NaN", b"9" * 5_000, b"1e99999999999999999999", b'"\\ud800"']


@given(VALUES)
def test_settings_are_read_whatever_stands_in_them(value: Any) -> None:
    whole = {name: value for name in read_settings(b"").__dataclass_fields__}
    for document in (value, whole, {"recents": [{"path": value}, value], "splitters": {"a": [value, value]}}):
        read_settings(json.dumps(document).encode())


@pytest.mark.parametrize("content", NASTY, ids=lambda content: repr(content[:12]))
def test_no_reader_raises_anything_but_a_coded_error(content: bytes) -> None:
    read_settings(content)
    assert isinstance(parse_submission(content), BundleProblem)
    with pytest.raises(FileError, match=r"receipt\.unreadable"):
        read_receipt(content, [])
    with pytest.raises(FileError, match=r"definition\.frozen_invalid"):
        thaw(content)
    with pytest.raises(ValueError, match=r".+"):
        read_json(content + b"x")


@given(VALUES, st.sampled_from(["format", "edition", "definition_sha256", "province", "answers", "evidence", "more"]))
def test_a_submission_is_read_or_refused_by_its_place(value: Any, key: str) -> None:
    content = json.dumps({**SUBMISSION, key: value}).encode()
    found = parse_submission(content)
    if isinstance(found, BundleProblem):
        assert found.code in ("verify.submission_invalid", "verify.submission_newer")
        CATALOGUE.text(found.code, **found.values)


SUBMISSION: dict[str, Any] = {
    "format": 1,
    "edition": "th-province-2568",
    "definition_sha256": "0" * 64,
    "province": "TH-55",
    "answers": {},
    "evidence": [],
}
CATALOGUE = load_catalogue("en")


@pytest.mark.parametrize(
    "answer", ["9" * 4_000, "1e400", "-1e13", "1e-300", '"' + "ก" * 20_001 + '"', "true", "null", '{"unread": 1}']
)
def test_an_answer_beyond_the_bounds_is_refused_by_the_question_and_not_by_its_value(answer: str) -> None:
    content = json.dumps({**SUBMISSION, "answers": {"p1.1": "@"}}).replace('"@"', answer).encode()
    found = parse_submission(content)
    assert isinstance(found, BundleProblem)
    sentence = CATALOGUE.text(found.code, **found.values)
    assert "answers.p1.1)" in sentence and answer.strip('"') not in sentence


def test_a_sentence_holds_nothing_that_turns_it_round() -> None:
    name = "ใบลงนาม\u202efdp.exe\u2066\x1b[2J\ud800"
    for catalogue in (CATALOGUE, Catalogue(CATALOGUE.messages, "th")):
        for value in (name, Path("a") / name):
            sentence = catalogue.text("cli.unreadable", name=value)
            assert acts(sentence) == []
            assert "fdp.exe" in sentence


@given(TEXTS)
def test_what_a_person_types_is_read_or_refused_by_a_code(text: str) -> None:
    for node in NODES:
        try:
            read_typed(node, text)
        except ValueError as error:
            values = error.values if isinstance(error, EntryRefused) else {}
            assert CATALOGUE.text(str(error.args[0]), **values)


def _nodes() -> list[Any]:
    from dgdesk.draft.drafts import load_form

    form = load_form()
    kinds: dict[str, Any] = {}
    for node in form.nodes:
        kinds.setdefault(node.kind, node)
    return [node for kind, node in kinds.items() if kind not in ("group", "matrix", "item")]


NODES = _nodes()


@pytest.mark.parametrize(
    ("part", "value"),
    [("decimals", 10**9), ("first_number", 10**400), ("min", "1e999999"), ("max", "NaN"), ("max_items", 10**9)],
)
def test_a_questionnaire_cannot_ask_for_absurd_numbers(part: str, value: object) -> None:
    from dgdesk.draft.drafts import load_form
    from dgdesk.survey.definition.load import freeze

    tree = json.loads(freeze(load_form().definition))
    tree["sections"][0]["pages"][0]["items"][0][part] = value
    with pytest.raises(DgdeskError, match=r"definition\.frozen_invalid"):
        thaw(json.dumps(tree).encode())
