"""What a place for evidence is called: the printed code and the question it belongs to, the words of row or option."""

from __future__ import annotations

from dgdesk.definition.form import Form, Slot, option_of


def full_code(form: Form, address: str) -> str:
    """Return the printed code of a place; one that is a mere letter ("A.") with the code of what it lies in."""
    at, codes = form.position.get(address, -1), []
    while at >= 0:
        code = form.nodes[at].code
        if code is not None and code not in codes:
            codes.append(code)
            if any(letter.isdigit() for letter in code):
                break
        at = form.nodes[at].parent
    return " ".join(reversed(codes))


def question_of(form: Form, at: int) -> str:
    """Return the nearest place above with a printed code; without one, the outermost."""
    address = form.nodes[at].address
    while at >= 0:
        address = form.nodes[at].address
        if form.nodes[at].code is not None:
            break
        at = form.nodes[at].parent
    return address


def label_of(form: Form, slot: Slot) -> str:
    """Return the words of a place: those of its row and column group, or of its option."""
    node = form.nodes[slot.node]
    option = option_of(node, slot.option) if slot.option is not None else None
    group = next((one.label for one in node.field.groups if one.id == node.group), "") if node.kind == "row" else ""
    if group.startswith("("):
        group = group.partition(" ")[0]  # "(1) …" stands in full in the table's head: its number says which is meant
    row = node.label if node.kind == "row" else ""
    return " – ".join(part for part in (row, group, option.label if option is not None else "") if part)
