"""Who answers a survey, as a value: an office by its code in a public scheme. Nothing of a form is needed for it."""

from __future__ import annotations

from typing import Final, NamedTuple

ISO_3166_2: Final = "iso3166-2"
"""The scheme of provinces: the one that format 1 of a submission can name."""


class Respondent(NamedTuple):
    """The office that answers: its code ``id`` in ``scheme``, and its Thai name."""

    scheme: str
    id: str
    name: str

    @property
    def key(self) -> str:
        """What tells this respondent from all others: "TH-50", "th-department/0301"."""
        return respondent_key(self.scheme, self.id)


def respondent_key(scheme: str, code: str) -> str:
    """Return what tells a respondent from all others. Codes of provinces need no scheme: they had none at first."""
    return code if scheme == ISO_3166_2 else f"{scheme}/{code}"
