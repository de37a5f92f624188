"""The catalogue: every code that is raised or said has its sentence, whole, in Thai and English, and none is idle."""

from __future__ import annotations

import ast
import re
import string
from functools import cache
from pathlib import Path

import pytest
import yaml

import dgdesk
from dgdesk.draft.drafts import editions
from dgdesk.errors import CheckFailed, DgdeskError, FileError, UsageError
from dgdesk.resources import resource
from dgdesk.text.clusters import broken
from dgdesk.text.messages import load_catalogue
from parsed import nodes_of

SOURCE = Path(dgdesk.__file__).parent
CATALOGUE = load_catalogue().messages
CODE = re.compile(rf"({'|'.join({code.split('.')[0] for code in CATALOGUE})})\.[a-z_.]+")
FILES = re.compile(r"\.(json|txt|yaml|zip|pem|key|pdf|dgdesk|part|csv)$")

MODULES = {"email.utils"}
"""Modules of Python whose names look like a code."""


@cache
def parts_of_the_program() -> list[tuple[Path, ast.AST]]:
    """Every literal and call of every module, read when a test asks: whoever collects tests would wait for it."""
    modules = ((path, nodes_of(path.read_text(encoding="utf-8"))) for path in sorted(SOURCE.rglob("*.py")))
    nodes = ((path.relative_to(SOURCE), node) for path, found in modules for node in found)
    return [(path, node) for path, node in nodes if isinstance(node, ast.Constant | ast.Call)]


@cache
def literals() -> list[tuple[Path, str]]:
    """Every string of the program that looks like a code of the catalogue."""
    strings = [(path, node.value) for path, node in parts_of_the_program() if isinstance(node, ast.Constant)]
    found = [(path, text) for path, text in strings if isinstance(text, str) and CODE.fullmatch(text)]
    return [(path, text) for path, text in found if not FILES.search(text) and text not in MODULES]


def is_beginning(text: str) -> bool:
    """Whether a code is put together from this, as in ``f"cli.gain_{kind}"``."""
    return text.endswith((".", "_"))


def check_codes() -> set[str]:
    """Codes that stand in the questionnaires' own data."""
    found = set()
    for edition in editions():
        text = (resource("questionnaires") / edition / "edition.yaml").read_text(encoding="utf-8")
        found |= {check["code"] for check in yaml.safe_load(text)["checks"]}
    return found


def needed(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def given(call: ast.Call) -> tuple[str, set[str]] | None:
    """The code and the names of values that a call hands on; None when it is no such call, or hands on ``**``."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    extra: set[str] = set()
    arguments = call.args
    if name == "file_error":
        arguments, extra = call.args[1:], {"name", "path"}
    elif not (name.endswith(("Error", "Failed", "Cancelled", "Refused")) or name in ("Problem", "say", "text")):
        return None
    if not arguments or not isinstance(arguments[0], ast.Constant) or arguments[0].value not in CATALOGUE:
        return None
    if any(keyword.arg is None for keyword in call.keywords):
        return None
    for argument in (*arguments[1:], *(keyword.value for keyword in call.keywords if keyword.arg == "values")):
        if isinstance(argument, ast.Dict):
            extra |= {key.value for key in argument.keys if isinstance(key, ast.Constant)}
    return str(arguments[0].value), extra | {str(keyword.arg) for keyword in call.keywords}


def calls() -> list[tuple[str, str, set[str]]]:
    """Where a call hands on a code, which, and the names of the values beside it."""
    made = [(path, node) for path, node in parts_of_the_program() if isinstance(node, ast.Call)]
    return [(f"{path}:{node.lineno}", *found) for path, node in made if (found := given(node))]


def test_every_code_of_the_program_has_its_sentence():
    assert {(str(path), code) for path, code in literals() if code not in CATALOGUE and not is_beginning(code)} == set()
    assert check_codes() <= CATALOGUE.keys()


def test_every_sentence_is_said_somewhere():
    put_together = tuple(code for _, code in literals() if is_beginning(code))
    said = {code for _, code in literals()} | check_codes()
    # The window's own sentences are its tests' business.
    idle = {code for code in CATALOGUE.keys() - said if not code.startswith((*put_together, "ui."))}
    assert idle == set()


def test_both_languages_say_the_same_of_the_same_values():
    for code, sentence in CATALOGUE.items():
        assert sentence.keys() == {"th", "en"}, code
        assert sentence["th"].strip() and sentence["en"].strip(), code
        assert needed(sentence["th"]) == needed(sentence["en"]), code
        assert not re.search("[ก-๛]", sentence["en"]), code


def test_the_thai_is_sound():
    # Reports set some lines in by two spaces.
    lines = [(code, line.removeprefix("  ")) for code in CATALOGUE for line in CATALOGUE[code]["th"].splitlines()]
    assert [(code, flaw) for code, line in lines for flaw in broken(line)] == []


def test_a_sentence_is_thai_and_one_line():
    for code in CATALOGUE:
        if not code.startswith("ui."):
            assert re.search("[ก-๛]", CATALOGUE[code]["th"]), code
            if code not in ("cli.exported", "cli.verified", "cli.demo_done"):  # reports, with a line for each thing
                assert "\n" not in CATALOGUE[code]["th"] + CATALOGUE[code]["en"], code


def test_the_walk_sees_the_calls():
    assert len(calls()) > 150
    assert {"package.held", "cli.saved", "verify.oxum"} <= {code for _, code in literals()}


def test_every_call_hands_over_what_its_sentence_names():
    """Else wording the error would itself fail."""
    missing = {
        (where, code, tuple(needed(CATALOGUE[code]["th"]) - values))
        for where, code, values in calls()
        if needed(CATALOGUE[code]["th"]) - values
    }
    assert missing == set()


def test_a_catalogue_that_says_a_code_twice_is_refused(tmp_path):
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text('one.code: {th: "ก", en: "a"}\n', encoding="utf-8")
    with pytest.raises(ValueError, match="defined twice"):
        load_catalogue(folder=tmp_path)
    (tmp_path / "b.yaml").write_text("", encoding="utf-8")
    assert "one.code" in load_catalogue(folder=tmp_path)


def test_no_file_of_the_catalogue_says_a_code_twice():
    """A reader of YAML takes the last one without a word."""
    for path in resource("i18n").glob("*.yaml"):
        codes = re.findall(r"^([\w.]+):", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert len(codes) == len(set(codes)) > 0, path.name


def test_what_is_read_without_a_reader_of_yaml_is_what_yaml_says():
    """The usual forms are read by a pattern; whatever else somebody writes must mean what YAML says that it does."""
    for path in resource("i18n").glob("*.yaml"):
        for code, sentences in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            assert CATALOGUE[code] == sentences, code


@pytest.mark.parametrize(
    "entry",
    [
        'a.b: {th: "ก", en: "a"}',
        'a.b: {th: "", en: ""}',
        'a.b:\n  th: "ก: {ข}"\n  en: "a # b"',
        '# what\n\na.b: {th: "“ก” \\"ข\\" \\\\ \\n", en: "a"}',
        "a.b: {th: 'ก ''ข', en: a}",
        'a.b: {en: "a", th: "ก"}',
        'a.b: {th: "ก", en: "a"}  # said at the end',
        'a.b: {th: "\\u0e01\\t\\x41", en: "a"}',
        'a.b:\n  th: "ก\n    ข"\n  en: |-\n    a\n    b',
        'a.b:   {th:   "ก",   en: "a"}',
        '"a.b": {th: "ก", en: "a"}',
        'a.b: {th: "ก\u2028ข", en: "a"}',
        'c.d: {th: "x", en: y}\na.b: {th: "ก", en: "a"}',
        'a.b: {th: "x", en: "x"}\na.b: {th: "ก", en: "a"}',
    ],
)
def test_an_entry_may_be_written_in_any_form_of_yaml(tmp_path, entry):
    for end in ("", "\n", "\n\n# the end", "\r\n"):
        (tmp_path / "a.yaml").write_bytes((entry + end).encode())
        wanted = yaml.load((entry + end).encode(), Loader=yaml.CBaseLoader)
        assert dict(load_catalogue(folder=tmp_path).messages) == wanted


def test_a_code_is_found_in_whatever_file_it_stands():
    print_words = yaml.safe_load(resource("i18n/printing_survey.yaml").read_text(encoding="utf-8"))
    assert load_catalogue().text("print.continued") == print_words["print.continued"]["th"]


def test_values_stand_as_they_are_in_either_language():
    error = UsageError("field.unknown", field="{x} 100%")
    assert "“{x} 100%”" in load_catalogue("en").error(error) and "“{x} 100%”" in load_catalogue("th").error(error)


def test_the_class_of_an_error_is_its_exit_code():
    assert [kind("x").exit_code for kind in (DgdeskError, CheckFailed, UsageError, FileError)] == [1, 1, 2, 3]
