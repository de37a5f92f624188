"""What is damaged, lost or changed elsewhere is named as a person knows it: by question, row, item and option."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from dgdesk.draft.damage import name_damage
from dgdesk.draft.drafts import load_form
from dgdesk.draft.file.model import Damage
from dgdesk.draft.targets import target_words, targets_named
from dgdesk.errors import FileError, UsageError
from dgdesk.text.messages import load_catalogue
from scenario import every_item

EDITION = "th-province-2568"


class NoFiles:
    """A draft of which nothing can be read but its answers."""

    def answers(self) -> dict[str, object]:
        return {"g3.projects": ["1", "2"]}

    def evidence(self) -> dict[str, object]:
        raise FileError("package.value_damaged")

    def attached_once(self, digests: Collection[str]) -> dict[str, object]:
        raise FileError("package.value_damaged")


def words(damage: Damage) -> str:
    (named,) = name_damage([damage], load_form(), NoFiles())
    return named.sentence(load_catalogue().text)


def test_a_damage_names_its_place_and_edition_in_words() -> None:
    assert "P1.2a 1.1 " in words(Damage("package.check_value", "p1.2a:1.1", "differs from the journal"))
    assert "ระดับจังหวัด พ.ศ. 2568" in words(Damage("repair.definition", EDITION, "taken from the program"))
    lost = words(Damage("repair.file", "ab" * 32, "p1.4/yes, g3.projects#2"))
    assert "P1.4 " in lost and "G3 มี › 2. " in lost and "p1.4" not in lost


def test_every_place_of_the_form_is_named_without_its_id() -> None:
    form = load_form()
    for target in (*form.position, *form.slots):
        named = target_words(form, every_item(form), target)
        assert named and target not in named.split(), target


def test_what_the_form_does_not_have_stays_as_it_is() -> None:
    assert target_words(load_form(), {}, "p99, differs from the journal") == "p99, differs from the journal"


def test_an_error_says_where_in_words() -> None:
    with pytest.raises(UsageError) as told, targets_named(load_form(), {}):
        raise UsageError("package.stale", target="p1.4/yes")
    assert "P1.4 " in load_catalogue().error(told.value) and "p1.4/" not in load_catalogue().error(told.value)
    with pytest.raises(UsageError, match=r"package\.no_edits"), targets_named(load_form(), {}):
        raise UsageError("package.no_edits")
