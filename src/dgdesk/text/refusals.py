"""Why a typed entry is refused: a message code, with the values that its sentence names."""

from __future__ import annotations

from collections.abc import Mapping


class EntryRefused(ValueError):
    """A typed entry that cannot be read. ``args`` has the message code; ``values`` fill its sentence."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.values: Mapping[str, object] = values


def values_of(error: ValueError) -> Mapping[str, object]:
    """The values of a refusal's sentence; none for a refusal that needs none."""
    return error.values if isinstance(error, EntryRefused) else {}
