"""The score as plain data, for ``score --json`` and the bundle's ``score.json``; figures are rounded decimals."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from dgdesk.definition.form import Form
from dgdesk.rules.figures import FigureNode, Figures, figures_of
from dgdesk.rules.gains import gains
from dgdesk.rules.score import rounded
from dgdesk.rules.state import Rules, State


def score_report(rules: Rules, state: State) -> dict[str, Any]:
    """Return the whole preview: total, pillars down to questions, the same with p = 0. Always marked as an estimate."""
    score = state.score
    sheet = figures_of(rules.rubric, score)
    return {
        "estimate": True,
        "rubric": rules.rubric.id,
        "progress": rules.rubric.progress,
        "total": _figures(sheet.total),
        "interval": [sheet.total.earned, sheet.total.high],
        "without_progress": {
            "earned": rounded(score.cautious.earned),
            "claimed": rounded(score.cautious.claimed),
        },
        "pillars": [_node(node) for node in sheet.pillars],
    }


def gains_report(rules: Rules, state: State, most: int) -> list[dict[str, Any]]:
    """Return at most ``most`` actions that add points, the largest first."""
    return [
        {
            "kind": gain.kind,
            "field": gain.address,
            "code": nearest_code(rules.form, gain.address),
            "slot": gain.slot,
            "indicator": gain.indicator,
            "points": rounded(gain.points),
        }
        for gain in gains(rules, state)[:most]
    ]


def nearest_code(form: Form, address: str) -> str | None:
    """Return the printed code of a place, or of the nearest place around it."""
    at = form.position.get(address, -1)
    while at >= 0:
        if (code := form.nodes[at].code) is not None:
            return code
        at = form.nodes[at].parent
    return None


def _node(node: FigureNode) -> dict[str, Any]:
    return {
        "id": node.node.id,
        "basis": node.node.basis,
        "exempt": node.node.exempt,
        **_figures(node.figures),
        "parts": [_node(part) for part in node.parts],
    }


def _figures(figures: Figures) -> dict[str, Decimal]:
    return {
        "weight": figures.weight,
        "earned": figures.earned,
        "claimed": figures.claimed,
        "waiting": figures.waiting,
        "open": figures.open,
        "external": figures.external,
        "lost": figures.lost,
    }
