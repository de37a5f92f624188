"""Evidence as it comes back from storage."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgdesk.survey.answers.attachments import Attachment, Uses, attachment_from_json, is_all_read
from scenario import PROOF


def test_an_attachment_comes_back_the_same() -> None:
    assert attachment_from_json(json.loads(json.dumps(PROOF.as_json()))) == PROOF


def test_that_the_whole_file_is_the_passage_is_stored_only_when_it_was_said() -> None:
    """A draft of 0.1.0 has no such key, and reads as not said."""
    said = replace(PROOF, whole=True)
    assert attachment_from_json(json.loads(json.dumps(said.as_json()))) == said
    assert "whole" not in PROOF.as_json()
    assert attachment_from_json({**PROOF.as_json(), "whole": False}) == PROOF


@pytest.mark.parametrize("odd", [1, "true", None, [True], {}], ids=str)
def test_a_saying_that_is_none_is_reported_and_not_believed(odd: Any) -> None:
    stored = {**PROOF.as_json(), "whole": odd}
    read = attachment_from_json(stored)
    assert read == PROOF and not is_all_read(stored, read)


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


FILES = [replace(PROOF, sha256=f"{number:064x}") for number in range(4)]


@given(st.lists(st.dictionaries(st.sampled_from("abc"), st.lists(st.sampled_from(FILES), unique=True)), max_size=6))
def test_the_uses_of_a_file_follow_the_evidence_through_any_changes(states: list[dict[str, list[Attachment]]]) -> None:
    uses = Uses()
    for state in states:
        evidence = {slot: tuple(files) for slot, files in state.items()}
        uses.follow(evidence)
        for one in FILES:
            assert set(uses.of(one.sha256)) == {slot for slot, files in evidence.items() if one in files}
