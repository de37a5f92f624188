"""A small command starts with little: only its own grammar, only the messages it says, only the modules it needs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

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
NOT_FOR_READING = ("dgdesk.draft.file.intake", "dgdesk.draft.file.third_version", "dgdesk.system.sources")
"""What storing evidence and reading old drafts take, and a command that only reads does not."""
NOT_FOR_A_CHECK = (
    *("sqlalchemy", "sqlite3", "dgdesk.draft", "dgdesk.submission", "dgdesk.folders"),
    *("dgdesk.survey.rules", "dgdesk.survey.definition", "dgdesk.agency.collate", "dgdesk.agency.tables"),
    *("dgdesk.bundle.export", "dgdesk.bundle.receipt", "dgdesk.bundle.encryption", "dgdesk.bundle.signing.pkcs12"),
    *("dgdesk.evidence.inspection.inspect", "dgdesk.evidence.documents", "dgdesk.evidence.worker"),
    *("dgdesk.evidence.highlights", "dgdesk.printing", "dgdesk.ui", "dgdesk.demo"),
    *("pyhanko", "asyncio.events", "aiohttp", "requests", "urllib.request", "http.client"),
    *("reportlab", "fontTools", "pikepdf", "pypdfium2", "PIL", "lxml", "openpyxl", "zxingcpp", "PySide6"),
)
"""What neither ``verify`` nor the check of an inbox has to load."""
NOT_FOR_AN_EXPORT = (
    *("pikepdf", "lxml", "pypdfium2", "nlpo3", "pyhanko", "pyrage", "openpyxl", "yaml", "PySide6"),
    *("PIL.ExifTags", "importlib.metadata._meta", "importlib.resources", "urllib.request", "http.client", "ssl"),
    *("dgdesk.bundle.encryption", "dgdesk.submission.encrypted", "dgdesk.agency", "dgdesk.ui", "dgdesk.demo"),
    *("dgdesk.evidence.inspection.inspect", "dgdesk.evidence.documents", "dgdesk.evidence.worker"),
    *("dgdesk.evidence.pages", "dgdesk.evidence.highlights.pdf", "dgdesk.draft.backups", "dgdesk.support"),
    *("dgdesk.draft.file.repair", "dgdesk.draft.file.copying"),
)
"""What the export of a draft without evidence does not load, with its print, signature and sheet."""
MOST_MADE = {"score": (119, 16), "export": (235, 48)}
"""Own modules and dataclasses of a command at most. A dataclass is written and compiled at every start, which takes
four times as long as a named tuple: a third of what a command's own modules took. One of the modules keeps thirty
others from being loaded (`dgdesk.system.postponed`)."""
CODE = """
import atexit, gc, sys
collected = []
gc.callbacks.append(lambda phase, info: collected.append(phase) if "dgdesk.cli.main" in sys.modules else None)
from dgdesk.__main__ import main
code = main(sys.argv[1:])
own = [vars(one) for name, one in [*sys.modules.items()] if name.startswith("dgdesk")]
made = {one for names in own for one in names.values() if isinstance(one, type) and "__dataclass_fields__" in vars(one)}
print(code, gc.isenabled(), gc.get_freeze_count(), len(made), len(collected), *sys.modules, file=sys.stderr)
"""


class After(NamedTuple):
    """What a process says of itself after a command."""

    code: int
    collector: bool
    frozen: int
    dataclasses: int
    collections: int
    modules: tuple[str, ...]

    @property
    def own(self) -> int:
        """How many of our modules are loaded."""
        return sum(name.partition(".")[0] == "dgdesk" for name in self.modules)


@pytest.fixture(scope="module")
def draft(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty draft."""
    path = tmp_path_factory.mktemp("start") / "a.dgdesk"
    new_draft(path, clock=lambda: datetime(2026, 11, 20, tzinfo=UTC), who="x", respondent="TH-55").close()
    return path


@pytest.fixture(scope="module")
def after_score(draft: Path) -> After:
    """What a process says of itself after ``score``."""
    return after("score", str(draft))


def after(*arguments: str) -> After:
    """What a process says of itself after a command."""
    call = [sys.executable, "-P", "-c", CODE, *arguments]
    done = subprocess.run(call, capture_output=True, text=True, encoding="utf-8", check=True)
    code, collector, frozen, made, collected, *modules = done.stderr.split()
    return After(int(code), collector == "True", int(frozen), int(made), int(collected), tuple(modules))


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
    done = after("verify", str(inbox if many else inbox / "a.zip"), *named)
    assert done.code == (0 if trusted else 1)
    assert "dgdesk.bundle.verify" in done.modules
    assert those_of(done.modules, (*NOT_FOR_A_CHECK, "pyhanko_certvalidator")) == []


def test_score_loads_nothing_that_repairs_copies_inspects_prints_or_signs(after_score: After) -> None:
    assert "dgdesk.survey.rules.score" in after_score.modules
    assert those_of(after_score.modules, (*FORBIDDEN, *NOT_FOR_READING)) == []
    assert after_score.own <= MOST_MADE["score"][0] and after_score.dataclasses <= MOST_MADE["score"][1]


def test_an_export_loads_nothing_for_what_it_does_not_do_and_collects_nothing(draft: Path, tmp_path: Path) -> None:
    identity, bundle = tmp_path / "id", tmp_path / "a.zip"
    create_identity(identity, person="ก", province="น่าน", passphrase=None, now=datetime.now(UTC))
    done = after("export", str(draft), str(bundle), "--draft", "--identity", str(identity))
    assert done.code == 0
    assert "dgdesk.printing.packing" in done.modules
    assert those_of(done.modules, NOT_FOR_AN_EXPORT) == []
    assert done.own <= MOST_MADE["export"][0] and done.dataclasses <= MOST_MADE["export"][1]
    assert done.collections == 0


def test_the_collector_works_again_when_a_command_is_done(after_score: After) -> None:
    assert (after_score.code, after_score.collector, after_score.frozen) == (0, True, 0)


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
