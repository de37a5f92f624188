"""A count of one has its noun and verb in the singular, in every English sentence of the catalogue."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from dgdesk.resources import resource
from dgdesk.text.messages import load_catalogue
from dgdesk.text.plurals import of_one

CATALOGUE = load_catalogue("en", resource("i18n"))
PLURAL = re.compile(
    r"\b1 (?:more |whole |further |other )?(?:[a-z]+ )?(files|answers|pages|pieces|items|entries|bundles|windows)\b"
)


def test_no_sentence_says_1_files():
    said = 0
    for code, both in CATALOGUE.messages.items():
        asked = {name for _, name, _, _ in Formatter().parse(both["en"]) if name}
        if not asked:
            continue
        sentence = CATALOGUE.text(code, **dict.fromkeys(asked, 1))
        assert not PLURAL.search(sentence), (code, sentence)
        said += sentence != both["en"].format(**dict.fromkeys(asked, 1))
    assert said > 30


@pytest.mark.parametrize(
    ("sentence", "one"),
    [
        ("{count} files are encrypted.", "1 file is encrypted."),
        ("{count} files ({size}) are kept", "1 file (1) is kept"),
        ("{files} files and {count} answers are kept", "1 file and 1 answer are kept"),
        ("Complete: {count} pieces of evidence", "Complete: 1 piece of evidence"),
        ("{count} more entries were left", "1 more entry was left"),
        ("answers: {count}", "answers: 1"),
    ],
)
def test_noun_and_verb_follow_the_count(sentence, one):
    values = {"count": 1, "files": 1, "size": 1}
    assert of_one(sentence, values).format(**values) == one


@pytest.mark.parametrize("count", [0, 2, 11, 21, 101, "-", "1 200"])
def test_other_counts_stay_plural(count):
    assert of_one("{count} files are here", {"count": count, "other": 1}) == "{count} files are here"


def test_what_a_file_is_called_stays():
    assert of_one("“{name}” has {count} pages", {"name": "1 files.pdf", "count": 1}) == "“{name}” has {count} page"
