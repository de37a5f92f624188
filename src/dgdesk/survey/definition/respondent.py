"""Who answers a survey: the office that an edition's own question names, by a code of a public scheme.

The survey of provinces names them by ISO 3166-2 (``TH-50``). Another body's survey has another scheme and another list
of offices, all of it data of its edition.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from dgdesk.survey.definition.models import Definition, Field, RespondentField, Words
from dgdesk.survey.respondents import ISO_3166_2, Respondent
from dgdesk.text.editions import in_language

_ISO_CODE: Final = re.compile("[A-Z]{2}-[0-9A-Z]{1,3}")


def respondent_field(definition: Definition) -> RespondentField | None:
    """Return the question that says who answers; None if the form has none.

    Definitions of 0.1.0 do not declare it. There it is the first single choice between codes of ISO 3166-2.
    """
    if definition.respondent is not None:
        return definition.respondent
    for field in definition.fields():
        if field.kind == "single" and field.options and all(_ISO_CODE.fullmatch(one.id) for one in field.options):
            return RespondentField(field=field.id, scheme=ISO_3166_2)
    return None


def respondent_in(
    declared: RespondentField | None, field: Field | None, answers: Mapping[str, object]
) -> Respondent | None:
    """Return who answers by the answers; None if it is not said yet. A code that the form does not list is its name."""
    if declared is None or field is None:
        return None
    code = answers.get(declared.field)
    if not isinstance(code, str):
        return None
    name = next((one.label for one in field.options if one.id == code), code)
    return Respondent(declared.scheme, code, name)


def find_respondent(field: Field | None, text: str) -> str | None:
    """Return the code of a respondent given by code or name; None if the form's list has no such one.

    In whatever order the Thai was typed: a name that looks the same is that name, unless two do.
    """
    options = field.options if field is not None else ()
    exact = next((one.id for one in options if text.strip() in (one.id, one.label)), None)
    if exact is not None:
        return exact
    from dgdesk.text.normalise import fold  # most commands look for none

    typed = fold(text)
    like = [one.id for one in options if typed in (fold(one.id), fold(one.label))]
    return like[0] if len(like) == 1 else None


def in_words(words: Words, say: Callable[..., str]) -> str:
    """Return words of an edition in the language of ``say``."""
    return in_language(say, words.th, words.en)


def called(declared: RespondentField | None, say: Callable[..., str]) -> str:
    """Return what such a respondent is, in the language of ``say``: "จังหวัด", "กรม"."""
    if declared is None or declared.called is None:
        return say("respondent.province.called")
    return in_words(declared.called, say)


def named(declared: RespondentField | None, name: str, say: Callable[..., str]) -> str:
    """Return a respondent as one speaks of it, in the language of ``say``: "จังหวัดเชียงใหม่"; empty without a name."""
    if not name:
        return ""
    if declared is None or declared.named is None:
        return say("respondent.province.named", name=name)
    return in_words(declared.named, say).replace("{name}", name)
