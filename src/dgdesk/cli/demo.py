"""``demo``: does the main job without a display, on the real survey."""

from __future__ import annotations

from argparse import Namespace
from datetime import datetime
from pathlib import Path

from dgdesk.bundle.respondents import provinces
from dgdesk.bundle.signing.identity import Identity, create_identity
from dgdesk.cli.context import Context
from dgdesk.cli.export import write_whole
from dgdesk.cli.scoring import print_score
from dgdesk.demo.run import read_province, run_demo
from dgdesk.errors import CheckFailed, FileError
from dgdesk.resources import resource
from dgdesk.system.causes import plain_cause, why_not_written


def demo(arguments: Namespace, context: Context) -> int:
    """Make a draft, print, bundle, certificate and trust list in a folder, verify the bundle, print score and paths."""
    folder: Path = arguments.folder
    for name in ("demo.dgdesk", "demo.zip", "demo.pdf", "demo.signoff.pdf", "signer.pem", "trust.csv", "identity"):
        if (folder / name).exists():
            raise FileError("cli.demo_exists", folder=folder, name=name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise FileError("system.no_folder", name=folder.name, path=str(folder)) from error
    except OSError as error:
        raise plain_cause(error, folder) or why_not_written(error, folder, "cli.unwritable") from error
    province = read_province(resource("demo/demo.yaml"))
    certificate, trust = folder / "signer.pem", folder / "trust.csv"

    def identity() -> Identity:
        made = create_identity(
            folder / "identity",
            person=province.person,
            province=provinces()[province.province][0],
            passphrase=None,
            now=datetime.fromisoformat(province.claimed_time),
        )
        write_whole(certificate, made.certificate_pem, "certificate")
        rows = f"respondent,certificate\r\n{province.province},{certificate.name}\r\n"
        write_whole(trust, rows.encode(), "csv")
        return made

    done = run_demo(folder / "demo.dgdesk", folder / "demo.zip", folder / "demo.pdf", province, identity)
    if not done.verification.ok:
        problem = done.verification.problems[0]
        raise CheckFailed("cli.demo_failed", reason=context.catalogue.text(problem.code, **problem.values))
    if arguments.json:
        context.json(
            {
                "draft": str(done.draft),
                "bundle": str(done.bundle),
                "survey": str(done.survey),
                "signoff": str(done.signoff),
                "certificate": str(certificate),
                "trust": str(trust),
                "digest": done.verification.digest,
                "verified": done.verification.ok,
                "answers": done.answers,
                "evidence": done.files,
                "score": done.score,
            }
        )
        return 0
    context.say(
        "cli.demo_done",
        draft=done.draft,
        bundle=done.bundle,
        survey=done.survey,
        signoff=done.signoff,
        certificate=certificate,
        trust=trust,
        digest=done.verification.digest,
    )
    print_score(context, dict(done.score))
    return 0
