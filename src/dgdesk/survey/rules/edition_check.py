"""Checks all data files of an edition together: form, rubric and search words."""

from __future__ import annotations

from pathlib import Path

from dgdesk.survey.definition.build import build_form
from dgdesk.survey.definition.lint import DefinitionFlaw, lint
from dgdesk.survey.definition.load import load_definition
from dgdesk.survey.definition.models import Definition
from dgdesk.survey.definition.texts import texts_of
from dgdesk.survey.rules.rubric import load_rubric
from dgdesk.survey.rules.rubric_check import check_rubric
from dgdesk.survey.rules.search_words import FILE as SEARCH_WORDS
from dgdesk.survey.rules.search_words import check_search_words, load_search_words
from dgdesk.text.normalise import fold

RUBRIC = "rubric.yaml"


def check_edition(folder: Path) -> tuple[Definition, tuple[DefinitionFlaw, ...]]:
    """Return the definition in a folder of data files, and every flaw of the first part that has any.

    Raises:
        FileError: a file cannot be read or is no definition, as `load_definition`.
    """
    definition = load_definition(folder)
    flaws = lint(definition)
    if flaws:
        return definition, flaws
    form = build_form(definition)
    if (folder / RUBRIC).exists():
        flaws = tuple(
            DefinitionFlaw("lint.rubric", "", one) for one in check_rubric(load_rubric(folder / RUBRIC), form)
        )
    if not flaws:
        printed = fold("".join(texts_of(definition)))
        wrong = check_search_words(load_search_words(folder / SEARCH_WORDS), form, printed)
        flaws = tuple(DefinitionFlaw("lint.search", "", one) for one in wrong)
    return definition, flaws
