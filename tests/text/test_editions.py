"""An edition is told in words, in both languages; an unknown one as it is named."""

from __future__ import annotations

from dgdesk.text.editions import edition_words
from dgdesk.text.messages import load_catalogue


def test_a_person_reads_level_and_year():
    thai, english = load_catalogue("th").text, load_catalogue("en").text
    assert edition_words(thai, "th-province-2568") == "ระดับจังหวัด พ.ศ. 2568"
    assert edition_words(english, "th-province-2568") == "provincial level, 2568 B.E."


def test_what_is_unknown_is_not_guessed():
    thai = load_catalogue("th").text
    for edition in ("", "th-department-2568", "th-province-2568-b", "th-province-25", "th-province-๒๕๖๘"):
        assert edition_words(thai, edition) == edition
