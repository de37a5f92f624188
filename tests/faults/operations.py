"""Faults, operations: what a person does when the disk fails, and what the draft holds if it was done."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest import mock

from dgdesk.bundle.signing.identity import create_identity, load_identity
from dgdesk.bundle.verify import verify_bundle
from dgdesk.cli.main import main as command_line
from dgdesk.draft.drafts import Draft
from dgdesk.draft.file.opening import create_draft_file
from dgdesk.errors import FileError, UsageError
from dgdesk.evidence.limits import AttachmentRequest
from dgdesk.folders.export_folder import export_folder
from dgdesk.submission.export import export_draft
from dgdesk.submission.survey_pdf import write_print
from dgdesk.system.settings import Settings, SettingsFile, load_settings, save_settings
from faults.world import NOW, OLD_PRINT, WHO, World, content_of, sound

Content = Any


class Told(Exception):
    """The command line ended with a sentence and an exit code."""


class Desk:
    """A folder with a draft ``น่าน.dgdesk`` and what a person has open; ``draft`` may be open when the fault strikes."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world = world
        self.folder = folder
        self.path = folder / "น่าน.dgdesk"
        self.draft: Draft | None = None
        self.now: datetime = NOW

    def open(self) -> Draft:
        """Open the draft for work."""
        self.draft = self.world.open(self.path)
        return self.draft

    def close(self) -> None:
        """Close what is open."""
        if self.draft is not None:
            self.draft.close()
            self.draft = None

    @property
    def session(self) -> Any:
        """The session at work."""
        assert self.draft is not None
        return self.draft.session

    @property
    def package(self) -> Any:
        """The open package."""
        assert self.draft is not None
        return self.draft.package

    def names(self) -> set[str]:
        """What lies in the folder, but for what SQLite and the lock need while the draft is open."""
        return {path.name for path in self.folder.iterdir()} - {f"{self.path.name}.lock"}


@dataclass(frozen=True)
class Operation:
    """One thing a person does.

    ``prepare`` runs before the fault; ``run`` under it; ``done`` is the draft's content afterwards, from that before;
    ``makes`` are the names that it may leave beside the draft; ``proof`` looks at them, on success and after a failure.
    """

    name: str
    run: Callable[[Desk], object]
    base: str = "filled"
    prepare: Callable[[Desk], object] = Desk.open
    done: Callable[[Content], Content] = lambda content: content
    makes: frozenset[str] = frozenset()
    proof: Callable[[Desk, bool], None] = lambda desk, done: None
    keeps_open: bool = True


def _with(
    answers: dict[str, Any] | None = None, evidence: dict[str, Any] | None = None
) -> Callable[[Content], Content]:
    def done(content: Content) -> Content:
        return {**content[0], **(answers or {})}, {**content[1], **(evidence or {})}

    return done


def _without(address: str) -> Callable[[Content], Content]:
    return lambda content: ({key: value for key, value in content[0].items() if key != address}, content[1])


def _answered(desk: Desk) -> None:
    desk.open()
    desk.session.answer("g3", "yes")


def _undone(desk: Desk) -> None:
    _answered(desk)
    desk.session.undo()


def _export(desk: Desk) -> None:
    assert desk.draft is not None
    with mock.patch("dgdesk.submission.survey_pdf.print_draft", lambda *_, **__: desk.world.survey):
        export_draft(
            desk.draft, desk.folder / "ส่ง.zip", identity=desk.world.signer, claimed_time=desk.now, as_draft=True,
            replace=True,
        )  # fmt: skip


def _proof_export(desk: Desk, done: bool) -> None:
    target = desk.folder / "ส่ง.zip"
    assert target.exists() or not done
    if target.exists():
        assert verify_bundle(target, trusted=[desk.world.signer.certificate_pem]).ok


def _proof_backup(desk: Desk, done: bool) -> None:
    copy = desk.folder / "สำเนา.dgdesk"
    assert copy.exists() or not done
    if copy.exists():
        with desk.world.open(copy, read_only=True) as draft:
            assert content_of(draft) == desk.world.contents["filled"]
            sound(draft.package)


def _proof_print(desk: Desk, done: bool) -> None:
    pages = (desk.folder / "พิมพ์.pdf").read_bytes()
    assert pages == desk.world.survey.data if done else pages in (desk.world.survey.data, OLD_PRINT)


def _settings(desk: Desk) -> None:
    save_settings(desk.folder / "settings.json", Settings(who="new"))


def _proof_settings(desk: Desk, done: bool) -> None:
    who = load_settings(desk.folder / "settings.json").who
    assert who == "new" if done else who in ("old", "new")
    SettingsFile(desk.folder / "settings.json").change(Settings(who="other"))


def _old_settings(desk: Desk) -> None:
    save_settings(desk.folder / "settings.json", Settings(who="old"))


def _old_print(desk: Desk) -> None:
    (desk.folder / "พิมพ์.pdf").write_bytes(OLD_PRINT)


def _new(desk: Desk) -> None:
    target = desk.folder / "ใหม่.dgdesk"
    create_draft_file(target, definition=b"{}", meta={"a": "b"}, clock=lambda: NOW, who=WHO).close()


def _proof_new(desk: Desk, done: bool) -> None:
    target = desk.folder / "ใหม่.dgdesk"
    if not done:
        assert not target.exists() or _opens(target)
        target.unlink(missing_ok=True)
        _new(desk)
    assert _opens(target)


def _opens(path: Path) -> bool:
    from dgdesk.draft.file.opening import open_draft_file

    with open_draft_file(path, clock=lambda: NOW, who=WHO) as package:
        sound(package)
    return True


def _carry(desk: Desk) -> None:
    told = export_folder(desk.session.form, desk.session.state, desk.package.read_file, desk.folder / "หลักฐาน")
    if told.damaged:
        raise FileError("package.evidence_damaged", sha256=told.damaged[0].sha256)


def _proof_carry(desk: Desk, done: bool) -> None:
    target = desk.folder / "หลักฐาน"
    assert target.exists() or not done
    if target.exists():
        assert sum(path.is_file() for path in target.rglob("*")) in ((4,) if done else (3, 4))  # two indexes


def _identity(desk: Desk) -> None:
    create_identity(desk.folder / "signer", person="ก", province="ข", passphrase=None, now=NOW)


def _proof_identity(desk: Desk, done: bool) -> None:
    try:
        load_identity(desk.folder / "signer", None)
    except FileError as error:
        assert not done and error.code == "identity.missing", error
        _identity(desk)
        load_identity(desk.folder / "signer", None)


def _read(desk: Desk) -> None:
    with desk.world.open(desk.path, read_only=True) as draft:
        # What is handed out is right, or it is an error; what is damaged is named.
        assert content_of(draft) == desk.world.contents["filled"]
        for files in draft.session.state.facts.evidence.values():
            for one in files:
                assert len(b"".join(draft.package.read_file(one.sha256))) == one.size
        if damages := draft.package.check():
            raise FileError("package.damaged", name=desk.path.name, path="", detail=str(damages[0]))


def _command(*arguments: str) -> Callable[[Desk], None]:
    def run(desk: Desk) -> None:
        out, err = io.StringIO(), io.StringIO()
        filled = [one.format(draft=desk.path, sources=desk.world.sources) for one in arguments]
        with mock.patch.dict(os.environ, {"HOME": str(desk.world.folder), "XDG_CONFIG_HOME": str(desk.world.folder)}):
            code = command_line(filled, out, err)
        if code == 0:
            return
        said = err.getvalue()
        if code == 2 and "แนบไว้ที่ข้อนี้อยู่แล้ว" in said:  # the second time
            raise UsageError("evidence.already_there", name="", slot="")
        assert code == 3 and said.count("\n") == 1 and "Traceback" not in said, (code, said, out.getvalue())
        raise Told(said)

    return run


def _nothing(desk: Desk) -> None:
    """Nothing is open yet."""


def _attach(slot: str, *names: str) -> Callable[[Desk], None]:
    def run(desk: Desk) -> None:
        _, results = desk.session.attach_files(slot, [AttachmentRequest(desk.world.sources / name) for name in names])
        for result in results:
            for error in result.errors:
                raise error

    return run


_IMAGE = [("ภาพ.png", "")]
OPERATIONS = (
    Operation("answer", lambda desk: desk.session.answer("g1", "no"), done=_with({"g1": "no"})),
    Operation(
        "long answer",
        lambda desk: desk.session.answer("general.position", "ยาว" * 60),
        done=_with({"general.position": "ยาว" * 60}),
    ),
    Operation("undo", lambda desk: desk.session.undo(), prepare=_answered, done=_without("g3")),
    Operation("redo", lambda desk: desk.session.redo(), prepare=_undone, done=_with({"g3": "yes"})),
    Operation(
        "attach",
        lambda desk: desk.session.attach("g1/yes", desk.world.sources / "ใหญ่.txt"),
        done=_with(evidence={"g1/yes": [*_IMAGE, ("ใหญ่.txt", "")]}),
    ),
    Operation(
        "attach several",
        _attach("g1/yes", "ก.txt", "สอง.txt", "ข.txt"),
        done=_with(evidence={"g1/yes": [*_IMAGE, ("ก.txt", ""), ("สอง.txt", ""), ("ข.txt", "")]}),
    ),
    Operation("compact", lambda desk: desk.package.compact(), base="spare"),
    Operation("compact all", lambda desk: desk.package.compact(keep_undo=False), base="spare"),
    Operation(
        "backup",
        lambda desk: desk.package.backup(desk.folder / "สำเนา.dgdesk"),
        makes=frozenset({"สำเนา.dgdesk"}),
        proof=_proof_backup,
    ),
    Operation("export", _export, makes=frozenset({"ส่ง.zip", "ส่ง.signoff.pdf"}), proof=_proof_export),
    Operation("carry out", _carry, makes=frozenset({"หลักฐาน"}), proof=_proof_carry),
    Operation(
        "print",
        lambda desk: write_print(desk.folder / "พิมพ์.pdf", desk.world.survey.data, replace=True),
        prepare=_old_print,
        makes=frozenset({"พิมพ์.pdf"}),
        proof=_proof_print,
        keeps_open=False,
    ),
    Operation(
        "settings",
        _settings,
        prepare=_old_settings,
        makes=frozenset({"settings.json"}),
        proof=_proof_settings,
        keeps_open=False,
    ),
    Operation(
        "identity", _identity, prepare=_nothing, makes=frozenset({"signer"}), proof=_proof_identity, keeps_open=False
    ),
    Operation("new", _new, prepare=_nothing, makes=frozenset({"ใหม่.dgdesk"}), proof=_proof_new, keeps_open=False),
    Operation("open", Desk.open, prepare=_nothing, keeps_open=False),
    Operation("read", _read, prepare=_nothing, keeps_open=False),
    Operation(
        "migrate",
        Desk.open,
        base="v1",
        prepare=_nothing,
        makes=frozenset({"น่าน.v1-backup.dgdesk", "น่าน.v1-backup-2.dgdesk"}),
        keeps_open=False,
    ),
    Operation(
        "command set",
        _command("set", "{draft}", "g1", "no"),
        prepare=_nothing,
        done=_with({"g1": "no"}),
        keeps_open=False,
    ),
    Operation(
        "command attach",
        _command("attach", "{draft}", "g1/yes", "{sources}/สอง.txt"),
        prepare=_nothing,
        done=_with(evidence={"g1/yes": [*_IMAGE, ("สอง.txt", "")]}),
        keeps_open=False,
    ),
)
