"""Who signs on paper, and the memo: what a draft stores of it, and what is suggested where nothing is stored.

Texts are stored among the answers, under `SIGNING` and a key: ``governor.name``, ``memo.subject``. A program that does
not know them keeps them, as it keeps flags. They are in no submission.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final, Literal, NamedTuple

from dgdesk.errors import UsageError
from dgdesk.survey.answers.values import Answers, Json
from dgdesk.survey.definition.form import Form
from dgdesk.survey.definition.models import Contact, Issued, Role
from dgdesk.survey.definition.respondent import called, in_words, named
from dgdesk.survey.respondents import ISO_3166_2
from dgdesk.system.bounds import without_piles
from dgdesk.text.normalise import tidy

SIGNING: Final = "signing:"

Duty = Literal["prepares", "checks", "certifies"]
"""What a signatory does, by the place in the order of signing: the first prepares, the last certifies."""
Acting = Literal["", "acting", "on_behalf"]
"""For whom a signatory signs: as the holder of the office, รักษาราชการแทน, or ปฏิบัติราชการแทน."""
ACTINGS: Final[tuple[Acting, ...]] = ("", "acting", "on_behalf")

LONGEST: Final[Mapping[str, int]] = {
    "name": 120,
    "position": 160,
    "memo.office": 200,
    "memo.number": 80,
    "memo.date": 60,
    "memo.subject": 300,
    "memo.to": 300,
    "memo.body": 3_000,
}
"""Most characters of a text: a memo has one page, and a name two lines."""
MEMO_KEYS: Final = tuple(key for key in LONGEST if key.startswith("memo."))
_BODY: Final = "memo.body"
_MOST_LINES: Final = 20
_ROLE_KEY: Final = re.compile(r"([a-z0-9_]{1,40})\.(name|position|acting)", re.ASCII)
_SELECTORS: Final = re.compile("[\u180b-\u180d\ufe00-\ufe0f\U000e0100-\U000e01ef]")

Say = Callable[..., str]


class Signatory(NamedTuple):
    """A person who signs on paper. Empty texts are left to be filled in by hand.

    ``office`` is what the person signs as, or for (``acting``): "ผู้ว่าราชการจังหวัดเชียงใหม่".
    """

    role: str
    duty: Duty
    office: str
    name: str = ""
    position: str = ""
    acting: Acting = ""


class Memo(NamedTuple):
    """The texts of the memo (บันทึกข้อความ); ``body`` has a line for each paragraph."""

    office: str = ""
    number: str = ""
    date: str = ""
    subject: str = ""
    to: str = ""
    body: str = ""


class SigningTexts(NamedTuple):
    """What is written on a signing set by the people of the office."""

    signatories: tuple[Signatory, ...]
    memo: Memo

    @property
    def unnamed(self) -> tuple[Signatory, ...]:
        """Those whose name has to be written by hand."""
        return tuple(one for one in self.signatories if not one.name)


def role_key(role: str, part: Literal["name", "position", "acting"]) -> str:
    """Return the key of a text about a signatory."""
    return f"{role}.{part}"


def fit_text(key: str, text: str) -> str:
    """Return a text as it is stored: tidied, without invisible characters; on one line, except the memo's body.

    Raises:
        UsageError: ``signing.unknown_key``, ``signing.unknown_acting``, ``signing.too_long`` (with ``most`` and
            ``count``), ``signing.too_many_lines``.
    """
    part = key.rpartition(".")[2]
    if key not in LONGEST and _ROLE_KEY.fullmatch(key) is None:
        raise UsageError("signing.unknown_key", key=key[:80])
    if part == "acting" and key not in LONGEST:
        if text not in ACTINGS:
            raise UsageError("signing.unknown_acting", value=text[:80], known=", ".join(ACTINGS[1:]))
        return text
    text = without_piles(tidy(_SELECTORS.sub("", text)))
    if key == _BODY:
        text = re.sub("\n{2,}", "\n", text)
        if text.count("\n") >= _MOST_LINES:
            raise UsageError("signing.too_many_lines", most=_MOST_LINES)
    else:
        text = " ".join(text.split())
    most = LONGEST.get(key) or LONGEST[part]
    if len(text) > most:
        raise UsageError("signing.too_long", most=most, count=len(text), start=text[:30])
    return text


def signing_from(stored: Mapping[str, Json]) -> dict[str, str]:
    """Return the stored texts by key; what cannot be read as one is left alone."""
    found = {}
    for target, text in stored.items():
        if target.startswith(SIGNING) and isinstance(text, str):
            key = target.removeprefix(SIGNING)
            try:
                found[key] = fit_text(key, text)
            except UsageError:
                continue
    return found


def signing_texts(
    form: Form,
    roles: Sequence[Role],
    contact: Contact,
    issued: Issued | None,
    answers: Answers,
    stored: Mapping[str, str],
    say: Say,
) -> SigningTexts:
    """Return the texts of a signing set: what is stored, else what is suggested by the answers.

    ``contact`` names the questions about the person who fills in the form, ``issued`` says who asks; ``say`` words the
    suggestions, so it must speak Thai.
    """
    respondent = form.respondent_in(answers)
    name = respondent.name if respondent is not None else ""
    kind = called(form.respondent, say)
    person = _Person(
        " ".join(filter(None, (_said(answers, contact.first_name), _said(answers, contact.last_name)))),
        _said(answers, contact.position),
        _said(answers, contact.office_phone),
    )
    signatories = tuple(
        _signatory(
            role, _duty(at, len(roles)), role.title + name if role.title.endswith(kind) else role.title, person, stored
        )
        for at, role in enumerate(roles)
    )
    return SigningTexts(signatories, _memo(signatories, form, name, person, issued, stored, say))


def suggested(texts: SigningTexts) -> dict[str, str]:
    """Return texts by their keys."""
    found: dict[str, str] = {}
    for one in texts.signatories:
        found |= {
            role_key(one.role, "name"): one.name,
            role_key(one.role, "position"): one.position,
            role_key(one.role, "acting"): one.acting,
        }
    memo = texts.memo
    found |= {key: str(getattr(memo, key.removeprefix("memo."))) for key in MEMO_KEYS}
    return found


def key_words(form: Form, key: str, say: Say) -> str:
    """Return in words what a key is: "ตำแหน่งของผู้ว่าราชการจังหวัด", "เรื่อง"."""
    role, _, part = key.rpartition(".")
    if role == "memo":
        return say(f"signing.key.memo.{part}") if key in LONGEST else key
    if _ROLE_KEY.fullmatch(key) is None:
        return key
    signoff = form.definition.signoff
    title = next((one.title for one in signoff.roles if one.id == role), role) if signoff is not None else role
    return say(f"signing.key.{part}", role=title)


class _Person(NamedTuple):
    """Who fills in the form, as far as it is answered."""

    name: str
    position: str
    phone: str


def _duty(at: int, count: int) -> Duty:
    if at == count - 1:
        return "certifies"
    return "checks" if at else "prepares"


def _signatory(role: Role, duty: Duty, office: str, person: _Person, stored: Mapping[str, str]) -> Signatory:
    """``office`` is the role's title, completed by the respondent's name where it ends with "province"."""
    acting: Acting = next((one for one in ACTINGS if one == stored.get(role_key(role.id, "acting"))), "")
    name = position = ""
    if duty == "prepares":
        name, position = person.name, person.position
    elif office != role.title and not acting:
        position = office
    return Signatory(
        role.id,
        duty,
        office,
        stored.get(role_key(role.id, "name"), name[: LONGEST["name"]]),
        stored.get(role_key(role.id, "position"), position[: LONGEST["position"]]),
        acting,
    )


def _memo(
    signatories: Sequence[Signatory],
    form: Form,
    name: str,
    person: _Person,
    issued: Issued | None,
    stored: Mapping[str, str],
    say: Say,
) -> Memo:
    title, phone, whose = form.definition.title, person.phone, named(form.respondent, name, say)
    province = form.respondent is not None and form.respondent.scheme == ISO_3166_2
    office = say("signing.memo.office", respondent=whose) if whose and province else whose
    to = signatories[-1].office if signatories else ""
    through = [one.office for one in signatories[1:-1]]
    ready = {
        "memo.office": f"{office} {say('signing.memo.phone', phone=phone)}" if office and phone else office,
        "memo.subject": say("signing.memo.subject", title=title),
        "memo.to": say("signing.memo.through", to=to, through=through[0]) if through else to,
        "memo.body": "\n".join(
            (
                _asked(form, title, issued, say),
                say("signing.memo.done", respondent=whose),
                say("signing.memo.wish"),
            )
        ),
    }
    texts = {key: stored.get(key, ready.get(key, "")[: LONGEST[key]]) for key in MEMO_KEYS}
    return Memo(**{key.removeprefix("memo."): text for key, text in texts.items()})


def _asked(form: Form, title: str, issued: Issued | None, say: Say) -> str:
    """Say who asks for the survey, and by what law, as far as the edition says it."""
    kind = called(form.respondent, say)
    if issued is None:
        return say("signing.memo.asked.nobody", called=kind, title=title)
    asked = say("signing.memo.asked", owner=in_words(issued.owner, say), called=kind, title=title)
    return say("signing.memo.by_law", asked=asked, law=in_words(issued.law, say)) if issued.law is not None else asked


def _said(answers: Answers, address: str | None) -> str:
    value = answers.get(address or "")
    return " ".join(value.split()) if isinstance(value, str) else ""
