"""Faults, scenarios: all work that is killed in the middle: at the form, maintenance of the file, and exports."""

from __future__ import annotations

import shutil
from pathlib import Path
from unittest import mock

from dgdesk.bundle.signing.identity import change_passphrase, create_identity, load_identity
from dgdesk.bundle.verify import verify_bundle
from dgdesk.draft.drafts import Draft
from dgdesk.draft.file.opening import create_draft_file, open_draft_file
from dgdesk.errors import DgdeskError
from dgdesk.folders.export_folder import export_folder
from dgdesk.submission.export import export_draft
from dgdesk.submission.survey_pdf import write_print
from dgdesk.system.progress import Cancelled, Progress
from dgdesk.system.settings import Settings, load_settings, save_settings
from faults.rounds import ATTACHING, EDITING, Editing, Round, Scenario, Tell
from faults.world import NOW, OLD_PRINT, WHO, content_of, sound, version_in

# ---- maintenance of the file -----------------------------------------------------------------------------------------


class Migrating:
    """An older package: of one version or the other, with a copy of the old one before it is of the new."""

    def prepare(self, at: Round) -> None:
        at.start("v1")

    def work(self, at: Round, tell: Tell) -> None:
        with at.world.open(at.path) as draft:
            tell(0)
            draft.session.answer("g1", "no")
            tell(1)

    def judge(self, at: Round, told: int) -> str:
        answers, evidence = at.world.contents["v1"]
        changed = ({**answers, "g1": "no"}, evidence)
        with at.world.open(at.path, read_only=True) as draft:  # perhaps of version 1 still, with a hot journal
            read = content_of(draft)
        journal = at.path.with_name(at.path.name + "-journal").exists()
        version = version_in(at.path)
        copies = [path for path in at.folder.glob("*backup*.dgdesk")]
        if version > 1:
            assert copies, "migrated without a copy"
        with at.world.open(at.path) as draft:
            found = content_of(draft)
            assert found == read
            assert found in ([changed] if told == 2 else [(answers, evidence), changed][: told + 1]), found
            sound(draft.package)
        for copy in at.folder.glob("*backup*.dgdesk"):
            assert version_in(copy) == 1
            with at.world.open(copy, read_only=True) as draft:
                assert content_of(draft) == (answers, evidence)
                sound(draft.package)
        left = {name for name in at.names() if not name.endswith(".dgdesk")}
        assert not left, left
        return f"v{version}{' hot' if journal else ''}"


class Compacting:
    """Compaction, perhaps stopped by the person: nothing that is attached is gone; undo stays unless given up."""

    def _choices(self, at: Round) -> tuple[bool, int | None]:
        chance = at.chance("compact")
        return chance.random() < 0.5, chance.choice([None, None, 0, 3, 40])

    def prepare(self, at: Round) -> None:
        at.start("spare")

    def work(self, at: Round, tell: Tell) -> None:
        keep, stop = self._choices(at)
        with at.world.open(at.path) as draft:
            draft.session.answer("g2", "no")
            tell(0)
            left = [10**9 if stop is None else stop]

            def cancelled() -> bool:
                left[0] -= 1
                return left[0] < 0

            try:
                draft.package.compact(keep_undo=keep, progress=Progress(is_cancelled=cancelled))
                tell(1)
            except Cancelled:
                pass

    def judge(self, at: Round, told: int) -> str:
        answers, evidence = at.world.contents["spare"]
        keep, _ = self._choices(at)
        before = at.world.base("spare").stat().st_size
        with at.world.open(at.path) as draft:
            found = content_of(draft)
            after = ({**answers, "g2": "no"}, evidence)
            assert found in ([after] if told else [(answers, evidence), after]), found
            sound(draft.package)
            if keep:
                assert draft.session.can_undo
            elif told > 1:
                assert not draft.session.can_undo
            for files in draft.session.state.facts.evidence.values():
                for one in files:
                    assert len(b"".join(draft.package.read_file(one.sha256))) == one.size
            while draft.session.can_undo:
                draft.session.undo()
            draft.package.compact()
            sound(draft.package)
        assert at.names() == {at.path.name}, at.names()
        if told > 1:
            assert at.path.stat().st_size < before
        return "shrunk" if told > 1 else "before"


class Backing:
    """A safe copy over an older one: whole, the old or the new; and a new package whole or not there."""

    def prepare(self, at: Round) -> None:
        at.start("spare")
        shutil.copyfile(at.world.base("filled"), at.folder / "สำเนา.dgdesk")

    def work(self, at: Round, tell: Tell) -> None:
        with at.world.open(at.path) as draft:
            draft.package.backup(at.folder / "สำเนา.dgdesk", replace=True)
            tell(0)
            definition = draft.package.definition
        create_draft_file(
            at.folder / "ใหม่.dgdesk", definition=definition, meta={"a": "b"}, clock=lambda: NOW, who=WHO
        ).close()
        tell(1)

    def judge(self, at: Round, told: int) -> str:
        contents = at.world.contents
        copy, new = at.folder / "สำเนา.dgdesk", at.folder / "ใหม่.dgdesk"
        with at.world.open(copy) as draft:
            found = content_of(draft)
            sound(draft.package)
        assert found in ([contents["spare"]] if told else [contents["filled"], contents["spare"]])
        there = new.exists()
        assert there or told < 2
        with at.world.open(at.path) as draft:
            assert content_of(draft) == contents["spare"]
            sound(draft.package)
            draft.package.backup(copy, replace=True)
            if not there:
                definition = draft.package.definition
                create_draft_file(new, definition=definition, meta={"a": "b"}, clock=lambda: NOW, who=WHO).close()
        with open_draft_file(new, clock=lambda: NOW, who=WHO) as package:
            assert package.meta == {"a": "b"}
            sound(package)
        assert at.names() == {at.path.name, copy.name, new.name}, at.names()
        return "new" if found == contents["spare"] else "old"


# ---- what goes out ---------------------------------------------------------------------------------------------------


class Exporting:
    """A bundle: under its name whole and verifying, the older one or the new one; the register knows what was told."""

    def _replaces(self, at: Round) -> bool:
        return at.chance("replace").random() < 0.3

    def _export(self, at: Round, draft: Draft, target: Path) -> None:
        # The print takes a second and writes nothing; it is the world's, but for the digest in it.
        with mock.patch("dgdesk.submission.survey_pdf.print_draft", lambda *_, **__: at.world.survey):
            export_draft(
                draft, target, identity=at.world.signer, reason="แก้ไข", claimed_time=NOW, as_draft=True, replace=True
            )

    def prepare(self, at: Round) -> None:
        at.start("filled")
        if self._replaces(at):
            with at.world.open(at.path) as draft:
                self._export(at, draft, at.folder / "ส่ง.zip")
                draft.session.answer("g1", "no")

    def work(self, at: Round, tell: Tell) -> None:
        with at.world.open(at.path) as draft:
            self._export(at, draft, at.folder / "ส่ง.zip")
            tell(0)

    def judge(self, at: Round, told: int) -> str:
        target = at.folder / "ส่ง.zip"
        trusted = [at.world.signer.certificate_pem]
        earlier = 1 if self._replaces(at) else 0
        there = target.exists()
        assert there or not (told or earlier)
        digest = None
        if there:
            verdict = verify_bundle(target, trusted=trusted)
            assert verdict.ok, verdict.problems
            digest = verdict.digest
        sheet = at.folder / "ส่ง.signoff.pdf"
        if sheet.exists():
            assert sheet.read_bytes().endswith(b"%%EOF\n") or b"%%EOF" in sheet.read_bytes()[-32:]
        with at.world.open(at.path) as draft:
            sound(draft.package)
            registered = [line.record["digest"] for line in draft.package.exports()]
            assert len(registered) - earlier in (0, 1)
            if told:
                assert registered[-1] == digest and sheet.exists()
            self._export(at, draft, target)  # what was left behind is in nobody's way
            assert verify_bundle(target, trusted=trusted).digest == draft.package.exports()[-1].record["digest"]
        assert at.names() == {at.path.name, target.name, sheet.name}, at.names()
        return "registered" if len(registered) > earlier else "named" if there and not earlier else "before"


class Paper:
    """Small files: a print, the settings, an identity, evidence in folders; each whole, the older or the new."""

    def prepare(self, at: Round) -> None:
        at.start("filled")
        (at.folder / "พิมพ์.pdf").write_bytes(OLD_PRINT)
        save_settings(at.folder / "settings.json", Settings(who="old"))

    def _carry(self, at: Round, target: Path) -> None:
        with at.world.open(at.path, read_only=True) as draft:
            export_folder(draft.session.form, draft.session.state, draft.package.read_file, target)

    def _identity(self, at: Round) -> None:
        create_identity(at.folder / "signer", person="ก", province="ข", passphrase=None, now=NOW)

    def work(self, at: Round, tell: Tell) -> None:
        write_print(at.folder / "พิมพ์.pdf", at.world.survey.data, replace=True)
        tell(0)
        save_settings(at.folder / "settings.json", Settings(who="new"))
        tell(1)
        self._identity(at)
        tell(2)
        self._carry(at, at.folder / "หลักฐาน")
        tell(3)

    def judge(self, at: Round, told: int) -> str:
        pages = (at.folder / "พิมพ์.pdf").read_bytes()
        assert pages in ([at.world.survey.data] if told else [OLD_PRINT, at.world.survey.data])
        who = load_settings(at.folder / "settings.json").who
        assert who in (["new"] if told > 1 else ["old", "new"])
        try:
            load_identity(at.folder / "signer", None)
        except DgdeskError as error:
            assert told < 3 and error.code == "identity.missing", error
            self._identity(at)
        carried = at.folder / "หลักฐาน"
        assert carried.exists() or told < 4
        if not carried.exists():
            self._carry(at, carried)
        assert sum(path.is_file() for path in carried.rglob("*")) == 4
        # The next writing in either folder takes away what was left half-made.
        save_settings(at.folder / "settings.json", Settings(who="next"))
        change_passphrase(at.folder / "signer", None, None)
        assert at.names() == {at.path.name, "พิมพ์.pdf", "settings.json", "signer", carried.name}, at.names()
        assert {path.name for path in (at.folder / "signer").iterdir() if path.suffix != ".old"} == {
            "signer.key", "signer.pem",
        }  # fmt: skip
        return f"{told} of 4"


SCENARIOS: dict[str, tuple[Scenario, int]] = {
    "editing": (Editing(EDITING, 16), 34),
    "attaching": (Editing(ATTACHING, 9), 22),
    "migration": (Migrating(), 10),
    "compaction": (Compacting(), 10),
    "copies": (Backing(), 8),
    "export": (Exporting(), 10),
    "paper": (Paper(), 6),
}
"""With the share of the rounds that each gets."""
