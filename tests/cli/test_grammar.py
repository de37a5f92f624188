"""The grammar of the command line: every command is explained, speaks both languages, and refuses wrong use."""

from __future__ import annotations

import argparse

import pytest

from cli.grammar import ALL, options
from cli.support import refused, run
from dgdesk.cli.main import spoken
from dgdesk.cli.parser import command_of
from dgdesk.system.arguments import opens_window
from dgdesk.text.messages import load_catalogue


def test_the_commands_are_those_of_the_contract():
    assert set(ALL) == {
        *(f"edition {part}" for part in ("list", "verify", "install", "remove", "build")),
        *("questionnaire to-xlsx", "questionnaire from-xlsx", "questionnaire diff"),
        *("questionnaire lint", "questionnaire dump", "new", "set", "attach", "check", "score", "export", "verify"),
        *("print", "signing", "flag"),
        *("backups", "restore", "office-check", "support"),
        *("collate", "backup", "repair", "compact", "demo", "evidence export", "evidence import"),
        *(f"evidence {part}" for part in ("list", "mark", "remove", "reuse")),
        *("undo", "redo", "history", "item add", "item remove", "item move", "external-points", "register"),
        *(f"identity {part}" for part in ("new", "import", "list", "export", "passwd", "backup", "restore")),
        *("receipt issue", "receipt import", "addendum attach", "addendum export", "addendum verify"),
        *("decrypt", "sealing-key", "receipt return"),
        *("intake", "ledger list", "ledger merge"),
        *("send", *(f"outbox {part}" for part in ("list", "send", "pause", "drop"))),
        *(f"outbox agency {part}" for part in ("import", "show", "sign")),
    }


@pytest.mark.parametrize("name", ALL)
def test_every_command_reports_as_json_and_in_both_languages(name):
    assert {"--json", "--lang", "--help"} <= options(ALL[name])


@pytest.mark.parametrize("name", ALL)
def test_every_command_leads_to_a_function(name):
    assert callable(command_of(argparse.Namespace(run=ALL[name].get_default("run"))))


@pytest.mark.parametrize("name", ALL)
def test_every_argument_is_explained(name):
    for action in ALL[name]._actions:
        assert action.help or not action.option_strings, action


@pytest.mark.parametrize("name", ALL)
def test_no_command_takes_a_passphrase_from_the_command_line(name):
    assert {option for option in options(ALL[name]) if "passphrase" in option} <= {
        "--passphrase-file",
        "--new-passphrase-file",
        "--no-passphrase",
    }


def test_a_passphrase_given_all_the_same_is_not_taken_for_a_file():
    refused(2, "export", "a.dgdesk", "a.zip", "--passphrase", "secret", says="Wrong use")


@pytest.mark.parametrize(
    "arguments",
    [
        ["frobnicate"],
        ["questionnaire"],
        ["questionnaire", "frobnicate"],
        ["--json"],
        ["new"],
        ["set"],
        ["attach", "a.dgdesk", "g1/yes"],
        ["check"],
        ["score", "a.dgdesk", "--gains", "many"],
        ["score", "a.dgdesk", "--gains", "-1"],
        ["export", "a.dgdesk"],
        ["verify"],
        ["verify", "a.zip", "--trust"],
        ["collate", "a.csv"],
        ["backup", "a.dgdesk"],
        ["demo"],
        ["demo", "a", "b"],
        ["check", "a.dgdesk", "--frobnicate"],
        ["check", "a.dgdesk", "--js"],
    ],
)
def test_wrong_use_is_one_sentence_and_exit_code_2(arguments):
    refused(2, *arguments, says="Wrong use (", thai="คำสั่งไม่ถูกต้อง")


def test_wrong_use_is_told_in_thai_alone_and_without_what_was_typed():
    for arguments in (
        ["score"],
        ["print", "a", "b", "--variant", "ลับ"],
        ["export", "a", "b", "--passphrase", "ลับ"],
        ["score", "a", "ลับ"],
    ):
        sentence = run(*arguments).refusal(2)
        assert "ลับ" not in sentence
        for english in ("required", "invalid", "choose", "unrecognized", "argument"):
            assert english not in sentence


@pytest.mark.parametrize("language", ["xx", "TH", ""])
def test_an_unknown_language_is_wrong_use_told_in_thai(language):
    assert run("check", "a.dgdesk", "--lang", language).refusal(2)


@pytest.mark.parametrize("arguments", [["--help"], *([*name.split(), "--help"] for name in ALL)])
def test_help_is_printed_and_ends_well(arguments, capsys):
    with pytest.raises(SystemExit) as left:
        run(*arguments)
    assert left.value.code == 0
    printed = capsys.readouterr()
    assert printed.out.startswith("usage: dgdesk") and printed.err == ""


@pytest.mark.parametrize(
    ("arguments", "language"),
    [
        ([], "th"),
        (["--lang", "en"], "en"),
        (["--lang=en", "check"], "en"),
        (["check", "x", "--lang", "en"], "en"),
        (["--lang", "th"], "th"),
        (["--lang"], "th"),
        (["--lang", "fr"], "th"),
    ],
)
def test_the_language_is_known_before_anything_else(arguments, language):
    assert spoken(arguments) == language


@pytest.mark.parametrize(
    ("arguments", "window"),
    [
        ([], True),
        (["น่าน.dgdesk"], True),
        (["-platform", "offscreen"], True),
        (["-platform", "offscreen", "น่าน.dgdesk"], True),
        (["น่าน.dgdesk", "-platform", "offscreen"], True),
        (["check", "น่าน.dgdesk"], False),
        (["demo"], False),
        (["--help"], False),
        (["a.dgdesk", "b.dgdesk"], True),
        (["แบบสำรวจ 2569.dgedition"], True),
        (["SURVEY.DGEDITION"], True),
        (["edition", "install", "a.dgedition"], False),
        (["X.DGDESK"], True),
        (["demo.zip"], True),
        (["น่าน.ZIP.AGE", "ใบรับ.Receipt.JSON"], True),
        (["/there/หลักฐาน.pdf"], True),
        (["/gone/หลักฐาน.pdf"], False),
        (["หลักฐาน.pdf"], False),
        (["a.dgdesk", "export"], False),
        (["-a.dgdesk"], False),
        (["--lang=en", "a.dgdesk"], False),
        (["\0/x"], False),
    ],
)
def test_the_window_opens_for_nothing_or_for_files_only(arguments, window):
    assert opens_window(arguments, is_there=lambda path: path.startswith("/there")) is window


@pytest.mark.parametrize(
    ("arguments", "window"),
    [
        ([], True),
        (["/gone/หลักฐาน.pdf"], True),
        (["/gone"], True),
        (["a.dgdesk", "/gone/b.pdf", "c"], True),
        (["demo"], False),
        (["--help"], False),
        (["export", "a.dgdesk", "b.zip"], False),
    ],
)
def test_without_a_console_every_path_is_answered_by_the_window(arguments, window):
    assert opens_window(arguments, console=False, is_there=lambda path: False) is window


def test_the_catalogue_words_wrong_use_in_both_languages():
    for language in ("th", "en"):
        assert "--help" in load_catalogue(language).text("cli.usage", command="dgdesk")
