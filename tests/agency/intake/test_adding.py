"""What a person adds to a ledger, files and folders in whatever order, is in it once and is read once."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bundle.support import NOW
from dgdesk.agency.intake import judging
from dgdesk.agency.intake.adding import Added, Adding, add_places, look_again
from dgdesk.agency.intake.judging import Judging
from dgdesk.agency.intake.places import Part, parts_of
from dgdesk.agency.ledger.addenda import forget
from dgdesk.agency.ledger.database import Ledger
from dgdesk.agency.ledger.making import open_ledger
from dgdesk.agency.ledger.reading import bundles, files
from dgdesk.agency.overview import Overview, read_overview
from dgdesk.bundle.encryption.age_keys import make_key
from dgdesk.bundle.encryption.encrypt import encrypt_file
from dgdesk.bundle.signing.trust_list import read_trusted
from dgdesk.errors import UsageError
from dgdesk.system.progress import NO_PROGRESS, Cancelled, Progress
from ui.agency.parcels import Parcels, bundle, make_parcels


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Parcels:
    return make_parcels(tmp_path_factory.mktemp("parcels"))


@pytest.fixture
def parcels(made: Parcels, tmp_path: Path) -> Parcels:
    inbox = tmp_path / made.inbox.name
    shutil.copytree(made.inbox, inbox)
    return Parcels(inbox, made.certificates, inbox / made.nan.relative_to(made.inbox), made.nan_signer, made.pems)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(tmp_path / "ทะเบียน.ledger", make=True) as found:
        yield found


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the bundles that were opened."""
    names: list[str] = []
    real = judging.open_bundle

    def count(path: Path) -> object:
        names.append(path.name)
        return real(path)

    monkeypatch.setattr(judging, "open_bundle", count)
    return names


def adding(ledger: Ledger, parcels: Parcels, progress: Progress = NO_PROGRESS, *, keys: tuple[str, ...] = ()) -> Adding:
    return Adding(ledger, Judging(read_trusted(list(parcels.pems)), keys, NOW), "1", lambda: NOW, progress)


def add(ledger: Ledger, parcels: Parcels, *places: Path) -> Overview:
    add_places(adding(ledger, parcels), places)
    return read_overview(ledger)


def states(found: Overview) -> dict[str, str | None]:
    return {one.place.name: one.file.verdict for one in found.files}


def test_a_second_time_no_bundle_is_opened(ledger: Ledger, parcels: Parcels, opened: list[str]) -> None:
    first = add(ledger, parcels, parcels.inbox)
    assert len(opened) == 6
    opened.clear()
    second = add(ledger, parcels, parcels.inbox)
    assert opened == [] and states(first) == states(second)
    assert add_places(adding(ledger, parcels), [parcels.inbox, parcels.nan]).judged == 0 and opened == []


@pytest.mark.parametrize("order", ["file first", "inner first", "whole first", "at once"])
def test_files_and_folders_in_one_another_are_there_once(
    ledger: Ledger, parcels: Parcels, opened: list[str], order: str
) -> None:
    inner, stray = parcels.nan.parent, parcels.inbox / "ตาก.zip"
    places = {
        "file first": [[parcels.nan], [stray], [inner], [parcels.inbox]],
        "inner first": [[inner], [stray], [parcels.nan], [parcels.inbox]],
        "whole first": [[parcels.inbox], [inner], [parcels.nan], [stray]],
        "at once": [[parcels.nan, inner, stray, parcels.inbox, parcels.inbox]],
    }
    for some in places[order]:
        found = add(ledger, parcels, *some)
    assert len(found.files) == 6 == len({one.place for one in found.files}) == len(opened) == len(list(files(ledger)))
    assert all(line.chain is None or line.chain.copies == 0 for line in found.lines)


def test_one_file_of_a_folder_brings_none_of_the_others(ledger: Ledger, parcels: Parcels) -> None:
    found = add(ledger, parcels, parcels.nan)
    assert list(states(found)) == [parcels.nan.name]
    assert look_again(adding(ledger, parcels)).looked.files == 1
    assert list(states(read_overview(ledger))) == [parcels.nan.name]


def test_another_trust_list_reads_no_bundle(ledger: Ledger, parcels: Parcels, opened: list[str]) -> None:
    add(ledger, parcels, parcels.inbox)
    opened.clear()
    only = Adding(ledger, Judging(read_trusted([parcels.pems[1]]), (), NOW), "1", lambda: NOW)
    assert look_again(only).again.changed >= 1 and opened == []
    assert states(read_overview(ledger))[parcels.nan.name] == "refused"
    look_again(adding(ledger, parcels))
    assert states(read_overview(ledger))[parcels.nan.name] == "accepted" and opened == []


def test_a_stick_that_is_pulled_out_loses_no_verdict(ledger: Ledger, parcels: Parcels, opened: list[str]) -> None:
    before = add(ledger, parcels, parcels.inbox)
    opened.clear()
    away = parcels.inbox.with_name("ดึงออก")
    parcels.inbox.rename(away)
    assert look_again(adding(ledger, parcels)).looked.missing == 6
    found = read_overview(ledger)
    assert states(found) == states(before) and all(one.missing for one in found.files)
    assert [line.state for line in found.lines] == [line.state for line in before.lines]
    away.rename(parcels.inbox)
    look_again(adding(ledger, parcels))
    assert not any(one.missing for one in read_overview(ledger).files) and opened == []


def test_what_was_stopped_goes_on_and_nothing_is_read_twice(
    ledger: Ledger, parcels: Parcels, opened: list[str]
) -> None:
    def cancelled() -> bool:
        return len(opened) >= 3

    with pytest.raises(Cancelled):
        add_places(adding(ledger, parcels, Progress(is_cancelled=cancelled)), [parcels.inbox])
    found = read_overview(ledger)
    assert len(found.files) == 6 and 0 < sum(one.file.verdict is None for one in found.files) < 6
    known = {name for name, verdict in states(found).items() if verdict is not None}
    opened.clear()
    look_again(adding(ledger, parcels))
    assert None not in states(read_overview(ledger)).values() and not known & set(opened)


def test_the_same_folder_added_by_two_at_once_is_judged_once(
    ledger: Ledger, parcels: Parcels, opened: list[str]
) -> None:
    for number in range(12):
        bundle(parcels.inbox / f"{number}.zip", parcels.nan_signer, "TH-55", answer="no" if number % 2 else "yes")
    results: list[Added] = []

    def work() -> None:
        with open_ledger(ledger.place) as own:
            results.append(add_places(adding(own, parcels), [parcels.inbox]))

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 2 and sum(one.judged for one in results) == 18 == len(opened)
    assert sorted(opened) == sorted(states(read_overview(ledger)))


def test_a_bundle_that_was_opened_with_a_key_stays_opened(ledger: Ledger, parcels: Parcels, tmp_path: Path) -> None:
    secret, public = make_key()
    sealed = tmp_path / "เข้ารหัส"
    sealed.mkdir()
    encrypt_file(parcels.nan, sealed / "น่าน.zip.age", [public])
    first = add_places(adding(ledger, parcels), [sealed])
    assert [path.name for path in first.sealed] == ["น่าน.zip.age"]
    assert states(read_overview(ledger)) == {"น่าน.zip.age": "encrypted"}
    add_places(adding(ledger, parcels, keys=(secret,)), [sealed])
    assert states(read_overview(ledger)) == {"น่าน.zip.age": "accepted"}
    for again in (lambda: add_places(adding(ledger, parcels), [sealed]), lambda: look_again(adding(ledger, parcels))):
        check_still_opened(again, ledger)


def check_still_opened(again: Callable[[], Added], ledger: Ledger) -> None:
    assert again().sealed == ()
    assert states(read_overview(ledger)) == {"น่าน.zip.age": "accepted"}


def test_what_is_taken_out_is_forgotten_and_the_rest_stays(ledger: Ledger, parcels: Parcels) -> None:
    shutil.copy(parcels.nan, parcels.inbox / "สำเนา.zip")
    found = add(ledger, parcels, parcels.inbox)
    nan = [one.file for one in found.files if one.place == parcels.nan]
    count = len(list(bundles(ledger)))
    forget(ledger, nan)
    assert len(list(bundles(ledger))) == count  # its copy is here
    forget(ledger, [one.file for one in read_overview(ledger).files if one.name == "สำเนา.zip"])
    left = read_overview(ledger)
    assert len(list(bundles(ledger))) == count - 1 and parcels.nan.exists()
    assert [one.known for one in left.files if one.addendum is not None] == [False]


def test_a_folder_that_holds_the_ledger_itself_and_an_empty_one_are_refused(
    ledger: Ledger, parcels: Parcels, tmp_path: Path
) -> None:
    empty = tmp_path / "ว่าง"
    empty.mkdir()
    with pytest.raises(UsageError, match=r"receiver\.no_bundles"):
        add_places(adding(ledger, parcels), [empty])
    with pytest.raises(UsageError, match=r"intake\.inside"):
        add_places(adding(ledger, parcels), [tmp_path])
    assert list(files(ledger)) == []


def test_parts_are_of_the_inbox_in_which_they_lie(tmp_path: Path) -> None:
    root = tmp_path / "a"
    (root / "b" / "c").mkdir(parents=True)
    known = {"/somewhere/else": Path("/somewhere/else"), str(root / "b"): root / "b"}
    (inside,) = parts_of([root / "b" / "c"], known)
    assert inside == Part(str(root / "b"), root / "b", "c") and inside.place == root / "b" / "c"
    assert inside.concerns("c/x.zip") and not inside.concerns("cd.zip")
    (whole,) = parts_of([root, root / "b"], {})
    assert whole == Part(str(root), root)
    (alone,) = parts_of([root / "x.zip"], known)
    assert alone == Part(str(root), root, "x.zip", is_file=True) and not alone.concerns("y.zip")
