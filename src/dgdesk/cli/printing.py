"""``print``: the survey as a PDF."""

from __future__ import annotations

from argparse import Namespace

from dgdesk.cli.context import Context, tell_unreadable
from dgdesk.cli.targets import printed as printed_to
from dgdesk.draft.drafts import open_draft
from dgdesk.draft.signatories import SigningTexts
from dgdesk.errors import UsageError
from dgdesk.printing.survey.choices import PrintChoices, Variant
from dgdesk.submission.export import digest_for_signature
from dgdesk.submission.signing_set import signing_order
from dgdesk.submission.survey_pdf import print_draft, write_print


def print_survey(arguments: Namespace, context: Context) -> int:
    """Print a draft; characters that the fonts lack are reported."""
    out = printed_to(arguments)
    if arguments.bundle is not None and arguments.variant != "signing":
        raise UsageError("signing.bundle_alone")
    with open_draft(arguments.file, clock=context.clock, who=context.who, read_only=True) as draft:
        tell_unreadable(draft, context)
        variant: Variant = arguments.variant or ("final" if draft.session.state.ready else "draft")
        choices = PrintChoices(
            variant=variant,
            section=arguments.section,
            thai_digits=arguments.digits == "thai",
            large=arguments.large,
            notes=not arguments.without_notes,
            skipped=arguments.skipped,
            initials=arguments.initials,
            duplex=arguments.duplex,
        )
        if variant == "signing":
            order = signing_order(draft, arguments.bundle)
            digest: str | None = order.seal.answers_digest
            printed = order.print(choices)
            _tell_unnamed(order.texts, context)
        else:
            digest = digest_for_signature(draft) if variant == "final" else None
            printed = print_draft(draft, choices, claimed=context.clock(), answers_digest=digest)
        write_print(out, printed.data, replace=arguments.replace)
    if arguments.json:
        context.json(
            {
                "path": str(out),
                "variant": variant,
                "pages": printed.pages,
                "size": len(printed.data),
                "answers_digest": digest,
                "missing": dict(printed.missing),
            }
        )
        return 0
    context.say("print.done", path=out, pages=printed.pages)
    if variant == "final" and digest is None:
        context.tell(context.catalogue.text("print.no_digest_yet"))
    if printed.missing:
        signs = ", ".join(f"U+{ord(sign):04X}" for sign in printed.missing)
        context.tell(context.catalogue.text("print.missing", signs=signs))
    return 0


def _tell_unnamed(texts: SigningTexts, context: Context) -> None:
    """Say whose line is left to be written by hand."""
    if texts.unnamed:
        who = ", ".join(context.catalogue.text(f"signing.duty.{one.duty}") for one in texts.unnamed)
        context.tell(context.catalogue.text("signing.unnamed", who=who))
