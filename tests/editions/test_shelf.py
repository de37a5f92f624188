"""Installing an edition: from signers who were enrolled once, never an older version, never other content."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from bundle.support import code_of
from dgdesk.bundle.signing.cms_form import write_form
from dgdesk.bundle.signing.identity import Identity, create_identity
from dgdesk.draft.drafts import load_form, new_draft, newest_edition, open_draft
from dgdesk.editions.shelf import damage, enrol, install, listed, remove, signers
from dgdesk.errors import CheckFailed, FileError, UsageError
from dgdesk.system.profile import Profile
from dgdesk.text.editions import edition_heads, read_editions_again
from editions.making import DEPARTMENT_EDITION, DEPARTMENTS, NOW, agency, copy_of, forged, pack_of, payload_of


def state_of(folder: Path) -> dict[str, bytes]:
    """Every file of a profile, to show that nothing was changed."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def version(signer: Identity, folder: Path, number: int, **changes: tuple[str, str]) -> Path:
    data = copy_of(DEPARTMENTS, folder / f"data-{number}-{len(changes)}", **changes)
    return pack_of(data, folder / f"v{number}-{len(changes)}.dgedition", signer, number)


def test_a_signer_is_enrolled_once(departments: Path, signer: Identity, profile: Profile, tmp_path: Path) -> None:
    assert code_of(install, departments, profile) == "edition.refused"
    assert not profile.root.exists() or state_of(profile.root) == {}
    assert not install(departments, profile, [signer.certificate]).already
    assert signers(profile) == (signer.certificate,)
    later = version(signer, tmp_path, 2)
    assert not install(later, profile).already
    assert [(head.id, head.version) for head in listed() if not head.shipped] == [
        (DEPARTMENT_EDITION, 2),
        (DEPARTMENT_EDITION, 1),
    ]


def test_a_stranger_changes_nothing(
    departments: Path, signer: Identity, stranger: Identity, profile: Profile, tmp_path: Path
) -> None:
    install(departments, profile, [signer.certificate])
    before = state_of(profile.root)
    other = version(stranger, tmp_path, 5)
    assert code_of(install, other, profile) == "edition.refused"
    assert state_of(profile.root) == before


def test_installing_again_changes_nothing(departments: Path, signer: Identity, profile: Profile) -> None:
    install(departments, profile, [signer.certificate])
    before = state_of(profile.root)
    assert install(departments, profile).already and state_of(profile.root) == before


def test_a_version_never_goes_back(signer: Identity, profile: Profile, tmp_path: Path) -> None:
    enrol(profile, [signer.certificate])
    install(version(signer, tmp_path, 3), profile)
    old = version(signer, tmp_path, 2)
    assert code_of(install, old, profile) == "edition.older"
    assert remove(DEPARTMENT_EDITION, profile) == 1
    assert code_of(install, old, profile) == "edition.older"
    assert not install(tmp_path / "v3-0.dgedition", profile).already


def test_one_number_has_one_content(signer: Identity, profile: Profile, tmp_path: Path) -> None:
    enrol(profile, [signer.certificate])
    install(version(signer, tmp_path, 1), profile)
    other = version(signer, tmp_path, 1, d1=("กรมมีแผนดิจิทัลหรือไม่", "กรมมีแผนอื่นหรือไม่"))
    before = state_of(profile.root)
    assert code_of(install, other, profile) == "edition.other_content"
    assert state_of(profile.root) == before


def test_one_number_has_one_content_also_after_it_was_removed(
    signer: Identity, profile: Profile, tmp_path: Path
) -> None:
    enrol(profile, [signer.certificate])
    first = version(signer, tmp_path, 1)
    install(first, profile)
    remove(DEPARTMENT_EDITION, profile)
    other = version(signer, tmp_path, 1, d1=("กรมมีแผนดิจิทัลหรือไม่", "กรมมีแผนอื่นหรือไม่"))
    before = state_of(profile.root)
    assert code_of(install, other, profile) == "edition.other_content"
    assert state_of(profile.root) == before
    assert not install(first, profile).already


def test_a_pack_of_a_certificate_that_had_ended_is_refused(
    profile: Profile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    past = NOW - timedelta(days=4000)
    old = create_identity(tmp_path / "old", person="ก", province="สพร.", passphrase=None, now=past)
    data = payload_of(pack_of(DEPARTMENTS, tmp_path / "good.dgedition", agency(tmp_path / "agency")))
    with pytest.raises(UsageError, match=r"identity\.expired"):
        pack_of(DEPARTMENTS, tmp_path / "bad.dgedition", old)
    chain = [old.certificate.public_bytes(Encoding.DER)]
    with monkeypatch.context() as patch:  # a program that does not look at the days
        patch.setattr("dgdesk.bundle.signed_bag.sign", lambda text, by, moment: write_form(text, by.key, chain, moment))
        bad = forged(tmp_path / "bad.dgedition", data, old)
    with pytest.raises(CheckFailed) as caught:
        install(bad, profile, [old.certificate])
    assert caught.value.code == "edition.refused"
    assert "signature.expired" in {code for code, _ in caught.value.details}


def test_a_newer_version_replaces_the_rubric_and_a_draft_keeps_its_form(
    signer: Identity, profile: Profile, tmp_path: Path
) -> None:
    enrol(profile, [signer.certificate])
    install(version(signer, tmp_path, 1), profile)
    path = tmp_path / "a.dgdesk"
    with new_draft(path, clock=lambda: NOW, who="ก", edition=DEPARTMENT_EDITION, respondent="0301") as draft:
        draft.session.answer("d1.1", "no")
    install(version(signer, tmp_path, 2, rubric=("credit: {yes: 1}", "credit: {yes: 1, no: 0.25}")), profile)
    with open_draft(path, clock=lambda: NOW, who="ก") as draft:
        assert draft.session.state.score.total.claimed == 25
    # a form without the question: its rubric does not fit, and the draft has that of the version it fits
    other = copy_of(DEPARTMENTS, tmp_path / "other", d1=("d1.1", "d1.2"), rubric=("d1.1", "d1.2"))
    install(pack_of(other, tmp_path / "v3.dgedition", signer, 3), profile)
    assert "d1.2" in load_form(DEPARTMENT_EDITION).position
    with open_draft(path, clock=lambda: NOW, who="ก") as draft:
        assert "d1.1" in draft.session.form.position and "d1.2" not in draft.session.form.position
        assert draft.session.state.score.total.claimed == 25


def test_an_id_keeps_its_meaning(signer: Identity, profile: Profile, tmp_path: Path) -> None:
    enrol(profile, [signer.certificate])
    install(version(signer, tmp_path, 1), profile)
    reused = version(signer, tmp_path, 2, d1=("กรมมีแผนดิจิทัลหรือไม่", "จำนวนบุคลากรด้านเทคโนโลยีสารสนเทศทั้งหมดของหน่วยงาน"))
    before = state_of(profile.root)
    with pytest.raises(CheckFailed) as caught:
        install(reused, profile)
    assert caught.value.code == "edition.reused"
    assert [values["id"] for _, values in caught.value.details] == ["d1.1"]
    assert state_of(profile.root) == before
    reworded = version(signer, tmp_path, 3, d1=("กรมมีแผนดิจิทัลหรือไม่", "หน่วยงานมีแผนดิจิทัลหรือไม่"))
    assert not install(reworded, profile).already


def test_a_draft_of_a_removed_edition_says_so_and_opens_again_later(
    departments: Path, signer: Identity, profile: Profile, tmp_path: Path
) -> None:
    install(departments, profile, [signer.certificate])
    path = tmp_path / "a.dgdesk"
    new_draft(path, clock=lambda: NOW, who="ก", edition=DEPARTMENT_EDITION, respondent="0301").close()
    remove(DEPARTMENT_EDITION, profile)
    assert code_of(open_draft, path, clock=lambda: NOW, who="ก") == "draft.unknown_edition"
    install(departments, profile)
    open_draft(path, clock=lambda: NOW, who="ก").close()


def test_what_ships_is_not_removed_and_what_is_not_there_neither(profile: Profile) -> None:
    assert code_of(remove, newest_edition(), profile) == "edition.shipped"
    assert code_of(remove, "no-such", profile) == "edition.not_installed"


@pytest.mark.parametrize("damaged", ["d1.yaml", "rubric.yaml", "departments.yaml"])
def test_changed_files_are_named_not_used_and_mended_by_installing_again(
    departments: Path, signer: Identity, profile: Profile, damaged: str
) -> None:
    install(departments, profile, [signer.certificate])
    folder = profile.editions / DEPARTMENT_EDITION / "1"
    (folder / damaged).write_bytes((folder / damaged).read_bytes() + b"# changed\n")
    assert damage(folder) == (damaged,)
    with pytest.raises(FileError) as caught:
        load_form(DEPARTMENT_EDITION)
    assert caught.value.code == "edition.damaged"
    assert not install(departments, profile).already
    assert damage(folder) == () and load_form(DEPARTMENT_EDITION)


def test_litter_in_the_folder_of_editions_is_no_edition(departments: Path, signer: Identity, profile: Profile) -> None:
    install(departments, profile, [signer.certificate])
    head = profile.editions / DEPARTMENT_EDITION / "1" / "edition.json"
    for name in ("other/1", f"{DEPARTMENT_EDITION}/9", "broken/1"):
        (profile.editions / name).mkdir(parents=True)
        shutil.copy(head, profile.editions / name)
    (profile.editions / "broken/1/edition.json").write_bytes(b"\xff" * 100)
    (profile.editions / "a file").write_bytes(b"")
    read_editions_again()
    assert edition_heads()[DEPARTMENT_EDITION].version == 1 and "other" not in edition_heads()


def test_a_pack_in_place_of_a_shipped_version_is_refused(signer: Identity, profile: Profile, tmp_path: Path) -> None:
    shipped = edition_heads()[newest_edition()]
    pack = pack_of(shipped.folder, tmp_path / "p.dgedition", signer, shipped.version)
    with pytest.raises(CheckFailed) as caught:
        install(pack, profile, [signer.certificate])
    assert caught.value.code == "edition.other_content"
    later = pack_of(shipped.folder, tmp_path / "q.dgedition", signer, shipped.version + 1)
    assert not install(later, profile, [signer.certificate]).already
    assert edition_heads()[shipped.id].version == shipped.version + 1
