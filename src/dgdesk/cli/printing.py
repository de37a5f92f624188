"""``print``: the survey as a PDF."""

from __future__ import annotations

from argparse import Namespace

from dgdesk.cli.context import Context, tell_unreadable
from dgdesk.cli.targets import printed as printed_to
from dgdesk.draft.drafts import open_draft
from dgdesk.printing.survey.choices import PrintChoices, Variant
from dgdesk.submission.export import digest_for_signature
from dgdesk.submission.survey_pdf import print_draft, write_print


def print_survey(arguments: Namespace, context: Context) -> int:
    """Print a draft; characters that the fonts lack are reported."""
    out = printed_to(arguments)
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
    if printed.missing:
        signs = ", ".join(f"U+{ord(sign):04X}" for sign in printed.missing)
        context.tell(context.catalogue.text("print.missing", signs=signs))
    return 0
