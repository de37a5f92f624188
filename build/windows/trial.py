"""The trial of setup and portable ZIP in a fresh Windows of wine's; ``build/dev.py windows-test`` starts it.

    python build/dev.py windows-test [--pictures]

Takes what ``build/dev.py windows`` left in ``dist/windows``. What happened is written to ``windows-test.md`` there,
also when it failed, and to ``docs/windows-test.md`` when all of it passed on a build made with ``--twice``;
``--pictures`` renews those in ``docs/screenshots/windows``. Whatever wine has and Windows has not is turned off,
Microsoft's C++ runtime first of all. 1 when something does not hold.
"""

from __future__ import annotations

import json
import shutil
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from windows import held, imports, make, pe, runtime, setup, sign
from windows.machine import WINE, Trouble, say, windows_path
from windows.pc import FILE_TYPES, KEYS, Windows, digests, expect, wait_for
from windows.prepare import ready
from windows.record import Record
from windows.screen import Screen

PERSON = "สมชาย ใจดี"
THAI_WINDOWS = {"LANG": "th_TH.UTF-8"}
OLDER = "0.0.9"
TASKBAR_NAME = setup.TASKBAR_NAME.encode("utf-16-le")
NEEDED_AT_ONCE = ("vcruntime140.dll", "msvcp140.dll")
"""Of the C++ runtime: by Python itself, and by Qt, PDF and QR code."""
NEWER_IS_THERE, IN_USE, OTHER_KIND = 3, 4, 8
"""Exit codes of setup, see ``dgdesk.nsi``."""
WINE_FAILED = "X Error of failed request"
"""What wine says when its X driver ends a program, now and then while windows close."""
MOST_OF_WINE = 3


class Trial:
    """The steps, in their order; each tells what it found."""

    def __init__(self, windows: Windows, record: Record, programs: dict[str, Path], version: str, work: Path) -> None:
        """``programs`` has the frozen program's folder for each version that is tried."""
        self.windows, self.record, self.version, self.work = windows, record, version, work
        self.frozen = {each: digests(folder) for each, folder in programs.items()}
        self.folder = windows.person / "Documents" / "งานสำรวจ ปี ๒๕๖๙ (ฉบับร่าง)"
        self.draft = self.folder / "แบบสำรวจ เชียงใหม่.dgdesk"
        self.before: dict[str, str] = {}
        self.mine: dict[str, str] = {}

    @contextmanager
    def step(self, what: str) -> Iterator[dict[str, object]]:
        """Time a step and note what it found, or why it failed."""
        say(what)
        found: dict[str, object] = {}
        began = time.monotonic()
        try:
            yield found
        except (Trouble, OSError, ValueError) as error:
            self.record.failed(what, time.monotonic() - began, str(error))
            raise Trouble(f"{what}: {error}") from error
        self.record.passed(what, time.monotonic() - began, found)

    def setup(self, version: str, *options: str) -> int:
        """Run a setup file without a window and return its exit code."""
        folder = make.DIST if version == self.version else self.work
        code = self.windows.run(folder / make.setup_name(version), "/S", *options).returncode
        self.windows.machine.run(["sleep", "1"])
        return code

    def check_installed(self, program: Path, version: str, root: str = "HKCU") -> None:
        """Make sure that the program's folder holds just what setup brought."""
        there = digests(program)
        there.pop("uninstall.exe", None)
        differ = sorted({name for name, _ in set(there.items()) ^ set(self.frozen[version].items())})
        expect(not differ, f"not what was frozen: {differ[:5]}")
        told = self.windows.registry(KEYS[0], root)
        expect(version in told, f"the registry does not say {version}")

    def check_mine(self) -> None:
        """Make sure that nothing of the person's was changed."""
        now = {**digests(self.folder), **digests(self.windows.profile)}
        expect(now == self.mine, f"changed: {sorted(set(now.items()) ^ set(self.mine.items()))[:5]}")

    def install_older(self) -> None:
        """Install an older version on a PC that has none."""
        windows = self.windows
        with self.step("the older version is installed without a word") as found:
            self.before = digests(windows.person)
            code = self.setup(OLDER)
            expect(code == 0, f"setup ended with {code}")
            self.check_installed(windows.program, OLDER)
            for shortcut in windows.shortcuts:
                expect(shortcut.is_file(), f"there is no {shortcut.name} in {shortcut.parent.name}")
            for key in KEYS:
                expect(bool(windows.registry(key)), f"the registry lacks {key}")
            named = [shortcut for shortcut in windows.shortcuts if TASKBAR_NAME in shortcut.read_bytes()]
            found["shortcuts with the taskbar's name"] = f"{len(named)} of {len(windows.shortcuts)}"
            found["files"] = len(self.frozen[OLDER])

    def check_signatures(self, by: sign.Signer) -> None:
        """Look at the older version, whose setup was signed with a certificate of the trial's."""
        with self.step("every program and library of a signed version is signed, the uninstaller too") as found:
            files = sign.programs(self.windows.program)
            bare = sign.unsigned(self.windows.program)
            expect(not bare, f"not signed: {[path.name for path in bare[:5]]}")
            ours = [self.work / make.setup_name(OLDER)]
            ours += [self.windows.program / name for name in ("uninstall.exe", "dgdesk.exe", "dgdesk-cli.exe")]
            wrong = sign.not_by(by, ours)
            expect(not wrong, f"signed wrongly: {[path.name for path in wrong]}")
            contents = {path.name: path.read_bytes() for path in ours}
            unsound = [name for name, each in contents.items() if pe.read(each).checksum != pe.right_checksum(each)]
            expect(not unsound, f"with a wrong checksum: {unsound}")
            found["signed"] = len(files)

    def miss_runtime(self) -> None:
        """Take each file of the C++ runtime away in turn: the check of the build misses it.

        Without those that the most of it asks for, the program has to fail too; each self-test takes its time.
        """
        windows = self.windows
        with self.step("without a file of the C++ runtime the check fails and the program does not run") as found:
            inside = windows.program / "_internal"
            files = sorted(path for path in inside.glob("*.dll") if runtime.plain_name(path.name))
            expect(len(files) > 1, "there is no C++ runtime in _internal")
            for path in files:
                aside = path.rename(windows.prefix / path.name)
                try:
                    gone = imports.missing(imports.asked(windows.program), imports.of_windows())
                    expect(any(each.startswith(path.name.lower()) for each in gone), f"{path.name} is not missed")
                    if path.name.lower() not in NEEDED_AT_ONCE:
                        continue
                    report = windows.person / "Documents" / "ไม่ครบ"
                    words = ["--selftest", windows_path(report), "--platform", "windows"]
                    done = windows.run(windows.program / "dgdesk-cli.exe", *words, seconds=600)
                    expect(done.returncode != 0, f"the self-test passes without {path.name}")
                    shutil.rmtree(report, ignore_errors=True)
                finally:
                    aside.rename(path)
            found["files taken away in turn"] = len(files)

    def make_draft(self) -> None:
        """Let the installed program make a draft below a Thai folder of a Thai person."""
        with self.step("the installed program fills, prints, signs and checks a draft in a Thai folder") as found:
            demo = self.windows.person / "Documents" / "ตัวอย่าง"
            done = self.windows.run(self.windows.program / "dgdesk-cli.exe", "demo", windows_path(demo))
            expect(done.returncode == 0, f"demo ended with {done.returncode}: {done.stdout[-300:]}{done.stderr[-300:]}")
            expect("ทำงานตัวอย่างครบแล้ว" in done.stdout, "the program's Thai did not come through")
            self.folder.mkdir(parents=True)
            shutil.copy(demo / "demo.dgdesk", self.draft)
            shutil.rmtree(demo)
            found["draft bytes"] = self.draft.stat().st_size
            key = self.windows.profile / "identity" / "ลายเซ็น.key"
            key.parent.mkdir(parents=True, exist_ok=True)
            key.write_text("กุญแจของสมชาย", encoding="utf-8")
            settings = self.windows.profile / "settings.json"
            settings.write_text(json.dumps({"who": PERSON}), encoding="utf-8")

    def open_by_association(self, picture: str) -> None:
        """Open the draft as a double click does, and look."""
        with self.step(f"a double click on the draft opens it ({picture})") as found:
            self.windows.join_file_types()
            lock = self.draft.with_name(self.draft.name + ".lock")
            expect(not lock.exists(), "the draft's lock of an earlier run is still there")
            self.windows.start(self.draft)
            found["seconds until the draft was open"] = round(wait_for("the draft's lock", lock.exists), 1)
            self.windows.screen.settle()
            self.windows.screen.shoot(picture)

    def meet_again(self) -> None:
        """Go to the open draft a second time."""
        with self.step("a draft that is open is open already to everybody else (held)") as found:
            found.update(held.meet_again(self.windows, self.draft, "held"))

    def refuse_while_open(self) -> None:
        """Setup leaves a program alone that is running."""
        with self.step("setup refuses while the program is open") as found:
            code = self.setup(self.version)
            expect(code == IN_USE, f"setup ended with {code}")
            self.check_installed(self.windows.program, OLDER)
            found["exit code"] = code

    def upgrade(self) -> None:
        """Upgrade in place."""
        windows = self.windows
        with self.step("the new version is installed over the older one; drafts, keys and settings stay") as found:
            windows.close_program()
            self.mine = {**digests(self.folder), **digests(windows.profile)}
            stale = windows.program / "_internal" / "stale" / "old.dll"
            stale.parent.mkdir()
            stale.write_bytes(b"of the older version")
            windows.shortcuts[1].unlink()
            code = self.setup(self.version)
            expect(code == 0, f"setup ended with {code}")
            self.check_installed(windows.program, self.version)
            expect(not windows.shortcuts[1].exists(), "the icon that the person took off the desktop is back")
            self.check_mine()
            found["installed bytes"] = sum(path.stat().st_size for path in windows.program.rglob("*") if path.is_file())

    def self_test(self) -> None:
        """Let the installed program test itself."""
        with self.step("the installed program passes its self-test") as found:
            folder = self.windows.person / "Documents" / "ตรวจโปรแกรม"
            # The self-test's own choice, a screen in memory, warns on Windows that it finds no fonts.
            words = ["--selftest", windows_path(folder), "--platform", "windows"]
            keep, broken = self.work / "selftest", 0
            for _ in range(MOST_OF_WINE):
                done = self.windows.run(self.windows.program / "dgdesk-cli.exe", *words, seconds=1800)
                shutil.rmtree(keep, ignore_errors=True)
                if folder.exists():
                    shutil.move(folder, keep)
                if WINE_FAILED not in done.stderr:
                    break
                broken += 1
            expect(done.returncode == 0, f"it ended with {done.returncode}: {done.stdout[-600:]}{done.stderr[-300:]}")
            told = json.loads((keep / "selftest.json").read_text(encoding="utf-8"))
            found["its own seconds"] = told.get("seconds")
            found["steps"] = len(told["steps"])
            found["runs that wine's X driver ended"] = broken
            self.record.versions = told.get("versions", {})

    def refuse_downgrade(self) -> None:
        """An older setup leaves a newer program alone."""
        with self.step("the older version refuses to replace the newer one") as found:
            self.windows.close_program()
            self.mine = {**digests(self.folder), **digests(self.windows.profile)}
            code = self.setup(OLDER)
            expect(code == NEWER_IS_THERE, f"setup ended with {code}")
            self.check_installed(self.windows.program, self.version)
            self.check_mine()
            found["exit code"] = code

    def uninstall(self) -> None:
        """Uninstall, and leave only what is the person's."""
        windows = self.windows
        with self.step("uninstalling leaves drafts, keys and settings, and nothing else") as found:
            code = windows.run(windows.program / "uninstall.exe", "/S").returncode
            expect(code == 0, f"uninstall.exe ended with {code}")
            # It works from a copy of itself, and the first process ends at once.
            wait_for("the program's folder to go", lambda: not windows.program.exists())
            windows.machine.run(["sleep", "2"])
            self.check_mine()
            allowed = [self.folder.relative_to(windows.person), windows.profile.relative_to(windows.person)]
            left = [
                name
                for name in digests(windows.person)
                if name not in self.before
                and not any(Path(name).is_relative_to(place) for place in allowed)
                and not name.startswith("AppData/Local/Temp/")
            ]
            expect(not left, f"left behind: {left[:5]}")
            for key in (*KEYS, *FILE_TYPES):
                expect("dgdesk" not in windows.registry(key), f"the registry still has {key}")
            temporary = windows.person / "AppData" / "Local" / "Temp"
            found["left in Temp"] = sum(1 for path in temporary.rglob("*") if path.is_file())

    def other_folder(self) -> None:
        """Install into a folder of the person's choice, and keep what the person put there."""
        windows = self.windows
        with self.step("a folder with a Thai name can be chosen, and a file put there survives uninstalling"):
            place = windows.prefix / "drive_c" / "โปรแกรมของจังหวัด"
            code = self.setup(self.version, "/D=C:\\โปรแกรมของจังหวัด")
            expect(code == 0, f"setup ended with {code}")
            self.check_installed(place, self.version)
            # the same folder by its other name is no second place, whose old copy would go
            code = self.setup(self.version, f"/D={windows_path(place)}")
            expect(code == 0 and (place / "dgdesk.exe").is_file(), f"by another name, setup ended with {code}")
            (place / "บันทึก.dgdesk").write_bytes(b"a draft saved in the wrong place")
            windows.run(place / "uninstall.exe", "/S")
            wait_for("the program to go", lambda: not (place / "uninstall.exe").exists())
            windows.machine.run(["sleep", "1"])
            left = list(digests(place))
            expect(left == ["บันทึก.dgdesk"], f"left: {left[:5]}")

    def for_all(self) -> None:
        """Install for the whole PC as an office does, and refuse a second installation of the other kind."""
        windows = self.windows
        with self.step("for all users, without a word; the two kinds of installation refuse each other") as found:
            place = windows.prefix / "drive_c" / "Program Files" / "dgdesk"
            expect(self.setup(self.version) == 0, "it could not be installed for one person")
            code = self.setup(self.version, "/ALLUSERS")
            expect(code == OTHER_KIND, f"beside a person's own, setup for all ended with {code}")
            windows.run(windows.program / "uninstall.exe", "/S")
            wait_for("the program to go", lambda: not windows.program.exists())
            code = self.setup(self.version, "/ALLUSERS")
            expect(code == 0, f"setup for all users ended with {code}")
            self.check_installed(place, self.version, "HKLM")
            expect(not windows.registry(KEYS[0]), "the person's registry says that it is installed")
            code = self.setup(self.version)
            expect(code == OTHER_KIND, f"beside one for all, setup for a person ended with {code}")
            found["exit code of the refusal"] = code
            self.check_installed(place, self.version, "HKLM")
            done = windows.run(place / "dgdesk-cli.exe", "--version")
            expect(self.version in done.stdout, f"it does not run: {done.stdout}{done.stderr}")
            # by another name of the folder than Windows' list of programs has: wine's Z: leads there too
            windows.run(place / "uninstall.exe", "/S")
            wait_for("the program to go", lambda: not place.exists())
            windows.machine.run(["sleep", "1"])
            for key in KEYS[:2]:
                expect("dgdesk" not in windows.registry(key, "HKLM"), f"the PC's registry still has {key}")

    def portable(self) -> None:
        """Run the portable program from a folder, with its settings beside it."""
        windows = self.windows
        with self.step("the portable ZIP runs from a folder and keeps its profile beside it (portable)"):
            stick = windows.prefix / "drive_c" / "แฟลชไดรฟ์"
            shutil.unpack_archive(make.DIST / make.zip_name(self.version), stick)
            untouched = digests(windows.profile)
            program = stick / "dgdesk"
            mine = program / "profile"
            mine.mkdir()
            (mine / "settings.json").write_text(json.dumps({"who": PERSON}), encoding="utf-8")
            lock = self.draft.with_name(self.draft.name + ".lock")
            expect(not lock.exists(), "the draft's lock of an earlier run is still there")
            windows.start(program / "dgdesk.exe", windows_path(self.draft))
            wait_for("the draft's lock", lock.exists)
            windows.screen.settle()
            windows.screen.shoot("portable")
            windows.close_program()
            expect("open_draft" in (mine / "settings.json").read_text(encoding="utf-8"), "its settings are elsewhere")
            expect(digests(windows.profile) == untouched, "it wrote into the PC's profile")

    def all(self, by: sign.Signer) -> None:
        """Take the steps; ``by`` signed the older version.

        Raises:
            Trouble: one of them failed; the record says which.
        """
        self.install_older()
        self.check_signatures(by)
        self.miss_runtime()
        self.make_draft()
        self.open_by_association("older")
        self.meet_again()
        self.refuse_while_open()
        self.upgrade()
        self.self_test()
        self.open_by_association("opened")
        self.refuse_downgrade()
        self.uninstall()
        self.other_folder()
        self.for_all()
        self.portable()


def main(arguments: Sequence[str], pip: Sequence[str]) -> int:
    """Try everything; see the module's text. ``pip`` is the command that brings packages."""
    parser = ArgumentParser(prog="build/dev.py windows-test")
    parser.add_argument("--pictures", action="store_true")
    wanted = parser.parse_args(arguments)
    try:
        _try(wanted.pictures, pip)
    except (Trouble, OSError, ValueError) as error:
        print(f"windows: {error}", file=sys.stderr)
        return 1
    say("all steps passed")
    return 0


def _try(pictures: bool, pip: Sequence[str]) -> None:
    version = setup.read_version(make.ROOT)
    frozen = make.DIST / "dgdesk"
    for needed in (make.DIST / make.setup_name(version), make.DIST / make.zip_name(version), frozen):
        expect(needed.exists(), f"there is no {needed.name}; build/dev.py windows makes it.")
    plain = ready(make.home(), make.ROOT, pip)
    work = plain.home / "trial"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    record = Record(make.DIST, version)
    machine = replace(plain, person=PERSON, variables=THAI_WINDOWS)
    record.tools = {
        "wine": machine.must("wine", [WINE, "--version"]).strip(),
        "NSIS": machine.must("makensis", ["makensis", "-VERSION"]).strip(),
    }
    prefix = work / "prefix"
    with Screen(machine, prefix, work) as screen:
        try:
            say(f"making the older version {OLDER} of the same program, signed")
            by = sign.trial_certificate(work)
            signed = make.signed_copy(frozen, work / "signed" / "dgdesk", by)
            older = work / make.setup_name(OLDER)
            setup.build(plain, signed, OLDER, older, make.draw_icon(plain), make.epoch(), quickly=True, by=by)
            machine.new_prefix(prefix)
            screen.prepare(make.ROOT / "resources" / "fonts")
            programs = {OLDER: signed, version: frozen}
            trial = Trial(Windows(machine, prefix, screen), record, programs, version, work)
            trial.all(by)
            screen.setup_pages(make.DIST / make.setup_name(version))
        finally:
            machine.settle(prefix, end=True)
            record.write(make.DIST / "windows-test.md")
    if lacking := record.lacking():
        say(f"docs/windows-test.md stays as it is: {'; '.join(lacking)}")
    else:
        record.write(make.ROOT / "docs" / "windows-test.md")
    if pictures:
        screen.keep(make.ROOT / "docs" / "screenshots" / "windows")
    # what was tried is in the record; the Windows that it was tried in takes 0.4 GB
    shutil.rmtree(prefix)
