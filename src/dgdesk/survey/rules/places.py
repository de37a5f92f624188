"""The full name of a place: its printed code, and its row, item and option in words.

Every list, print and command names places by it.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, deque
from collections.abc import Callable, Mapping
from typing import NamedTuple

from dgdesk.survey.answers.values import Answers
from dgdesk.survey.definition.form import Form, Node, option_of
from dgdesk.survey.rules.codes import full_code
from dgdesk.survey.rules.numbering import REMOVED, is_removed, numbered

BETWEEN = " \u203a "
"""Between the parts of a name: a small arrow to the right."""
_BEFORE = " เแโใไ"
"""Vowels that are written before their letter: a text does not end with one."""
_CHOICES = frozenset({"single", "multiple"})
LONGEST_PART = 90
"""Most characters of one part of a name in a line; a form's questions have up to several hundred."""


class PlaceName(NamedTuple):
    """The full name of a place: ``code`` as printed (may be empty), ``parts`` in words, the outermost first.

    ``removed`` says that the place is in an item that is not there; a line says so in words.
    """

    code: str
    parts: tuple[str, ...]
    removed: bool = False

    def words(self, cut: Callable[[str, int], str] | None = None, longest: int = LONGEST_PART) -> str:
        """Return the parts in one line, each cut to ``longest`` characters; ``cut`` may know better where words end."""
        return BETWEEN.join((cut or shortened)(part, longest) for part in self.parts)

    def line(
        self, cut: Callable[[str, int], str] | None = None, longest: int = LONGEST_PART, removed: str = REMOVED
    ) -> str:
        """Return the code and the parts in one line; ``removed`` is said of an item that is not there."""
        gone = f"({removed})" if self.removed else ""
        return " ".join(part for part in (self.code, self.words(cut, longest), gone) if part)


def full_name(form: Form, address: str, option: str | None, answers: Answers) -> PlaceName:
    """Return the full name of a place, or of one of its options or columns; no two places of a form share theirs.

    Items have the numbers that they have with these answers; those that are not there share one name. A place that the
    form does not have is named by its address.
    """
    at = form.position.get(address, -1)
    if at < 0:
        return PlaceName("", (address,))
    form = numbered(form, answers)
    removed = is_removed(form.nodes[at])
    parts = [_own(form, form.nodes[at])]
    while at >= 0:
        node = form.nodes[at]
        if _is_named(form, node, parts):
            break
        if node.parent >= 0:
            owner = form.nodes[node.parent]
            if node.gate is not None and owner.kind != "repeat":
                parts.insert(0, option_words(owner, node.gate))
            if owner.kind in ("row", "item"):
                parts.insert(0, _own(form, owner))
            elif owner.code is not None and any(parts):
                # A code that is printed twice does not say which place is meant.
                if node.code is not None and _uses(form)[full_code(form, node.address)] > 1:
                    parts.insert(0, full_code(form, owner.address))
                break
        at = node.parent
    if option is not None:
        parts.append(option_words(form.node(address), option))
    code = full_code(form, address)
    words = (piece.removeprefix(code).strip() for part in parts for piece in part.split(BETWEEN))
    return PlaceName(code, tuple(dict.fromkeys(part for part in words if part)), removed)


def slot_name(form: Form, slot: str, answers: Answers) -> PlaceName:
    """Return the full name of an evidence slot; one that the form does not have is named by its id."""
    found = form.slots.get(slot)
    if found is None:
        return PlaceName("", (slot,))
    return full_name(form, form.nodes[found.node].address, found.option, answers)


def problem_name(form: Form, address: str, slot: str | None, answers: Answers) -> PlaceName:
    """Return the full name of the place that a problem is at: its evidence slot, or else its field."""
    return slot_name(form, slot, answers) if slot is not None else full_name(form, address, None, answers)


def option_words(node: Node, option: str) -> str:
    """Return the printed words of an option of a choice, or of a column of a row; else its id."""
    if node.kind == "row":
        return next((one.label for one in node.field.columns if one.id == option), option)
    model = option_of(node, option)
    if model is None:
        return option
    return " ".join(part for part in (model.code, model.label or model.hint) if part) or option


def shortened(text: str, longest: int) -> str:
    """Return a text of at most ``longest`` characters; a longer one ends with "…", between words if one ends nearby."""
    text = " ".join(text.split())
    if len(text) <= longest:
        return text
    head = text[: longest - 1]
    word = head.rsplit(" ", 1)[0]
    if len(word) > longest // 2:
        return word.rstrip() + "…"
    end = longest - 1
    while end > 1 and (unicodedata.combining(text[end]) or unicodedata.category(text[end]) == "Mn"):
        end -= 1  # a mark belongs to the letter before it
    return text[:end].rstrip(_BEFORE) + "…"


def _is_named(form: Form, node: Node, parts: list[str]) -> bool:
    """Tell whether the code and the words found so far name a node without what is around it."""
    return node.code is not None and any(parts) and _uses(form)[full_code(form, node.address)] == 1


def _uses(form: Form) -> Counter[str]:
    """Return how often each full code is printed; items of a repeat share theirs.

    It is counted once for each form: a form is too large to be counted, or compared, for every name.
    """
    for addresses, uses in _counted:
        if addresses is form.position:  # a form with other numbers of items has the same codes
            return uses
    found = Counter(full_code(form, node.address) for node in form.nodes if node.code is not None)
    _counted.appendleft((form.position, found))
    return found


_counted: deque[tuple[Mapping[str, int], Counter[str]]] = deque(maxlen=4)


def _own(form: Form, node: Node) -> str:
    """Return what is printed at a place itself: its label, or else its hint or what it lets one choose."""
    if node.kind == "item":
        return _item(form, node)
    if node.kind == "row":
        asked = next((group.label for group in node.field.groups if group.id == node.group), "")
        return BETWEEN.join(part for part in (node.label, asked) if part)
    if node.label or node.code is not None or node.kind not in _CHOICES:
        return node.label or node.field.hint
    return node.field.hint or " / ".join(option_words(node, one.id) for one in node.field.options)


def _item(form: Form, node: Node) -> str:
    """Return the numbered label of an item: that of its first field that prints the number."""
    at = form.position[node.address]
    for inside in form.nodes[at + 1 : node.end]:
        if "{n}" in inside.field.label:
            return inside.label
    return f"{node.label} {node.number or ''}".strip()
