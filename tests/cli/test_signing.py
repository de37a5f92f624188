"""``signing``, and ``print --variant signing``: who signs on paper, and the papers, from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pypdf

from cli.support import done, refused, run


def text_of(path: Path) -> str:
    return "".join("".join(page.extract_text() for page in pypdf.PdfReader(path).pages).split())


def export(ready: Path, bundle: Path) -> None:
    done("export", "--reason", "แก้ไข", ready, bundle, "--person", "สมหญิง", "--no-passphrase")


def test_names_are_given_once_and_printed_with_what_was_exported(ready: Path, tmp_path: Path) -> None:
    export(ready, tmp_path / "a.zip")
    done("signing", ready, "governor.name", "นายก้อง ข")
    assert "governor.name = นายก้อง ข" in done("signing", ready).out
    out = tmp_path / "ชุด.pdf"
    result = run(
        "print", ready, "--variant", "signing", "--bundle", tmp_path / "a.zip", "--out", out, "--json", "--lang", "en"
    )
    report = json.loads(result.out)
    assert result.code == 0 and report["variant"] == "signing" and len(pypdf.PdfReader(out).pages) == report["pages"]
    assert "checked by" in result.err and "governor" not in result.err, "who has no name yet is said"
    assert "(นายก้องข)" in text_of(out)
    first = out.read_bytes()
    assert run("print", ready, "--variant", "signing", "--out", out, "--replace").code == 0
    assert out.read_bytes() == first


def test_before_an_export_and_after_a_change_the_missing_step_is_said(draft: Path, ready: Path, tmp_path: Path) -> None:
    out = tmp_path / "x.pdf"
    refused(1, "print", draft, "--variant", "signing", "--out", out, says="things to mend")
    export(ready, tmp_path / "a.zip")
    done("set", ready, "general.first_name", "สมศรี")
    refused(1, "print", ready, "--variant", "signing", "--out", out, says="Export it again first")
    assert not out.exists()


def test_the_bundle_of_another_draft_is_refused(ready: Path, tmp_path: Path) -> None:
    export(ready, tmp_path / "a.zip")
    other = tmp_path / "b.zip"
    other.write_bytes(b"PK")
    words = ("print", ready, "--variant", "signing", "--out", tmp_path / "x.pdf")
    refused(1, *words, "--bundle", other, says="not the last bundle exported from this draft")
    refused(2, *words[:2], "--bundle", other, says="goes only with --variant signing")
    refused(2, *words, "--section", "p1", says="always has the whole survey")


def test_what_cannot_be_stored_is_refused_in_a_sentence(draft: Path, tmp_path: Path) -> None:
    refused(2, "signing", draft, "governor.name", "ก" * 200, says="at most 120 can be printed")
    refused(2, "signing", draft, "govenor.name", "นาย ก", says="no text named")
    refused(2, "signing", draft, "governor.acting", "deputy", says="acting, on_behalf")
    refused(2, "signing", draft, "governor.name", says="Give both")
    refused(2, "signing", draft, "--suggested", says="Give both")
    many = tmp_path / "names.json"
    many.write_text(json.dumps({"governor.name": 7}), encoding="utf-8")
    refused(2, "signing", draft, "--from", many, says="is no text")
    refused(2, "signing", draft, "governor.name", "x", "--from", many, says="either KEY and TEXT, or --from")
    assert done("signing", draft, "--json").json["stored"] == []


def test_many_texts_come_from_a_file_and_the_suggestion_comes_back(draft: Path, tmp_path: Path) -> None:
    many = tmp_path / "names.json"
    many.write_text(json.dumps({"pcio.name": "นาง ข", "memo.body": "ก\nข"}), encoding="utf-8")
    report = done("signing", draft, "--from", many, "--json").json
    assert report["stored"] == ["memo.body", "pcio.name"] and report["texts"]["memo.body"] == "ก\nข"
    done("signing", draft, "memo.body", "--suggested")
    assert done("signing", draft, "--json").json["stored"] == ["pcio.name"]
    done("undo", draft)
    assert done("signing", draft, "--json").json["stored"] == ["memo.body", "pcio.name"]
