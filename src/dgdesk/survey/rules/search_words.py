"""Words that people search for and that the form need not print: data of the edition (``search.yaml``), and its check.

An edition without the file has no such words.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from dgdesk.errors import FileError
from dgdesk.survey.definition.form import Form
from dgdesk.survey.definition.load import unreadable_reason
from dgdesk.survey.definition.models import Frozen
from dgdesk.text.normalise import fold

FILE = "search.yaml"


class WordPlaces(Frozen):
    """Words that mean certain places, the likeliest first."""

    words: tuple[str, ...]
    at: tuple[str, ...]


class SearchWords(Frozen):
    """``alike``: words of one meaning. ``places``: words that mean certain places, whatever is printed there."""

    alike: tuple[tuple[str, ...], ...] = ()
    places: tuple[WordPlaces, ...] = ()


NO_WORDS = SearchWords()


def load_search_words(path: Path) -> SearchWords:
    """Read the file; an edition that has none has no words.

    Raises:
        FileError: ``search.invalid`` with the reason.
    """
    if not path.exists():
        return NO_WORDS
    import yaml  # only the window searches

    try:
        with path.open(encoding="utf-8") as stream:
            return SearchWords.model_validate(yaml.load(stream, Loader=yaml.CBaseLoader))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise FileError("search.invalid", file=path.name, reason=f"{place}: {first['type']}") from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise FileError("search.invalid", file=path.name, reason=unreadable_reason(error)) from error


def check_search_words(words: SearchWords, form: Form, printed: str) -> Iterator[str]:
    """Yield what is wrong: places that the form does not have, empty words, groups of which nothing is printed.

    ``printed`` is everything that the form prints, as `fold` makes it.
    """
    for group in words.alike:
        folded = [fold(word) for word in group]
        if len(folded) < 2 or not all(folded) or len(set(folded)) < len(folded):
            yield f"alike: {', '.join(group)}"
        elif not any(word in printed for word in folded):
            yield f"alike, not on the form: {', '.join(group)}"
    for one in words.places:
        if not one.words or not all(map(fold, one.words)):
            yield f"places: {', '.join(one.at)}"
        for address in one.at:
            if address not in form.position:
                yield f"places: {address}"
        if not one.at:
            yield f"places: {', '.join(one.words)}"
