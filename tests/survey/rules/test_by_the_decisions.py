"""A second reading of the decisions on credit, worked out from what a person entered and not by the program's rules.

Each test draws entries for a few questions, and works out from the decision's words what they earn and claim.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from dgdesk.survey.rules.score import ScoreNode, breakdown
from dgdesk.survey.rules.state import Facts
from scenario import PROOF, TODAY, UNMARKED, real_rules

RULES = real_rules()
HALF = Fraction(1, 2)

Form = dict[str, Any]
file_states = st.sampled_from([None, UNMARKED, PROOF])
items = st.lists(st.tuples(st.booleans(), st.booleans(), file_states), min_size=1, max_size=3)
"""Items of a repeat: is it named, does it say its result, and its file."""


def worth(answers: Form, files: Form, id: str) -> tuple[Fraction, Fraction]:
    """Return what a part of the score earns and claims, as parts of its weight."""
    evidence = {slot: (file,) for slot, file in files.items() if file is not None}
    state = RULES.evaluate(Facts({key: value for key, value in answers.items() if value is not None}, evidence), TODAY)
    nodes: list[ScoreNode] = list(breakdown(RULES.rubric, state.score))
    for node in nodes:
        nodes.extend(node.parts)
    points = next(node.points for node in nodes if node.id == id)
    return Fraction(points.earned) / Fraction(points.weight), Fraction(points.claimed) / Fraction(points.weight)


def enter(answers: Form, files: Form, repeat: str, entered: list[tuple[bool, bool, Any]], result: str | None) -> None:
    """Enter the items of a repeat."""
    answers[repeat] = tuple(str(number) for number in range(1, len(entered) + 1))
    for number, (named, with_result, file) in enumerate(entered, 1):
        answers[f"{repeat}.name#{number}"] = "ชื่อ" if named else None
        if result is not None:
            answers[f"{repeat}.{result}#{number}"] = "ผลลัพธ์" if with_result else None
        files[f"{repeat}#{number}"] = file


@given(st.sampled_from([None, "no", "doing", "yes"]), st.dictionaries(st.sampled_from("abc"), items))
def test_p2_1_4_is_p_and_the_rest_by_areas(answer: str | None, areas: dict[str, list[tuple[bool, bool, Any]]]) -> None:
    answers: Form = {"p2.1.4": answer, "p2.1.4.areas": tuple(sorted(areas)) or None}
    files: Form = {}
    for area, entered in areas.items():
        enter(answers, files, f"p2.1.4{area}", entered, None)
    stated = sum(any(named for named, _, _ in entered) for entered in areas.values())
    proven = sum(any(named and file == PROOF for named, _, file in entered) for entered in areas.values())

    def done(areas_done: int) -> Fraction:
        return HALF + HALF * Fraction(areas_done, 3) if areas_done else Fraction(0)

    expected = {"yes": (done(proven), done(stated)), "doing": (HALF, HALF)}.get(str(answer), (0, 0))
    assert worth(answers, files, "p2.1.4") == expected


rows = st.lists(st.tuples(st.sampled_from([None, "no", "yes"]), items), min_size=12, max_size=12)
technologies = st.dictionaries(
    st.sampled_from("123"), st.tuples(st.booleans(), st.sampled_from([None, "doing", "yes"]), items)
)


@given(rows, technologies)
def test_7_1_is_the_mean_of_twelve_and_a_new_technology_replaces_the_weakest(
    twelve: list[tuple[str | None, list[tuple[bool, bool, Any]]]],
    new: dict[str, tuple[bool, str | None, list[tuple[bool, bool, Any]]]],
) -> None:
    answers: Form = {"p7.1.13": tuple(sorted(new)) or None}
    files: Form = {}
    for number, (answer, entered) in enumerate(twelve, 1):
        answers[f"p7.1.{number}"] = answer
        enter(answers, files, f"p7.1.{number}.1", entered, "result")
    for number, (named, status, entered) in new.items():
        answers[f"p7.1.13.name{number}"] = "เทคโนโลยี" if named else None
        answers[f"p7.1.13.status{number}"] = status
        enter(answers, files, f"p7.1.13.{number}", entered, "result")

    def complete(entered: list[tuple[bool, bool, Any]], *, proven: bool) -> bool:
        return any(named and result and (file == PROOF or not proven) for named, result, file in entered)

    def mean(*, proven: bool) -> Fraction:
        worths = [int(answer == "yes" and complete(entered, proven=proven)) for answer, entered in twelve]
        adopted = any(
            named and status == "yes" and complete(entered, proven=proven) for named, status, entered in new.values()
        )
        if adopted:
            worths.remove(min(worths))
            worths.append(1)
        return Fraction(sum(worths), 12)

    assert worth(answers, files, "7.1") == (mean(proven=True), mean(proven=False))


numbers = st.sampled_from([None, Decimal(0), Decimal("4.2")])


@given(
    st.sampled_from([None, "no", "yes"]),
    st.sampled_from([None, "unknown", "known"]),
    st.sampled_from([None, "unknown", "percent", "score"]),
    st.tuples(numbers, numbers, numbers),
    file_states,
)
def test_p4_2_2_needs_its_score(
    answer: str | None, sample: str | None, satisfaction: str | None, given_: tuple[Any, Any, Any], file: Any
) -> None:
    percent, score, full = given_
    answers: Form = {
        **{"p4.2.2": answer, "p4.2.2.sample": sample, "p4.2.2.satisfaction": satisfaction},
        **{"p4.2.2.2": percent, "p4.2.2.3": score, "p4.2.2.3.full": full},
    }
    known = {"percent": percent is not None, "score": score is not None and full is not None}
    stated = answer == "yes" and sample is not None and known.get(str(satisfaction), False)
    found = worth(
        answers, {f"p4.2.2.satisfaction/{satisfaction}": file} if known.get(str(satisfaction)) else {}, "p4.2.2"
    )
    assert found == (int(stated and file == PROOF), int(stated))


@given(st.dictionaries(st.sampled_from("123456"), st.tuples(st.booleans(), file_states)))
def test_p5_3_counts_named_software_with_evidence(chosen: dict[str, tuple[bool, Any]]) -> None:
    answers: Form = {"p5.3": tuple(sorted(chosen)) or None}
    for number, (named, _) in chosen.items():
        answers[f"p5.3.software.{number}"] = "ซอฟต์แวร์" if named else None
    files = {f"p5.3/{number}": file for number, (_, file) in chosen.items()}
    stated = sum(named for named, _ in chosen.values())
    proven = sum(named and file == PROOF for named, file in chosen.values())
    assert worth(answers, files, "p5.3") == (min(Fraction(proven, 5), 1), min(Fraction(stated, 5), 1))
