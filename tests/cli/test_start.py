"""A small command starts with little: only its own grammar, only the messages it says, only the modules it needs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bundle.support import NOW, export
from dgdesk.bundle.signing.identity import create_identity
from dgdesk.cli.parser import make_parser, parse
from dgdesk.draft.drafts import new_draft
from dgdesk.errors import UsageError
from dgdesk.resources import resource
from dgdesk.text.messages import load_catalogue

FORBIDDEN = (
    *(
        "dgdesk.draft.file.repair",
        "dgdesk.draft.file.rebuild",
        "dgdesk.draft.file.salvage",
        "dgdesk.draft.file.copying",
    ),
    *(
        "dgdesk.draft.file.copying",
        "dgdesk.draft.file.inspection",
        *("dgdesk.evidence.inspection.inspect", "dgdesk.evidence.documents", "dgdesk.evidence.opening"),
        *("dgdesk.evidence.worker", "dgdesk.evidence.pages", "dgdesk.evidence.highlights"),
    ),
    *("dgdesk.printing", "dgdesk.submission.survey_pdf", "dgdesk.bundle", "dgdesk.ui", "dgdesk.demo"),
    *("pyhanko", "cryptography", "reportlab", "pikepdf", "pypdfium2", "PIL", "lxml", "openpyxl", "PySide6"),
    "yaml",
)
NOT_FOR_A_CHECK = (
    *("sqlalchemy", "sqlite3", "dgdesk.draft", "dgdesk.submission", "dgdesk.folders"),
    *("dgdesk.survey.rules", "dgdesk.survey.definition", "dgdesk.agency.collate", "dgdesk.agency.tables"),
    *("dgdesk.bundle.export", "dgdesk.bundle.receipt", "dgdesk.bundle.encryption", "dgdesk.bundle.signing.pkcs12"),
    *("dgdesk.evidence.inspection.inspect", "dgdesk.evidence.documents", "dgdesk.evidence.worker"),
    *("dgdesk.evidence.highlights", "dgdesk.printing", "dgdesk.ui", "dgdesk.demo"),
    *("pyhanko", "asyncio", "aiohttp", "requests", "urllib.request", "http.client"),
    *("reportlab", "fontTools", "pikepdf", "pypdfium2", "PIL", "lxml", "openpyxl", "segno", "zxingcpp", "PySide6"),
)
"""What neither ``verify`` nor the check of an inbox has to load."""
CODE = """
import atexit, gc, sys
from dgdesk.__main__ import main
code = main(sys.argv[1:])
print(code, gc.isenabled(), gc.get_freeze_count(), *sys.modules, file=sys.stderr)
"""


@pytest.fixture(scope="module")
def after_score(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What a process says of itself after ``score``: exit code, whether the collector is on, its modules."""
    folder = tmp_path_factory.mktemp("start")
    draft = folder / "a.dgdesk"
    new_draft(draft, clock=lambda: datetime(2026, 11, 20, tzinfo=UTC), who="x", respondent="TH-55").close()
    return after("score", str(draft))


def after(*arguments: str) -> list[str]:
    """What a process says of itself after a command."""
    call = [sys.executable, "-P", "-c", CODE, *arguments]
    done = subprocess.run(call, capture_output=True, text=True, encoding="utf-8", check=True)
    return done.stderr.split()


def those_of(loaded: Iterable[str], forbidden: Iterable[str]) -> list[str]:
    """The loaded modules that are forbidden, or inside a forbidden one."""
    ends = tuple(f"{one}." for one in forbidden)
    return [name for name in loaded if f"{name}.".startswith(ends)]


@pytest.mark.parametrize("trusted", [False, True], ids=["nobody", "enrolled"])
@pytest.mark.parametrize("many", [False, True], ids=["one", "folder"])
def test_verify_loads_no_draft_no_table_no_print_and_nothing_that_could_use_a_network(
    tmp_path: Path, trusted: bool, many: bool
) -> None:
    signer = create_identity(tmp_path / "id", person="ก", province="น่าน", passphrase=None, now=NOW)
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    export(inbox / "a.zip", signer)
    trust = tmp_path / "trust.pem"
    trust.write_bytes(signer.certificate_pem)
    named = ["--trust", str(trust)] if trusted else []
    code, _, _, *loaded = after("verify", str(inbox if many else inbox / "a.zip"), *named)
    assert code == ("0" if trusted else "1")
    assert "dgdesk.bundle.verify" in loaded
    assert those_of(loaded, (*NOT_FOR_A_CHECK, "pyhanko_certvalidator")) == []


def test_score_loads_nothing_that_repairs_copies_inspects_prints_or_signs(after_score: list[str]) -> None:
    loaded = after_score[3:]
    assert "dgdesk.survey.rules.score" in loaded
    assert those_of(loaded, FORBIDDEN) == []


def test_the_collector_works_again_when_a_command_is_done(after_score: list[str]) -> None:
    assert after_score[:3] == ["0", "True", "0"]


def test_only_the_command_that_is_asked_for_is_built() -> None:
    parser = make_parser("score")
    assert parser.parse_args(["score", "a.dgdesk"]).run == "scoring:score"
    with pytest.raises(UsageError) as raised:
        parser.parse_args(["check", "a.dgdesk"])
    assert raised.value.values["choices"] == "score"


@pytest.mark.parametrize("first", ["--lang", "scor", "--help", None])
def test_whatever_is_no_command_is_answered_with_all_of_them(first: str | None) -> None:
    assert make_parser(first).format_help() == make_parser().format_help()
    assert make_parser(first).format_usage() == make_parser("score").format_usage()


def test_a_wrong_name_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(UsageError) as raised:
        parse(["scor"])
    assert {"score", "demo"} <= set(str(raised.value.values["choices"]).split(", "))


def test_a_message_is_the_same_whether_its_file_was_read_alone_or_with_all() -> None:
    alone, every = load_catalogue("en"), load_catalogue("en", resource("i18n"))
    codes = ["cli.score", "cli.in_use", "package.damaged", "ui.start.title", "incoming.no_worker"]
    assert {code: code in alone for code in codes} == {code: code in every for code in codes}
    assert [alone.messages.get(code) for code in codes] == [every.messages.get(code) for code in codes]
    assert dict(alone.messages) == dict(every.messages)
    assert "cli.nothing_of_this_name" not in alone and "../../secret.x" not in alone
