"""Values to rows of the ledger and back. What a row holds is not trusted: anything odd is a damaged ledger."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final, cast

from sqlalchemy import Row

from dgdesk.agency.ledger.model import (
    STATES,
    BundleKey,
    FileState,
    LedgerBundle,
    LedgerFile,
    ScoreTotal,
)
from dgdesk.agency.verdicts import VERDICTS, FileVerdict
from dgdesk.bundle.chains import Choice
from dgdesk.bundle.report import BundleProblem, SignerFacts, Verification
from dgdesk.system.bounds import SHA256, read_moment

MOST_CONTENT: Final = 16 << 20
"""Bytes of a submission.json, or of a score.json, when it is unpacked."""
_FIGURES: Final = ("weight", "earned", "claimed", "waiting", "open", "external")
_PLAIN: Final = (str, int, bool, type(None))


def moment_text(moment: datetime) -> str:
    """Return an aware time as the ledger keeps it."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def moment_or_none(text: str | None) -> datetime | None:
    """Read a time of the ledger. Raises ValueError."""
    return None if text is None else read_moment(text)


def problems_text(problems: Iterable[BundleProblem]) -> str:
    """Return problems as the ledger keeps them, the same text for the same problems."""
    return json.dumps([[one.code, _written(one.values)] for one in problems], ensure_ascii=False, sort_keys=True)


def read_problems(text: str) -> tuple[BundleProblem, ...]:
    """Read what `problems_text` wrote. Raises ValueError."""
    found = json.loads(text)
    if not isinstance(found, list):
        raise ValueError("no list of problems")
    return tuple(_problem(one) for one in found)


def signer_text(facts: SignerFacts | None) -> str:
    """Return the signer's facts as the ledger keeps them."""
    return json.dumps(_written(facts._asdict()) if facts is not None else {}, ensure_ascii=False, sort_keys=True)


def _read_signer(text: str) -> SignerFacts | None:
    found = _read_values(json.loads(text))
    return SignerFacts(**cast("dict[str, Any]", found)) if found else None


def _written(values: Mapping[str, object]) -> dict[str, object]:
    """Values of messages as JSON that gives them back; a value of another type becomes its text."""
    found: dict[str, object] = {}
    for name, value in values.items():
        match value:
            case datetime():
                found[name] = {"time": value.isoformat()}
            case date():
                found[name] = {"day": value.isoformat()}
            case Decimal():
                found[name] = {"number": str(value)}
            case str() | int() | None:
                found[name] = value
            case _:
                found[name] = str(value)
    return found


def _problem(one: object) -> BundleProblem:
    match one:
        case [str() as code, dict() as values]:
            return BundleProblem(code, _read_values(values))
    raise ValueError("no problem")


def _read_values(values: object) -> dict[str, object]:
    if not isinstance(values, dict):
        raise ValueError("no values")
    return {str(name): _read_value(value) for name, value in values.items()}


def _read_value(value: object) -> object:
    match value:
        case {"time": str() as text}:
            return datetime.fromisoformat(text)
        case {"day": str() as text}:
            return date.fromisoformat(text)
        case {"number": str() as text}:
            return Decimal(text)
    if isinstance(value, _PLAIN):
        return value
    raise ValueError("no value of a message")


def packed(content: bytes | None) -> bytes | None:
    """Return content as the ledger keeps it."""
    return None if content is None else zlib.compress(content, 6)


def unpacked(content: bytes) -> bytes:
    """Return what `packed` packed. Raises ValueError: it is damaged, or larger than `MOST_CONTENT`."""
    unpacking = zlib.decompressobj()
    try:
        found = unpacking.decompress(content, MOST_CONTENT)
    except zlib.error as error:
        raise ValueError("damaged content") from error
    if not unpacking.eof or unpacking.unused_data:
        raise ValueError("damaged content")
    return found


def key_of(digest: str | None, fingerprint: str | None) -> BundleKey | None:
    """Return a key of two columns; None if there is none. Raises ValueError."""
    if digest is None or fingerprint is None:
        return None
    if not SHA256.fullmatch(digest) or not SHA256.fullmatch(fingerprint):
        raise ValueError("no digest")
    return BundleKey(digest, fingerprint)


def known_key(row: Row[Any]) -> BundleKey:
    """Return the key of a row that must have one. Raises ValueError."""
    key = key_of(row.digest, row.fingerprint)
    if key is None:
        raise ValueError("no key")
    return key


def read_file(row: Row[Any]) -> LedgerFile:
    """Return a row of ``files``. Raises ValueError."""
    if row.state not in STATES or (row.verdict is not None and row.verdict not in VERDICTS):
        raise ValueError("no state")
    return LedgerFile(
        row.inbox,
        row.path,
        row.size,
        row.mtime_ns,
        cast(FileState, row.state),
        cast("FileVerdict | None", row.verdict),
        read_problems(row.problems),
        key_of(row.digest, row.fingerprint) if row.kind == "bundle" else None,
        read_moment(row.seen),
        moment_or_none(row.judged),
        row.moved_to,
    )


def bundle_row(found: Verification) -> dict[str, object]:
    """Return the columns of ``bundles`` that a verification gives."""
    return {
        "edition": found.edition,
        "respondent": found.respondent,
        "respondent_name": found.respondent_name,
        "draft": found.draft,
        "revision": found.revision,
        "supersedes": found.supersedes,
        "reason": found.reason,
        "draft_id": found.draft_id,
        "answers_digest": found.answers_digest,
        "complete": found.complete,
        "files": found.files,
        "size": found.size,
        "evidence": found.evidence,
        "unsent_files": found.unsent_files,
        "unsent_answers": found.unsent_answers,
        **judgement_row(found),
    }


def judgement_row(found: Verification) -> dict[str, object]:
    """Return the columns of ``bundles`` that another trust list may change."""
    return {
        "bound": found.bound,
        "claimed_time": found.claimed_time.isoformat() if found.claimed_time is not None else None,
        "signer": found.signer,
        "signed_by": signer_text(found.signed_by),
        "ok": found.ok,
        "problems": problems_text(found.problems),
        "warnings": problems_text(found.warnings),
    }


def read_bundle(row: Row[Any]) -> LedgerBundle:
    """Return a row of ``bundles``. Raises ValueError, TypeError."""
    key = known_key(row)
    return LedgerBundle(
        key,
        read_verification(row),
        read_moment(row.arrived),
        read_moment(row.judged),
        _total(row),
        row.verifier,
    )


def _total(row: Row[Any]) -> ScoreTotal:
    weight, earned, claimed, waiting, possible, external = (_figure(getattr(row, name)) for name in _FIGURES)
    return ScoreTotal(weight, earned, claimed, waiting, possible, external, _flag(row.exempt))


def read_verification(row: Row[Any]) -> Verification:
    """Return the verdict of a row of ``bundles``. Raises ValueError, TypeError."""
    return Verification(
        ok=bool(row.ok),
        digest=row.digest,
        answers_digest=row.answers_digest,
        signer=row.signer,
        fingerprint=row.fingerprint,
        claimed_time=None if row.claimed_time is None else datetime.fromisoformat(row.claimed_time),
        draft=_flag(row.draft),
        respondent=row.respondent,
        edition=row.edition,
        problems=read_problems(row.problems),
        warnings=read_problems(row.warnings),
        signed_by=_read_signer(row.signed_by),
        complete=_flag(row.complete),
        files=row.files,
        size=row.size,
        evidence=row.evidence,
        unsent_files=row.unsent_files,
        unsent_answers=row.unsent_answers,
        respondent_name=row.respondent_name,
        draft_id=row.draft_id,
        revision=row.revision,
        supersedes=row.supersedes,
        reason=row.reason,
        bound=bool(row.bound),
    )


def total_row(total: ScoreTotal) -> dict[str, object]:
    """Return the columns of ``bundles`` that a score gives."""
    figures = {name: None if (value := getattr(total, name)) is None else str(value) for name in _FIGURES}
    return {**figures, "exempt": total.exempt}


def choice_row(choice: Choice, at: datetime) -> dict[str, object]:
    """Return a row of ``choices``."""
    return {
        "edition": choice.edition,
        "respondent": choice.respondent,
        "at": moment_text(at),
        "chosen": choice.chosen,
        "others": json.dumps(sorted(choice.over)),
    }


def read_choice(row: Row[Any]) -> Choice:
    """Return a row of ``choices``. Raises ValueError."""
    others = json.loads(row.others)
    if not isinstance(others, list) or not all(isinstance(one, str) and SHA256.fullmatch(one) for one in others):
        raise ValueError("no digests")
    return Choice(row.edition, row.respondent, row.chosen, frozenset(others))


def _figure(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _flag(value: object) -> bool | None:
    return None if value is None else bool(value)
