"""A column of a table answered at once: where it may be, and what it would change."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgdesk.draft.drafts import load_form
from dgdesk.survey.rules.bulk_edits import column_fill, may_fill


@pytest.fixture(scope="module")
def form():
    return load_form()


def columns_of(form, address):
    return {(one.group, one.id): one for one in form.node(address).field.columns}


def test_only_columns_that_ask_for_nothing_more_may_be_answered_at_once(form):
    allowed = {
        node.address: [one.id for one in node.field.columns if may_fill(form, at, one)]
        for at, node in enumerate(form.nodes)
        if node.kind == "matrix"
    }
    assert allowed["p1.2a"] == ["no", "doing"]
    assert allowed["p3.1.table"] == ["no", "no"]
    # "มี" of P5.1 opens a field in every row
    assert allowed["p5.1.table"] == ["no"]


def test_answered_rows_are_told_apart_from_empty_ones_and_questions_stay_apart(form):
    table, columns = form.position["p3.1.table"], columns_of(form, "p3.1.table")
    shown = [True] * len(form.nodes)
    answers = {"p3.1.table:1:train": "yes", "p3.1.table:2:train": "no", "p3.1.table:3:measure": "yes"}
    found = column_fill(form, shown, answers, table, columns["train", "no"])
    assert (found.other, found.same) == (("p3.1.table:1:train",), ("p3.1.table:2:train",))
    assert all(address.endswith(":train") for address in found.empty) and len(found.empty) == 5
    assert len(found.all_changed) == 6


def test_rows_that_are_not_relevant_stay_out(form):
    table, columns = form.position["p3.1.table"], columns_of(form, "p3.1.table")
    nothing = column_fill(form, [False] * len(form.nodes), {}, table, columns["train", "no"])
    assert nothing.all_changed == () and nothing.same == ()


def test_optional_rows_are_answered_by_nobody_but_the_person(form):
    table, columns = form.position["p5.1.table"], columns_of(form, "p5.1.table")
    shown = [True] * len(form.nodes)
    found = column_fill(form, shown, {}, table, columns[None, "no"])
    assert len(found.empty) == 12 and all(form.node(one).required for one in found.empty)


@given(st.data())
def test_a_filled_column_changes_what_it_says_and_no_more(form, data):
    at = data.draw(st.sampled_from([at for at, node in enumerate(form.nodes) if node.kind == "matrix"]))
    column = data.draw(st.sampled_from(form.nodes[at].field.columns))
    rows = [form.nodes[row] for row in form.children(at)]
    answers = {
        row.address: data.draw(st.sampled_from(row.options))
        for row in rows
        if data.draw(st.booleans(), label="answered")
    }
    shown = [data.draw(st.booleans()) if form.nodes[one].kind == "row" else True for one in range(len(form.nodes))]
    found = column_fill(form, shown, answers, at, column)
    parts = [set(found.empty), set(found.other), set(found.same)]
    assert sum(map(len, parts)) == len(set.union(*parts))
    assert not found.empty or not set(found.empty) & set(answers)
    assert all(answers[one] != column.id for one in found.other)
    after = answers | dict.fromkeys(found.all_changed, column.id)
    again = column_fill(form, shown, after, at, column)
    assert again.all_changed == () and set(again.same) == set.union(*parts)
