"""``signing``: who signs the survey on paper, and the memo."""

from __future__ import annotations

from argparse import Namespace

from dgdesk.cli.context import Context
from dgdesk.cli.draft import read_object_file
from dgdesk.draft.drafts import open_draft
from dgdesk.draft.signatories import suggested
from dgdesk.draft.signing_texts import texts_of
from dgdesk.errors import UsageError


def signing(arguments: Namespace, context: Context) -> int:
    """Set one text of the signing set, or many from a file; or list all of them."""
    if arguments.source is not None and arguments.key is not None:
        raise UsageError("signing.one_way")
    values = _given(arguments)
    with open_draft(arguments.file, clock=context.clock, who=context.who, read_only=not values) as draft:
        if unknown := values.keys() - suggested(texts_of(draft)).keys():
            raise UsageError("signing.unknown_key", key=min(unknown)[:80])
        if values:
            draft.session.set_signing(values)
        texts, stored = suggested(texts_of(draft)), draft.session.state.facts.signing
        if arguments.json:
            context.json({"texts": texts, "stored": sorted(stored)})
            return 0
        for key in values or texts:
            lines = texts.get(key, "").split("\n")
            context.line(f"{key} = {' / '.join(lines)}".rstrip())
    return 0


def _given(arguments: Namespace) -> dict[str, str | None]:
    if arguments.source is not None:
        read = read_object_file(arguments.source)
        wrong = next((key for key, value in read.items() if not (value is None or isinstance(value, str))), None)
        if wrong is not None:
            raise UsageError("signing.no_text", key=wrong[:80])
        return {key: value for key, value in read.items() if value is None or isinstance(value, str)}
    if arguments.suggested and arguments.key is not None and arguments.text is None:
        return {arguments.key: None}
    if arguments.suggested or (arguments.key is None) != (arguments.text is None):
        raise UsageError("signing.what")
    return {} if arguments.key is None else {arguments.key: arguments.text}
