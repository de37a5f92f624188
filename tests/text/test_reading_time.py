"""Whatever is pasted into a box is read, or refused, before a person notices: in time that grows with its length."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import product

import pytest

from dgdesk.survey.answers.reading import read_typed
from dgdesk.survey.definition.form import Form
from dgdesk.text.contacts import parse_email, parse_url, parse_urls
from dgdesk.text.dates import parse_month_year
from dgdesk.text.digits import parse_number
from dgdesk.text.phones import parse_phone
from scenario import real_rules

LETTERS = ["a", "A", "ก", "กำ", "ก่ำ", "一", "a\u0301", "\u0e49", "\u0301"]
DIGITS = ["1", "๑", "１", "٣", "0 ", "0-", "(0", "1,", "1 000", "0212345678 ", "0 5311 2233 ต่อ 1, "]
SEPARATORS = [" ", ",", ";", ",;", "\n", "\t", "\r\n", "/", "|", "-", "–", "&", "และ", "หรือ", ".", ":", "•"]
SIGNS = [
    "<",
    ">",
    "(",
    ")",
    "@",
    "#",
    "?",
    "=",
    "%",
    "\\",
    "[",
    "]",
    "“",
    "'",
    '"',
    "\x00",
    "\ud800",
    "\u200b",
    "\u202e",
]
WORDS = ["www.", "www.a.go.th,", "https://", "a.", "a@", "<a@b.th>", "mailto:", "อีเมล: ", "url: ", "โทร.", "ต่อ", "มท."]
WORDS += ["\u202e", "+66", "x1", "ร้อยละ ", "มี จำนวน ทั้งหมด ", "คน", "ต.ค. ", "พ.ศ. "]
PIECES = [*LETTERS, *DIGITS, *SEPARATORS, *SIGNS, *WORDS]
PARSERS = [parse_phone, parse_url, parse_urls, parse_email, parse_number, parse_month_year]
MOST = 0.05
"""Seconds that one text takes on a quiet PC, at most. A busy one takes longer, but in proportion to the length."""
WORSE = 25
"""A text ten times as long takes ten times as long; in a reader that goes back and forth, a hundred times."""


def seconds(read: Callable[[str], object], text: str) -> float:
    """The least time of up to three readings: the PC may be busy with something else."""
    least = 1e9
    for _ in range(3):
        begin = time.process_time()
        try:
            read(text)
        except ValueError as refused:
            assert isinstance(refused.args[0], str)
        least = min(least, time.process_time() - begin)
        if least < MOST:
            break
    return least


def is_slow(read: Callable[[str], object], text: str) -> bool:
    """Whether a text takes longer than it should, and that not because the PC is busy."""
    took = seconds(read, text)
    return took >= MOST and took > WORSE * seconds(read, text[: len(text) // 10])


@pytest.mark.parametrize("parse", PARSERS)
def test_a_hundred_thousand_of_any_sign_are_refused_at_once(parse: Callable[[str], str]) -> None:
    assert [piece for piece in PIECES if is_slow(parse, (piece * 100_000)[:100_000])] == []


@pytest.mark.parametrize("parse", PARSERS)
def test_the_longest_texts_that_are_looked_into_take_no_longer(parse: Callable[[str], str]) -> None:
    pairs = [*PIECES, *(one + other for one, other in product(SEPARATORS, PIECES))]
    assert [pair for pair in pairs if is_slow(parse, (pair * 4000)[:3999])] == []


def test_every_kind_of_field_reads_a_hundred_thousand_letters_at_once() -> None:
    form: Form = real_rules().form
    nodes = {node.kind: node for node in form.nodes}
    slow = [
        (kind, piece)
        for kind, node in nodes.items()
        for piece in PIECES
        if is_slow(lambda text, node=node: read_typed(node, text), (piece * 100_000)[:100_000])
    ]
    assert slow == []
