"""One respondent, one submission: copies, corrections, forks, gaps and drafts, in any order of arrival."""

from __future__ import annotations

import time
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgdesk.bundle.chains import BundleFact, Chain, Choice, chains, choose

EDITION, NAN, PHRAE = "th-province-2568", "TH-55", "TH-54"


def digest(name: str) -> str:
    return sha256(name.encode()).hexdigest()


def sent(name: str, replaces: str = "", revision: int = 0, **changes: Any) -> BundleFact:
    """A bundle called by a letter; it replaces the one called by another."""
    fact = BundleFact(digest(name), EDITION, NAN, "key of Nan", revision=revision or (2 if replaces else 1))
    return replace(fact, supersedes=digest(replaces) if replaces else "", **changes)


def outcomes(chain: Chain) -> dict[str, str]:
    names = {digest(letter): letter for letter in "abcdefgh"}
    return {names[one.digest]: one.outcome for one in chain.members}


def only(*facts: BundleFact, choices: tuple[Choice, ...] = ()) -> Chain:
    (chain,) = chains(facts, choices)
    return chain


def test_two_hundred_copies_are_one_submission():
    chain = only(*[sent("a")] * 200)
    assert chain.current is not None and chain.current.digest == digest("a")
    assert (chain.state, chain.revisions, chain.copies) == ("current", 1, 199)


def test_a_correction_replaces_what_it_names_and_the_replaced_one_is_still_there():
    chain = only(sent("b", "a", reason="แก้ตัวเลข"), sent("a"), sent("c", "b", 3))
    assert outcomes(chain) == {"a": "superseded", "b": "superseded", "c": "current"}
    assert chain.members[0].replaced_by == (digest("b"),)
    assert chain.members[1].fact.reason == "แก้ตัวเลข"


@pytest.mark.parametrize(
    ("facts", "flaw", "state"),
    [
        ([sent("b", "a", signer="somebody")], "other_signer", "fork"),
        ([sent("b", "a", signer="somebody", bound=True)], None, "current"),
        ([sent("b", "a", 7)], "revision", "current"),
        ([sent("b", "b")], "itself", "fork"),
        ([sent("b", "h")], "unknown", "fork"),
        ([sent("b", "h"), sent("h", respondent=PHRAE)], "other_respondent", "fork"),
        ([sent("b", "h"), sent("h", edition="th-province-2567")], "other_respondent", "fork"),
        ([sent("b", "d"), sent("d", draft=True)], "of_draft", "fork"),
    ],
)
def test_a_correction_that_does_not_fit_decides_nothing_and_says_why(facts, flaw, state):
    found = next(chain for chain in chains([sent("a"), *facts]) if (chain.edition, chain.respondent) == (EDITION, NAN))
    assert found.state == state
    assert next(one.flaw for one in found.members if one.digest == digest("b")) == flaw


def test_what_was_replaced_but_never_came_is_a_gap_and_heals_when_it_comes():
    chain = only(sent("c", "b", 3))
    assert (chain.state, chain.gaps) == ("current", (digest("b"),))
    assert only(sent("a"), sent("c", "b", 3)).state == "fork"  # nobody knows that c comes after a
    whole = only(sent("a"), sent("c", "b", 3), sent("b", "a"))
    assert (whole.state, whole.gaps) == ("current", ())


def test_a_circle_has_no_first_and_no_last():
    chain = only(sent("a", "c"), sent("b", "a"), sent("c", "b"), sent("d", "c"))
    assert {one.flaw for one in chain.members if one.digest != digest("d")} == {"cycle"}
    assert outcomes(chain) == {"a": "fork", "b": "fork", "c": "superseded", "d": "fork"}


def test_drafts_are_no_submission():
    assert only(sent("a", draft=True)).state == "drafts"
    chain = only(sent("a"), sent("d", "a", draft=True))
    assert outcomes(chain) == {"a": "current", "d": "draft"}


def test_a_choice_settles_a_fork_until_another_head_comes():
    fork = only(sent("a"), sent("b", "a"), sent("c", "a"))
    assert (fork.state, fork.current) == ("fork", None)
    choice = choose(fork, digest("c"))
    settled = only(sent("a"), sent("b", "a"), sent("c", "a"), choices=(choice,))
    assert outcomes(settled) == {"a": "superseded", "b": "set_aside", "c": "current"}
    later = only(sent("a"), sent("b", "a"), sent("c", "a"), sent("d", "c", 3), choices=(choice,))
    assert outcomes(later)["d"] == "current"
    # a correction of what was set aside must be seen
    again = only(sent("a"), sent("b", "a"), sent("c", "a"), sent("e", "b", 3), choices=(choice,))
    assert again.state == "fork"
    with pytest.raises(ValueError, match="not a head"):
        choose(fork, digest("a"))


def test_a_choice_of_what_is_not_here_or_over_everything_changes_nothing():
    fork = (sent("a"), sent("b"))
    for chosen, over in (("h", "a"), ("a", "ab")):
        choice = Choice(EDITION, NAN, digest(chosen), frozenset(map(digest, over)))
        assert only(*fork, choices=(choice,)).state == "fork"


def test_the_same_digest_signed_by_another_too_is_one_bundle_of_both():
    chain = only(sent("a"), sent("b", "a", signer="somebody"), sent("b", "a"))
    assert (chain.state, chain.copies) == ("current", 1)


def test_ten_thousand_corrections_take_no_time_and_no_stack():
    count = 10_000
    facts = [sent(str(at), str(at - 1) if at else "", at + 1) for at in range(count)]
    begun = time.process_time()
    for order in (facts, facts[::-1]):
        chain = only(*order)
        assert chain.current is not None and chain.current.digest == digest(str(count - 1))
        assert chain.revisions == count
    assert time.process_time() - begun < 2


LETTERS = st.sampled_from("abcdefgh")
FACTS = st.builds(
    lambda name, replaces, more: (name, replaces, more),
    LETTERS,
    st.one_of(st.just(""), LETTERS, st.just("z")),
    st.fixed_dictionaries(
        {
            "revision": st.integers(1, 4),
            "respondent": st.sampled_from([NAN, NAN, PHRAE]),
            "signer": st.sampled_from(["one", "two"]),
            "bound": st.booleans(),
            "draft": st.booleans(),
        }
    ),
)


@given(st.data(), st.lists(FACTS, max_size=12, unique_by=lambda one: one[0]))
def test_any_order_and_any_number_of_copies_give_the_same_chains(data, made):
    facts = [sent(name, replaces, **more) for name, replaces, more in made]
    found = chains(facts)
    assert chains(data.draw(st.permutations(facts))) == found
    twice = chains(data.draw(st.permutations([*facts, *facts])))
    assert [[one.outcome for one in chain.members] for chain in twice] == [
        [one.outcome for one in chain.members] for chain in found
    ]
    # every bundle has one place, and nothing is replaced without a bundle that says so
    members = [one for chain in found for one in chain.members]
    assert sorted(one.digest for one in members) == sorted(one.digest for one in facts)
    for chain in found:
        current = [one for one in chain.members if one.outcome == "current"]
        forked = [one for one in chain.members if one.outcome == "fork"]
        assert {"current": (1, 0), "drafts": (0, 0)}.get(chain.state, (0, len(forked))) == (len(current), len(forked))
        assert chain.state != "fork" or len(forked) > 1
        for one in chain.members:
            assert (one.outcome == "superseded") == bool(one.replaced_by)
        if chain.state == "fork":
            chosen = chain.heads[0]
            settled = next(
                one for one in chains(facts, [choose(chain, chosen.digest)]) if one.respondent == chain.respondent
            )
            assert settled.current is not None and settled.current.digest == chosen.digest
