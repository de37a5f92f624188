"""A place of an item that is not there is refused, by address too: what is put there would lie unseen."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.support import done, run

REPEAT = "p7.1.1.1"


@pytest.fixture
def removed(draft: Path) -> Path:
    """Three items, of which the second was removed: visible are 1 and 2, with the keys 1 and 3."""
    done("set", draft, "p7.1.1", "yes")
    for _ in range(2):
        done("item", "add", draft, REPEAT)
    done("item", "remove", draft, REPEAT, "2")
    return draft


def test_an_answer_in_a_removed_item_is_refused_with_the_places_that_are_there(removed: Path) -> None:
    refused = run("set", removed, f"{REPEAT}.name#2", "x", "--lang", "en")
    assert refused.code == 2
    assert f"{REPEAT}.name#1" in refused.err and f"{REPEAT}.name#3" in refused.err
    done("set", removed, f"{REPEAT}.name#3", "x")


def test_a_file_at_a_removed_item_is_refused(removed: Path, evidence: Path) -> None:
    refused = run("attach", removed, f"{REPEAT}#2", evidence, "--lang", "en")
    assert refused.code == 2 and f"{REPEAT}#3" in refused.err
    done("attach", removed, f"{REPEAT}#3", evidence)


def test_once_it_is_back_it_takes_answers_again(removed: Path) -> None:
    done("undo", removed)
    done("set", removed, f"{REPEAT}.name#2", "x")
