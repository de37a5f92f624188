"""Nothing is written over unasked: every command that writes a file checks first what is there."""

from __future__ import annotations

import json
import os
import shutil
from argparse import Namespace
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from cli.grammar import ALL
from cli.support import done, listing, refused, run
from dgdesk.cli.targets import NEW_NAMES, NO_FILE, WRITES, decrypted
from dgdesk.draft.drafts import edition_folder, newest_edition
from dgdesk.system.kinds import kind_of

posix = pytest.mark.skipif(os.name != "posix", reason="links of Linux")


@dataclass(frozen=True)
class World:
    """One file of each kind, and what the commands need to write another."""

    folder: Path

    def __getattr__(self, name: str) -> Path:
        (found,) = (path for path in self.folder.glob(f"{name}.*") if ".signoff." not in path.name)
        return found


@pytest.fixture(scope="session")
def originals(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made once: each test copies it."""
    folder = tmp_path_factory.mktemp("originals")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DGDESK_HOME", str(folder / "profile"))
        (folder / "secret.txt").write_text("ผู้ว่าราชการจังหวัด 123\n", encoding="utf-8")
        (folder / "secret.txt").chmod(0o600)
        locked = ("--passphrase-file", folder / "secret.txt")
        done("identity", "new", "--person", "ก", "--province", "ข", "--name", "t", *locked, "--lang", "en")
        shutil.copyfile(made / "empty.dgdesk", folder / "draft.dgdesk")
        signing = ("--draft", "--identity", "t", *locked)
        done("export", "--reason", "แก้ไข", folder / "draft.dgdesk", folder / "bundle.zip", *signing)
        done("identity", "export", folder / "certificate.pem", "--name", "t")
        done("identity", "backup", folder / "backup.pem", "--name", "t", *locked)
        done("sealing-key", folder / "office.key", "--recipients", folder / "recipients.txt")
        recipients = ("--encrypt-to", folder / "recipients.txt")
        done("export", "--reason", "แก้ไข", folder / "draft.dgdesk", folder / "sealed.zip.age", *signing, *recipients)
        trusted = ("--trust", folder / "certificate.pem")
        done("receipt", "issue", folder / "bundle.zip", folder / "receipt.json", "--identity", "t", *trusted, *locked)
        done("support", folder / "help.zip")
        said = {"kind": "dgdesk-agency", "format": 1, "id": "a", "version": 1, "name": {"th": "ก"}}
        said |= {"url": "https://a.example/", "certificates": (folder / "certificate.pem").read_text("ascii")}
        (folder / "address.txt").write_text(json.dumps(said), encoding="utf-8")
        done("print", folder / "draft.dgdesk", "--section", "g", "--out", folder / "print.pdf")
        done("collate", folder / "table.csv", folder / "bundle.zip", *trusted)
        done("collate", folder / "book.xlsx", folder / "bundle.zip", *trusted)
    return folder


@pytest.fixture
def world(originals: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    folder = Path(shutil.copytree(originals, tmp_path / "ที่ทำงาน"))
    monkeypatch.setenv("DGDESK_HOME", str(folder / "profile"))
    return World(folder)


Line = Callable[[World, Path], tuple[object, ...]]


def signed(world: World) -> tuple[object, ...]:
    return ("--identity", "t", "--passphrase-file", world.secret)


LINES: dict[str, tuple[str, Line]] = {
    "draft:new": (".dgdesk", lambda world, to: ("new", to)),
    "printing:print_survey": (".pdf", lambda world, to: ("print", world.draft, "--section", "g", "--out", to)),
    "export:export": (".zip", lambda world, to: ("export", world.draft, to, "--draft", *signed(world))),
    "export:export certificate": (
        ".pem",
        lambda world, to: (
            "export",
            world.draft,
            to.with_name("n.zip"),
            "--draft",
            "--certificate",
            to,
            *signed(world),
        ),
    ),
    "export:export sealed": (
        ".zip.age",
        lambda world, to: (
            *("export", world.draft, to, "--draft", "--encrypt-to", world.recipients),
            *signed(world),
        ),
    ),
    "receipts:addendum": (".zip", lambda world, to: ("addendum", "export", world.draft, to, *signed(world))),
    "identities:export": (".pem", lambda world, to: ("identity", "export", to, "--name", "t")),
    "identities:backup": (
        ".pem",
        lambda world, to: ("identity", "backup", to, "--name", "t", "--passphrase-file", world.secret),
    ),
    "collate:collate": (".csv", lambda world, to: ("collate", to, world.bundle, "--trust", world.certificate)),
    "collate:collate book": (".xlsx", lambda world, to: ("collate", to, world.bundle, "--trust", world.certificate)),
    "collate:collate base": (".sqlite", lambda world, to: ("collate", to, world.bundle, "--trust", world.certificate)),
    "collate:collate parquet": (
        ".parquet",
        lambda world, to: ("collate", to, world.bundle, "--trust", world.certificate),
    ),
    "workbook:to_book": (".xlsx", lambda world, to: ("questionnaire", "to-xlsx", to)),
    "difference:diff": (
        ".pdf",
        lambda world, to: ("questionnaire", "diff", newest_edition(), newest_edition(), "--pdf", to),
    ),
    "editions:build": (
        ".dgedition",
        lambda world, to: ("edition", "build", edition_folder(newest_edition()), to, *signed(world)),
    ),
    "receipts:sealing_key": (".key", lambda world, to: ("sealing-key", to)),
    "receipts:sealing_key recipients": (
        ".txt",
        lambda world, to: ("sealing-key", to.with_name("n.key"), "--recipients", to),
    ),
    "receipts:decrypt": (".zip", lambda world, to: ("decrypt", world.sealed, to, "--key", world.office)),
    "receipts:issue": (
        ".json",
        lambda world, to: ("receipt", "issue", world.bundle, to, "--trust", world.certificate, *signed(world)),
    ),
    "receipts:give_back": (
        ".json",
        lambda world, to: ("receipt", "return", world.bundle, to, "--reason", "ขาดหน้า 3", *signed(world)),
    ),
    "outbox:sign_agency": (
        ".json",
        lambda world, to: ("outbox", "agency", "sign", world.address, to, *signed(world)),
    ),
    "backups:backup": (".dgdesk", lambda world, to: ("backup", world.draft, to)),
    "backups:repair": (".dgdesk", lambda world, to: ("repair", world.draft, to)),
    "support:support": (".zip", lambda world, to: ("support", to)),
}
NO_REPLACE = {
    "draft:new",
    "receipts:sealing_key",
    "receipts:sealing_key recipients",
    "backups:backup",
    "backups:repair",
}
WRITTEN = {
    "printing:print_survey": "pdf",
    "export:export": "bundle",
    "export:export certificate": "certificate",
    "export:export sealed": "encrypted",
    "receipts:addendum": "addendum",
    "identities:export": "certificate",
    "identities:backup": "",  # a key is never replaced
    "collate:collate": "csv",
    "collate:collate book": "workbook",
    "collate:collate base": "tables",
    "collate:collate parquet": "parquet",
    "workbook:to_book": "survey_book",
    "difference:diff": "pdf",
    "editions:build": "edition",
    "receipts:decrypt": "bundle",
    "receipts:issue": "receipt",
    "receipts:give_back": "receipt",
    "outbox:sign_agency": "agency",
    "support:support": "support",
}


def test_every_command_says_what_it_writes():
    """A new command belongs into one of the three lists, and a new one that writes a file into the lines above."""
    commands = {parser.get_default("run") for parser in ALL.values()}
    assert commands == WRITES.keys() | NEW_NAMES | NO_FILE
    assert not WRITES.keys() & (NEW_NAMES | NO_FILE) and not NEW_NAMES & NO_FILE
    apart = {"folders:carry_out_all", "workbook:from_book", "register:register"}  # folders; a reply: see the test below
    assert {name.split()[0] for name in LINES} == WRITES.keys() - apart


def test_a_saved_reply_is_written_over_nothing(world: World):
    for name in ("draft", "certificate", "print"):
        there = getattr(world, name)
        before = there.read_bytes()
        assert run("register", world.draft, "--save", "1", "--out", there).code in (2, 3)
        assert there.read_bytes() == before


def test_a_saved_reply_has_the_ending_of_what_was_stored(world: World, tmp_path: Path):
    done("addendum", "attach", world.draft, world.folder / "bundle.signoff.pdf")
    stored = json.loads(done("register", world.draft, "--json").out)["exports"]
    number = max(scan["number"] for one in stored for scan in one["scans"])  # others' scans may be there
    for name in ("x.json", "x.jpg", "x.receipt", "x"):
        refused(2, "register", world.draft, "--save", number, "--out", tmp_path / name, says="not fit the kind of file")
    done("register", world.draft, "--save", number, "--out", tmp_path / "x.pdf")
    assert (tmp_path / "x.pdf").read_bytes()[:5] == b"%PDF-"


def test_every_path_that_a_command_writes_is_an_argument_of_it():
    for parser in ALL.values():
        if writes := WRITES.get(parser.get_default("run")):
            assert set(writes.arguments) <= {action.dest for action in parser._actions}


def test_one_file_of_each_kind_is_known_by_its_content(world: World):
    kinds = {
        "draft": "draft", "bundle": "bundle", "certificate": "certificate", "backup": "key", "office": "key",
        "recipients": "recipients", "sealed": "encrypted", "receipt": "receipt", "help": "support", "print": "pdf",
        "table": "csv", "book": "workbook", "secret": "text",
    }  # fmt: skip
    for name, kind in kinds.items():
        disguised = shutil.copyfile(getattr(world, name), world.folder / "ไม่มีนามสกุล")
        assert kind_of(disguised) == kind, name


@pytest.mark.parametrize("command", LINES)
def test_what_is_there_stays_unless_asked_and_even_then_what_is_of_another_kind(world: World, command: str):
    ending, line = LINES[command]
    sources = ["draft", "bundle", "certificate", "backup", "office", "sealed", "receipt", "help", "print", "table"]
    for name in (*sources, "book", "secret", "recipients"):
        target = world.folder / f"ของเดิม{ending}"
        shutil.copyfile(getattr(world, name), target)
        before = listing(world.folder)
        for more in ((),) if command in NO_REPLACE else ((), ("--replace",)):
            if more and kind_of(target) == WRITTEN[command]:
                continue
            result = run(*line(world, target), *more, "--lang", "en")
            assert result.refusal(result.code, "en") and result.code in (2, 3), (name, more, result)
            assert listing(world.folder) == before, (name, more)


@pytest.mark.parametrize("command", [name for name, kind in WRITTEN.items() if kind and name != "receipts:addendum"])
def test_one_of_the_same_kind_is_replaced_when_asked(world: World, command: str):
    ending, line = LINES[command]
    target = world.folder / f"ของเดิม{ending}"
    done(*line(world, target))
    if command == "export:export certificate":
        target.with_name("n.zip").unlink()
        target.with_name("n.signoff.pdf").unlink()
    assert run(*line(world, target)).code == 3
    done(*line(world, target), "--replace")
    assert kind_of(target) == WRITTEN[command]


# -- what the same command reads ---------------------------------------------------------------------------------------


@posix
@pytest.mark.parametrize("by", ["name", "spelling", "hard link", "symlink", "folder"])
def test_what_a_command_reads_is_never_written_by_whatever_name(world: World, tmp_path: Path, by: str):
    def named(path: Path, ending: str) -> Path:
        if by == "spelling":
            return path.parent / ".." / path.parent.name / path.name
        if by == "folder":
            (tmp_path / "อีกชื่อ").unlink(missing_ok=True)
            (tmp_path / "อีกชื่อ").symlink_to(path.parent)
            return tmp_path / "อีกชื่อ" / path.name
        other = tmp_path / f"อื่น{ending}"
        if by == "hard link":
            os.link(path, other)
        elif by == "symlink":
            other.symlink_to(path)
        return path if by == "name" else other

    before = listing(world.folder)
    for line in (
        ("export", world.draft, named(world.draft, ".zip"), "--draft", *signed(world)),
        ("collate", named(world.bundle, ".csv"), world.bundle),
    ):
        refused(2, *line, "--replace", says="read by the same command")
    assert listing(world.folder) == before


def test_every_input_counts_also_a_trusted_certificate_a_table_and_a_passphrase(world: World):
    (world.folder / "list.csv").write_text("respondent,certificate\nTH-50,certificate.pem\n", encoding="utf-8")
    listed, trusted = world.folder / "list.csv", ("--trust", world.certificate)
    new = world.folder / "n.zip.age"
    before = listing(world.folder)
    for line in (
        ("collate", listed, world.bundle, "--trust", listed),
        ("collate", world.table, world.folder),
        ("receipt", "issue", world.bundle, world.secret, *trusted, *signed(world)),
        ("decrypt", world.sealed, world.office, "--key", world.office),
        ("export", world.draft, new, "--certificate", world.recipients, "--encrypt-to", world.recipients),
        ("support", world.draft, world.draft),
        ("print", world.draft, "--out", world.draft),
        ("export", world.draft, world.folder / "n.zip", "--identity", world.folder / "profile" / "identities" / "t",
         "--certificate", world.folder / "profile" / "identities" / "t" / "signer.pem"),
    ):  # fmt: skip
        refused(2, *line, "--replace", says="read by the same command")
    assert listing(world.folder) == before


def test_two_new_files_have_two_names(world: World):
    both = world.folder / "n.zip"
    refused(2, "export", world.draft, both, "--draft", "--certificate", both, says="two new files")
    refused(2, "sealing-key", world.folder / "n", "--recipients", world.folder / "n", says="two new files")
    assert not both.exists() and not (world.folder / "n").exists()


def test_the_program_s_own_files_are_no_target(world: World):
    before = listing(world.folder)
    done("identity", "new", "--person", "ง", "--province", "จ", "--name", "u", "--no-passphrase")
    other = world.folder / "profile" / "identities" / "u" / "signer.pem"
    refused(3, "identity", "export", other, "--name", "t", "--replace", says="program's own folder")
    assert before.items() <= listing(world.folder).items()


# -- files beside the first --------------------------------------------------------------------------------------------


def test_a_sheet_or_a_table_beside_it_is_no_less_somebody_s(world: World):
    """A scan of the signed sheet lies where the sheet was; remarks were typed into one of the tables."""
    sheet = Path(shutil.copyfile(world.print, world.folder / "n.signoff.pdf"))
    (world.folder / "t-scores.csv").write_bytes(b"a,b\n")
    before = listing(world.folder)
    refused(3, "export", world.draft, world.folder / "n.zip", "--draft", *signed(world), says="n.signoff.pdf")
    refused(3, "collate", world.folder / "t.csv", world.bundle, says="t-scores.csv")
    assert listing(world.folder) == before
    for scan in (b"%PDF-1.4\nof a scanner\n%%EOF\n", world.print.read_bytes() + b"\n1 0 obj a signature\n%%EOF\n"):
        sheet.write_bytes(scan)
        result = ("export", world.draft, world.folder / "n.zip", "--draft", *signed(world), "--replace")
        refused(3, *result, says="a scan, or somebody has added")
        assert sheet.read_bytes() == scan
    sheet.write_bytes(world.bundle.read_bytes())
    shutil.copyfile(world.draft, world.folder / "t-scores.csv")
    before = listing(world.folder)
    for line in (
        ("export", world.draft, world.folder / "n.zip", "--draft", *signed(world)),
        ("collate", world.folder / "t.csv", world.bundle),
    ):
        refused(3, *line, "--replace", says="not the kind of file")
    assert listing(world.folder) == before


# -- endings -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["t.xls", "t.ods", "t.pdf", "t", "t.csv.txt", ".xlsx", "t.xlsm", "ตาราง."])
def test_a_table_ends_in_xlsx_or_csv(world: World, name: str):
    before = listing(world.folder)
    refused(
        2, "collate", world.folder / name, world.bundle, "--trust", world.certificate, says=".xlsx, .csv", thai=".csv"
    )
    assert listing(world.folder) == before


@pytest.mark.parametrize("command", LINES)
def test_a_name_that_ends_as_another_kind_is_refused(world: World, command: str):
    ending, line = LINES[command]
    before = listing(world.folder)
    others = {".dgdesk", ".zip", ".pdf", ".xlsx", ".docx", ".json", ".XLS"} - {ending}
    others -= {".json"} if command == "identities:backup" else set()
    for other in others if "collate" not in command else others - {".xlsx"}:
        target = world.folder / f"ใหม่{other}"
        assert " ends in ." in run(*line(world, target), "--lang", "en").refusal(2, "en"), other
    assert listing(world.folder) == before


@pytest.mark.parametrize("name", ["bk.json", "สำรอง.JSON", "bk", "bk.pem", "bk.txt", "bk.dgdesk-identity.pem"])
def test_a_backup_of_an_identity_has_the_endings_it_always_had(world: World, name: str):
    locked = ("--name", "t", "--passphrase-file", world.secret)
    done("identity", "backup", world.folder / name, *locked)
    assert run("identity", "backup", world.folder / name, *locked, "--replace").refusal(3)  # it holds a key


# -- places ------------------------------------------------------------------------------------------------------------


@posix
@pytest.mark.parametrize("command", [name for name in LINES if name != "receipts:addendum"])
def test_a_folder_a_link_or_a_device_is_left_alone(world: World, command: str):
    ending, line = LINES[command]
    (world.folder / f"โฟลเดอร์{ending}").mkdir()
    (world.folder / f"ชี้ไป{ending}").symlink_to(world.folder / "ไม่มี")
    (world.folder / f"ลิงก์{ending}").symlink_to(world.print)
    os.mkfifo(world.folder / f"ท่อ{ending}")
    for name in ("โฟลเดอร์", "ชี้ไป", "ลิงก์", "ท่อ"):
        for more in ((),) if command in NO_REPLACE else ((), ("--replace",)):
            result = run(*line(world, world.folder / f"{name}{ending}"), *more, "--lang", "en")
            assert result.refusal(3, "en"), (name, more)
    assert not (world.folder / "ไม่มี").exists() and kind_of(world.print) == "pdf"


def test_no_name_and_a_name_of_a_device(world: World):
    for name in ("", ".", "/"):
        result = run("collate", name, world.bundle, "--lang", "en")
        assert "No file was named" in result.refusal(2, "en"), name
    for name in ("CON.csv", "nul.xlsx", "com1.csv", "Aux .csv", "LPT¹.xlsx"):
        refused(2, "collate", world.folder / name, world.bundle, says="Windows keeps the name")


@pytest.mark.parametrize(
    ("name", "bundle"),
    [("น่าน.zip.age", "น่าน.zip"), ("NAN.ZIP.AGE", "NAN.ZIP"), ("น่าน.Age", "น่าน.zip"), ("น่าน.zip.AGE", "น่าน.zip")],
)
def test_an_encrypted_bundle_is_known_by_its_ending_in_any_case(name: str, bundle: str) -> None:
    assert decrypted(Namespace(sealed=Path("/inbox") / name, bundle=None)) == Path("/inbox") / bundle
