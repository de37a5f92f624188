"""Window, where: which field or place for evidence of the page a widget belongs to."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from dgdesk.ui.parts import Parts


def address_of(parts: Parts, widget: QWidget | None) -> tuple[str, str | None] | None:
    """Return the address (and the place for evidence) that a widget is part of, the innermost; None for none."""
    slots: dict[int, str] = {id(place): slot for slot, place in parts.places.items()}
    owners: dict[int, str] = {}
    for address, part in parts.by_address.items():
        owners[id(part)] = address
        # a row of a table is no widget of its own: its cells stand in the table
        cells = getattr(part, "cells", None)
        for cell in cells.values() if isinstance(cells, dict) else ():
            owners[id(cell)] = address
    while widget is not None:
        if (slot := slots.get(id(widget))) is not None:
            return parts.node(parts.form.slots[slot].node).address, slot
        if (address := owners.get(id(widget), "")) != "":
            return address, None
        widget = widget.parentWidget()
    return None
