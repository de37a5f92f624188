"""Drafts: a new one made from an edition, an old one opened as it was."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from dgdesk.draft.file.model import Clock, Damage
from dgdesk.draft.file.opening import create_draft_file, open_draft_file
from dgdesk.draft.file.store import DraftFile
from dgdesk.draft.session import FormSession
from dgdesk.errors import DgdeskError, FileError
from dgdesk.resources import resource
from dgdesk.survey.definition.build import build_form
from dgdesk.survey.definition.form import Form
from dgdesk.survey.definition.lint import lint_structure
from dgdesk.survey.definition.load import freeze, load_definition, thaw
from dgdesk.survey.rules.rubric import Rubric, load_rubric
from dgdesk.survey.rules.rubric_check import check_rubric
from dgdesk.survey.rules.state import make_rules
from dgdesk.system.progress import NO_PROGRESS, Progress
from dgdesk.text.dates import thai_day

if TYPE_CHECKING:
    from dgdesk.draft.damage import Named
    from dgdesk.draft.file.repair import Repaired
    from dgdesk.evidence.documents import Documents
    from dgdesk.survey.rules.search_words import SearchWords

EDITION = "th-province-2568"
PROVINCE = "general.province"
SUFFIX = ".dgdesk"


@dataclass(frozen=True)
class Draft:
    """An open draft: the draft file, and the session that changes it. Close it, or use it as a context manager."""

    package: DraftFile
    session: FormSession

    @property
    def path(self) -> Path:
        """The path of the file."""
        return self.package.path

    @property
    def province(self) -> str | None:
        """The name of the chosen province; None if there is none yet."""
        chosen = self.session.state.facts.answers.get(PROVINCE)
        field = self.session.form.node(PROVINCE).field
        return next((option.label for option in field.options if option.id == chosen), None)

    def close(self) -> None:
        """Close the file."""
        self.package.close()

    def __enter__(self) -> Draft:
        """Enter a context that closes the draft."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the draft."""
        self.close()


def load_form(edition: str = EDITION) -> Form:
    """Return the form of an edition that ships with the program.

    Raises:
        FileError: ``draft.unknown_edition``, or what is wrong with its files.
    """
    return _form_in(edition_folder(edition))


def load_forms() -> tuple[Form, ...]:
    """Return the forms of all editions that ship with the program. Raises as `load_form`."""
    return tuple(load_form(edition) for edition in editions())


def edition_words(edition: str) -> SearchWords:
    """Return the words to search for that ship with the program for an edition. Raises as `load_form`."""
    from dgdesk.survey.rules.search_words import FILE, load_search_words  # only the window searches

    return load_search_words(edition_folder(edition) / FILE)


def edition_rubric(edition: str) -> Rubric:
    """Return the rubric that ships with the program for an edition. Raises as `load_form`."""
    return _rubric_in(edition_folder(edition))


def new_draft(
    path: Path,
    *,
    clock: Clock,
    who: str,
    edition: str = EDITION,
    province: str | None = None,
    documents: Documents | None = None,
) -> Draft:
    """Make a draft; ``province`` (a code such as ``TH-50``) becomes its first answer.

    Raises:
        FileError: see `create_draft_file`.
        UsageError: there is no such province.
    """
    form = load_form(edition)
    rules = make_rules(form, edition_rubric(edition))
    package = create_draft_file(
        path, definition=freeze(form.definition), meta={"edition": edition}, clock=clock, who=who
    )
    try:
        draft = Draft(package, FormSession(rules, package, _today(clock), documents))
        if province is not None:
            draft.session.answer(PROVINCE, province)
    except BaseException:
        package.close()
        package.path.unlink(missing_ok=True)
        raise
    return draft


def open_draft(
    path: Path,
    *,
    clock: Clock,
    who: str,
    read_only: bool = False,
    folder_as_it_is: bool = False,
    documents: Documents | None = None,
) -> Draft:
    """Open a draft with the questionnaire it was begun with.

    ``documents`` reads its evidence; ``folder_as_it_is`` as in `open_draft_file`.

    Raises:
        FileError: see `open_draft_file`; ``draft.unknown_edition`` if the program has no rubric for its edition,
            ``definition.frozen_invalid`` if the questionnaire inside is not valid, ``draft.other_rubric`` if the
            rubric does not fit it.
    """
    package = open_draft_file(path, clock=clock, who=who, read_only=read_only, folder_as_it_is=folder_as_it_is)
    try:
        form, sound = _frozen_form(package.definition)
        rubric = edition_rubric(form.definition.edition)
        if not sound:
            raise FileError("definition.frozen_invalid")
        if check_rubric(rubric, form):
            raise FileError("draft.other_rubric", edition=form.definition.edition)
        rules = make_rules(form, rubric)
        return Draft(package, FormSession(rules, package, _today(clock), documents))
    except BaseException:
        package.close()
        raise


def repair_draft(
    source: Path,
    target: Path,
    *,
    clock: Clock,
    who: str,
    progress: Progress = NO_PROGRESS,
) -> Repaired:
    """Save what can be saved of a damaged draft into a new file, with the help of the program's own questionnaires.

    Raises:
        as `repair_draft_file`.
    """
    from dgdesk.draft.file.repair import repair_draft_file

    shipped = {edition: freeze(load_form(edition).definition) for edition in editions()}
    return repair_draft_file(source, target, editions=shipped, clock=clock, who=who, progress=progress)


def named_damage(damages: Iterable[Damage], package: DraftFile) -> tuple[Named, ...]:
    """Return damage with the names of files and the printed places, as far as the draft still knows them."""
    from dgdesk.draft.damage import Named, name_damage

    try:
        form = _frozen_form(package.definition)[0]
    except DgdeskError:
        return tuple(Named(*one) for one in damages)
    return name_damage(damages, form, package)


def named_losses(done: Repaired, *, clock: Clock, who: str) -> tuple[Named, ...]:
    """Return the losses of a repair, as `named_damage` by the new file."""
    with open_draft_file(done.path, clock=clock, who=who, read_only=True) as package:
        return named_damage(done.losses, package)


def find_province(form: Form, name: str) -> str | None:
    """Return the code of a province given by its code or its Thai name; None if it is unknown."""
    options = form.node(PROVINCE).field.options
    return next((option.id for option in options if name.strip() in (option.id, option.label)), None)


def editions() -> Iterator[str]:
    """Yield the editions that ship with the program."""
    yield from sorted(path.parent.name for path in resource("questionnaires").glob("*/edition.yaml"))


def edition_folder(edition: str) -> Path:
    """Return the folder with the data files of an edition. Raises FileError ``draft.unknown_edition``."""
    if edition not in editions():
        raise FileError("draft.unknown_edition", edition=edition)
    return resource(f"questionnaires/{edition}")


# Reading an edition takes as long as the rest of opening a draft. Forms and rubrics are immutable, and the program's
# own files do not change while it runs, so each is read only once.


@lru_cache(maxsize=8)
def _form_in(folder: Path) -> Form:
    return build_form(load_definition(folder))


@lru_cache(maxsize=8)
def _rubric_in(folder: Path) -> Rubric:
    return load_rubric(folder / "rubric.yaml", shipped=True)


@lru_cache(maxsize=2)
def _frozen_form(frozen: bytes) -> tuple[Form, bool]:
    """The form of a frozen definition, and whether it is valid: a file from another PC may hold anything."""
    form = build_form(thaw(frozen))
    return form, not lint_structure(form) and PROVINCE in form.position


def _today(clock: Clock) -> Callable[[], date]:
    return lambda: thai_day(clock())
