"""A pattern that is compiled late does what a compiled one does."""

from __future__ import annotations

import copy
import re

import pytest

from dgdesk.system.patterns import late


def test_it_finds_what_a_compiled_pattern_finds() -> None:
    ours, own = late(r"(?P<day>\d+) ก", re.IGNORECASE), re.compile(r"(?P<day>\d+) ก", re.IGNORECASE)
    text = "12 ก 3 ก"
    assert [one["day"] for one in ours.finditer(text)] == [one["day"] for one in own.finditer(text)] == ["12", "3"]
    assert ours.sub("x", text) == own.sub("x", text)
    assert (ours.pattern, ours.flags, ours.groups) == (own.pattern, own.flags, own.groups)
    assert ours.fullmatch("5 ก", 0) is not None and ours.match("ก") is None


def test_nothing_is_compiled_before_the_first_use() -> None:
    wrong = late("(")
    assert wrong.pattern == "(" and copy.copy(wrong).pattern == "("
    with pytest.raises(re.error):
        wrong.search("x")
