"""Evidence as it comes back from storage."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgdesk.survey.answers.attachments import Attachment, attachment_from_json
from scenario import PROOF


def test_an_attachment_comes_back_the_same() -> None:
    assert attachment_from_json(json.loads(json.dumps(PROOF.as_json()))) == PROOF


def test_pages_and_passages_may_be_absent() -> None:
    stored = {"sha256": "ab" * 32, "name": "ก.pdf", "size": 1, "media_type": "application/pdf"}
    assert attachment_from_json(stored) == Attachment("ab" * 32, "ก.pdf", 1, "application/pdf")


@pytest.mark.parametrize(
    "change",
    [{"sha256": ""}, {"sha256": None}, {"sha256": 3}, {"name": None}, {"size": "1"}, {"size": True}, {"pages": []}],
    ids=str,
)
def test_what_is_no_attachment_is_none(change: dict[str, Any]) -> None:
    assert attachment_from_json({**PROOF.as_json(), **change}) is None


@given(st.recursive(st.none() | st.integers() | st.text(max_size=5), st.lists, max_leaves=4))
def test_any_json_is_an_attachment_or_none(stored: Any) -> None:
    assert attachment_from_json(stored) is None
    assert attachment_from_json({"sha256": stored}) is None
