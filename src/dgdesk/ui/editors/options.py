"""Window, editors: the options of a single or multiple question, each with what it opens right under it."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from dgdesk.survey.answers.values import has
from dgdesk.survey.definition.form import Node, option_address
from dgdesk.survey.definition.models import EvidenceRequest, Option
from dgdesk.ui.evidence_holder import EvidenceHolder
from dgdesk.ui.notes import NotesBox
from dgdesk.ui.parts import Parts, hold
from dgdesk.ui.widgets.layout import column, show_if
from dgdesk.ui.widgets.text_layout import Run
from dgdesk.ui.widgets.theme import Panel


def option_runs(parts: Parts, option: Option) -> tuple[Run, ...]:
    """Return an option's printed line: code, label, hint, the request for evidence beside it, the skip."""
    request = option.evidence
    return (
        Run(option.code or "", "code"),
        Run(option.label),
        Run(option.hint, "hint"),
        Run(request.text if request is not None and request.at == "label" else "", "hint"),
        Run(option.skip.text if option.skip is not None else "", "hint"),
        Run(parts.texts.say("ui.own_option") if option.own else "", "own"),
    )


def opened_by(parts: Parts, position: int, gate: str) -> tuple[int, ...]:
    """Return the positions of the fields that an option (or column) opens."""
    return tuple(at for at in parts.form.children(position) if parts.node(at).gate == gate)


class Opened(Panel):
    """What a chosen option or cell opens: its fields and its place for evidence.

    ``printed`` says whether the request for evidence stands beside the option already.
    """

    def __init__(
        self,
        parts: Parts,
        position: int,
        option: str,
        request: EvidenceRequest | None,
        parent: QWidget,
        *,
        printed: bool,
    ) -> None:
        super().__init__("opened", parent)
        layout = column(self, 10)
        layout.setContentsMargins(28, 2, 0, 8)
        place = None
        if request is not None:
            place = EvidenceHolder(
                parts, option_address(parts.node(position).address, option), request, self, printed=printed
            )
        if place is not None and request is not None and request.at == "label":
            layout.addWidget(place)
        self._holders = list(hold(parts, opened_by(parts, position, option), self, layout))
        if place is not None and request is not None and request.at == "end":
            layout.addWidget(place)


class OptionPart:
    """One option: its button, its notes, and what it opens (built when first chosen)."""

    def __init__(
        self, parts: Parts, position: int, option: Option, button: QWidget, owner: QWidget, layout: QVBoxLayout
    ) -> None:
        self._parts, self._position, self._option = parts, position, option
        self._opens = bool(option.fields or option.evidence)
        self._opened: Opened | None = None
        self._owner, self._layout = owner, layout
        layout.addWidget(button)
        self._above = button
        if option.notes:
            self._above = NotesBox(parts.texts, option.notes, owner)
            layout.addWidget(self._above)

    def follow(self, node: Node) -> bool:
        """Show what is opened if the option is chosen; return whether it is."""
        chosen = has(self._parts.bridge.value(node.address), self._option.id)
        if chosen and self._opens and self._opened is None:
            request = self._option.evidence
            self._opened = Opened(
                self._parts,
                self._position,
                self._option.id,
                request,
                self._owner,
                printed=request is not None and request.at == "label",
            )
            self._layout.insertWidget(self._layout.indexOf(self._above) + 1, self._opened)
        if self._opened is not None:
            show_if(self._opened, chosen)
        return chosen
