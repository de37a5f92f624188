"""Lines of the problem list: each says where, in full, so that no two are alike."""

from __future__ import annotations

from collections import Counter

from dgdesk.draft.drafts import load_form
from dgdesk.survey.rules.problems import Problem
from dgdesk.text.breaks import thai_breaker
from dgdesk.text.messages import load_catalogue
from dgdesk.ui.form.wording import problem_words
from dgdesk.ui.widgets.texts import Texts


def test_no_two_lines_of_the_problem_list_are_alike_wherever_the_problems_are():
    form, texts = load_form(), Texts(load_catalogue("th"), thai_breaker())
    problems = [
        *(Problem("missing.answer", "error", node.address) for node in form.nodes if not node.kind.startswith("ma")),
        *(Problem("missing.evidence", "error", form.nodes[one.node].address, one.id) for one in form.slots.values()),
    ]
    asked = [one for one in problems if one.slot or form.node(one.address).kind not in ("group", "item", "repeat")]
    lines = Counter(problem_words(form, texts, one) for one in asked)
    assert max(lines.values()) == 1, lines.most_common(3)
