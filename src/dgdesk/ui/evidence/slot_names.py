"""What an evidence slot is called on its page: in its head, and for screen readers."""

from __future__ import annotations

from dgdesk.survey.rules.numbering import number_now
from dgdesk.ui.form.context import PageContext


def head_words(parts: PageContext, slot: str) -> str:
    """Return the words over a slot: with the question of a table row that it belongs to, if there are several."""
    words = parts.texts.say("ui.evidence")
    node = parts.node(parts.form.slots[slot].node)
    question = next((group.label for group in node.field.groups if group.id == node.group), "")
    if not question:
        return words
    # "(1) การส่งเสริมและให้ความรู้ …" is in full in the table's head: its number is enough
    return f"{words} {question.partition(' ')[0]}" if question.startswith("(") else f"{words} – {question}"


def spoken_name(parts: PageContext, slot: str) -> str:
    """Return what a screen reader says of a slot and its attach button; items say their present number."""
    bridge, say = parts.bridge, parts.texts.say
    number = number_now(bridge.form, bridge.state.facts.answers, parts.node(parts.form.slots[slot].node))
    if number is None:
        return f"{say('ui.attach')} {where(parts, slot)}"
    return say("ui.attach_item", number=number, where=where(parts, slot))


def where(parts: PageContext, slot: str) -> str:
    """Return the printed code of a slot's question, and its option or else its text."""
    place = parts.form.slots[slot]
    node = parts.node(place.node)
    option = next((one for one in node.field.options if one.id == place.option), None)
    return " ".join(part for part in (node.code, option.label if option else node.label) if part)
