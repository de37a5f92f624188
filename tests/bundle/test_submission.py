from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bundle.support import evidence, submission
from dgdesk.bundle.exact_json import canonical_json, read_json
from dgdesk.bundle.submission import SCHEMA_FILE, read_submission, submission_schema

ROOT = Path(__file__).resolve().parents[2]


def test_a_submission_comes_back_as_it_went() -> None:
    assert read_submission(submission().to_bytes()) == submission()


def test_its_bytes_are_sorted_thai_is_readable_and_numbers_keep_their_digits() -> None:
    text = submission().to_bytes().decode()
    assert '"G3": 12.50' in text
    assert "จัดทำแผนแล้ว น้ำ" in text
    assert text.index('"answers"') < text.index('"definition_sha256"') < text.index('"province"')
    assert text.endswith("}\n")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("0.1"), "0.1"),
        (Decimal("1E+3"), "1E+3"),
        (Decimal("-0.00"), "-0.00"),
        (12345678901234567890, "12345678901234567890"),
        ({"ข": 1, "ก": [], "a": {}}, '{\n  "a": {},\n  "ก": [],\n  "ข": 1\n}'),
        ([True, None, "\u2028\n"], '[\n  true,\n  null,\n  "\u2028\\n"\n]'),
    ],
)
def test_canonical_json(value: object, text: str) -> None:
    assert canonical_json(value) == text.encode() + b"\n"


@pytest.mark.parametrize(("value", "error"), [(0.1, TypeError), ({1: 2}, TypeError), (Decimal("NaN"), ValueError)])
def test_what_json_cannot_say_exactly_is_refused(value: object, error: type[Exception]) -> None:
    with pytest.raises(error):
        canonical_json(value)


_SCALARS = st.none() | st.booleans() | st.integers() | st.text() | st.decimals(allow_nan=False, allow_infinity=False)
_JSON = st.recursive(_SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=15)


@given(_JSON)
def test_canonical_json_is_json_and_stable(value: object) -> None:
    try:
        written = canonical_json(value)
    except ValueError:  # a lone surrogate
        return
    assert canonical_json(read_json(written)) == written
    json.loads(written)


@pytest.mark.parametrize(
    "content",
    [
        b'{"a": 1, "a": 2}',
        b"[NaN]",
        b"[Infinity]",
        b"\xff",
        b"{",
        b"[" * 100_000,
        b"[" + b"9" * 5000 + b"]",
        b"\xef\xbb\xbf[]",
    ],
)
def test_hostile_json_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_json(content)


@pytest.mark.parametrize(
    "changes",
    [
        {"format": 2},
        {"format": True},
        {"more": 1},
        {"province": ""},
        {"definition_sha256": "A" * 64},
        {"answers": {"G1": True}},
        {"answers": {"G1": 0.5}},
        {"answers": {"G1": [1]}},
        {"answers": {"G1": {"unread": "x", "more": 1}}},
        {"answers": {"": "x"}},
    ],
)
def test_what_is_no_submission_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        submission(**changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"file": "evidence/../E0001.pdf"},
        {"file": "evidence/E0001.pdf\n"},
        {"file": "E0001.pdf"},
        {"name": "../../x.pdf"},
        {"name": "a\\b"},
        {"size": -1},
        {"size": "1"},
        {"sha256": "0" * 63},
        {"media_type": "pdf"},
    ],
)
def test_what_is_no_evidence_item_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        evidence(1, b"x", "a.pdf", **changes)


@pytest.mark.parametrize(
    "changes",
    [
        {str(number): 1 for number in range(1000)},
        {"answers": {str(number): True for number in range(20_001)}},
        {"answers": {"G1": {str(number): True for number in range(1000)}}},
        {"answers": {"G1": [True] * 1000}},
        {"evidence": [{}] * 1000},
        {"evidence": [{str(number): True for number in range(1000)}]},
    ],
)
def test_a_thousand_faults_are_not_all_noted(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError) as caught:
        submission(**changes)
    assert caught.value.error_count() < 20


def test_the_published_schema_is_the_models() -> None:
    """Write it again with ``submission_schema()`` when the model changes, and note it in the changelog."""
    assert (ROOT / SCHEMA_FILE).read_bytes() == submission_schema()


def test_the_published_schema_takes_what_the_model_takes_and_no_more() -> None:
    schema = json.loads(submission_schema())
    assert "$id" not in schema
    jsonschema.Draft202012Validator.check_schema(schema)
    checker = jsonschema.Draft202012Validator(schema)
    good = json.loads(submission().to_bytes())
    assert checker.is_valid(good)
    for changes in ({"format": 2}, {"province": ""}, {"more": 1}, {"answers": {"G1": True}}, {"evidence": [{}]}):
        assert not checker.is_valid(good | changes)
