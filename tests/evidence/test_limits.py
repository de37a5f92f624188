"""How much evidence there may be: the gauge, and the file with which it is too much."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgdesk.draft.drafts import load_form
from dgdesk.errors import UsageError
from dgdesk.evidence.limits import Quota, Tally, check_total, clean_name, in_units, quota, used_bytes
from dgdesk.survey.answers.attachments import Attachment
from dgdesk.survey.definition.models import EvidenceLimits

LIMITS = EvidenceLimits(file=60, total=100)
ONE, TWO = Attachment("a", "ก.pdf", 50, "application/pdf"), Attachment("b", "ข.pdf", 30, "application/pdf")


def test_the_edition_says_how_much():
    limits = load_form().definition.evidence_limits
    assert limits == EvidenceLimits(file=2 << 30, total=8 << 30)


@pytest.mark.parametrize(
    ("used", "state"), [(0, "room"), (79, "room"), (80, "near"), (99, "near"), (100, "full"), (1000, "full")]
)
def test_the_gauge_says_how_full_it_is(used, state):
    assert quota(used, LIMITS) == Quota(used, 100, state)


def test_without_limits_there_is_always_room():
    assert quota(1 << 50, None) == Quota(1 << 50, None, "unlimited")
    check_total(Tally(), "c", 1 << 50, "ใหญ่.pdf", None)


def test_a_file_at_several_places_counts_once():
    assert used_bytes({"g1/yes": (ONE, TWO), "g2/yes": (ONE,)}) == 80
    assert used_bytes({}) == 0


def test_the_file_with_which_it_is_too_much_is_refused_but_not_one_that_is_in_already():
    evidence = {"g1/yes": (ONE, TWO)}
    check_total(Tally(evidence), "c", 20, "ค.pdf", LIMITS)
    check_total(Tally(evidence), "a", 50, "ก.pdf", LIMITS)
    with pytest.raises(UsageError, match=r"incoming\.total_too_large"):
        check_total(Tally(evidence), "c", 21, "ค.pdf", LIMITS)
    with pytest.raises(UsageError, match=r"incoming\.too_large"):
        check_total(Tally(), "c", 61, "ค.pdf", LIMITS)


@pytest.mark.parametrize(("size", "words"), [(0, "0 B"), (1023, "1023 B"), (2048, "2 KB"), (2 << 30, "2.0 GB")])
def test_sizes_are_worded(size, words):
    assert in_units(size) == words


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\\/")))
def test_a_name_is_kept_as_it_was_typed(name):
    assert clean_name(name) == name


def test_what_a_bundle_cannot_hold_is_replaced():
    assert clean_name("ก\\ข/ค\n\x00\udc80.pdf") == "ก_ข_ค___.pdf"
