"""Drafts: a new one made from an edition, an old one opened as it was."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple

from dgdesk.draft.file.model import Clock, Damage
from dgdesk.draft.file.opening import create_draft_file, open_draft_file
from dgdesk.draft.file.store import DraftFile
from dgdesk.draft.session import FormSession
from dgdesk.errors import DgdeskError, FileError, UsageError
from dgdesk.survey.answers.values import Answers
from dgdesk.survey.definition.build import build_form
from dgdesk.survey.definition.form import Form
from dgdesk.survey.definition.lint import lint_structure
from dgdesk.survey.definition.load import freeze, load_definition, thaw
from dgdesk.survey.definition.models import Contact, Issued
from dgdesk.survey.respondents import Respondent
from dgdesk.survey.rules.rubric import Rubric, load_rubric
from dgdesk.survey.rules.rubric_check import check_rubric
from dgdesk.survey.rules.state import make_rules
from dgdesk.system.progress import NO_PROGRESS, Progress
from dgdesk.text.dates import thai_day
from dgdesk.text.editions import INSTALLED_HEAD, edition_heads, edition_versions, is_shipped, require_whole

if TYPE_CHECKING:
    from dgdesk.draft.damage import Named
    from dgdesk.draft.file.repair import Repaired
    from dgdesk.evidence.documents import Documents
    from dgdesk.survey.rules.search_words import SearchWords

SUFFIX = ".dgdesk"


class Draft(NamedTuple):
    """An open draft: the draft file, and the session that changes it. Close it, or use it as a context manager."""

    package: DraftFile
    session: FormSession

    @property
    def path(self) -> Path:
        """The path of the file."""
        return self.package.path

    @property
    def respondent(self) -> Respondent | None:
        """Who answers; None if it is not said yet."""
        return self.session.form.respondent_in(self.session.state.facts.answers)

    @property
    def respondent_name(self) -> str:
        """The name of who answers; empty if it is not said yet."""
        respondent = self.respondent
        return respondent.name if respondent is not None else ""

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


def newest_edition() -> str:
    """Return the id of the edition that a new draft has unasked: that of the latest year."""
    return max(edition_heads().values(), key=lambda head: (head.year, head.shipped, head.id)).id


def load_form(edition: str | None = None) -> Form:
    """Return the form of an edition that the program knows; of the newest one unasked.

    Raises:
        FileError: ``draft.unknown_edition``, or what is wrong with its files.
    """
    folder = edition_folder(edition or newest_edition())
    return _form_in(folder, _stamp(folder))


def load_forms() -> tuple[Form, ...]:
    """Return the forms of all editions that the program knows, without those whose files were changed since."""
    return tuple(_sound_forms())


def edition_words(edition: str) -> SearchWords:
    """Return the words to search for of an edition; none if it was removed, or damaged, while its draft is open."""
    from dgdesk.survey.rules.search_words import FILE, NO_WORDS, load_search_words  # only the window searches

    try:
        return load_search_words(edition_folder(edition) / FILE)
    except FileError:
        return NO_WORDS


def edition_rubric(edition: str) -> Rubric:
    """Return the rubric that the program has for an edition. Raises as `load_form`."""
    folder = edition_folder(edition)
    return _rubric_in(folder, _stamp(folder))


def new_draft(
    path: Path,
    *,
    clock: Clock,
    who: str,
    edition: str | None = None,
    respondent: str | None = None,
    documents: Documents | None = None,
) -> Draft:
    """Make a draft of an edition, the newest one unasked; ``respondent`` (a code: ``TH-50``) becomes its first answer.

    Raises:
        FileError: see `create_draft_file`; as `load_form`.
        UsageError: there is no such respondent.
    """
    edition = edition or newest_edition()
    form = load_form(edition)
    rules = make_rules(form, edition_rubric(edition))
    package = create_draft_file(
        path, definition=freeze(form.definition), meta={"edition": edition}, clock=clock, who=who
    )
    try:
        draft = Draft(package, FormSession(rules, package, _today(clock), documents))
        if respondent is not None and form.respondent is not None:
            draft.session.answer(form.respondent.field, respondent)
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
        edition_folder(form.definition.edition)
        if not sound:
            raise FileError("definition.frozen_invalid")
        rules = make_rules(form, _fitting_rubric(form))
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

    known = {form.definition.edition: freeze(form.definition) for form in load_forms()}
    return repair_draft_file(source, target, editions=known, clock=clock, who=who, progress=progress)


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


def require_respondent(form: Form, answers: Answers) -> Respondent:
    """Return who answers.

    Raises:
        UsageError: ``export.no_respondent``: it is not said yet, so it would be unknown whose submission this is.
    """
    respondent = form.respondent_in(answers)
    if respondent is None:
        raise UsageError("export.no_respondent", question=_question_of(form))
    return respondent


def respondent_code(form: Form, text: str) -> str:
    """Return the code of a respondent given by code or name.

    Raises:
        UsageError: ``draft.unknown_respondent``.
    """
    code = form.find_respondent(text)
    if code is None:
        example = next((f"{name}, {one}" for one, name in form.respondents.items()), "")
        raise UsageError("draft.unknown_respondent", respondent=text, question=_question_of(form), example=example)
    return code


def _question_of(form: Form) -> str:
    return form.node(form.respondent.field).label if form.respondent is not None else ""


def contact_of(form: Form) -> Contact:
    """Return the questions about office and person; a draft older than these uses the edition's current ones."""
    if form.definition.contact is not None:
        return form.definition.contact
    try:
        current = load_form(form.definition.edition).definition.contact
    except FileError:
        current = None
    return Contact(**{name: one for name, one in current or () if one in form.position})


def issued_of(form: Form) -> Issued | None:
    """Return who asks and by what law; a draft older than that says what the edition says now."""
    if form.definition.issued is not None:
        return form.definition.issued
    try:
        return load_form(form.definition.edition).definition.issued
    except FileError:
        return None


def editions() -> Iterator[str]:
    """Yield the editions that the program knows: shipped and installed ones."""
    yield from sorted(edition_heads())


def edition_folder(edition: str) -> Path:
    """Return the folder with the data files of an edition's newest version.

    Raises:
        FileError: ``draft.unknown_edition``.
    """
    head = edition_heads().get(edition)
    if head is None:
        raise FileError("draft.unknown_edition", edition=edition)
    return head.folder


def _sound_forms() -> Iterator[Form]:
    for edition in editions():
        with suppress(FileError):
            yield load_form(edition)


def _stamp(folder: Path) -> int:
    """What changes when an edition is installed again in the same folder, after it was removed or damaged."""
    try:
        return 0 if is_shipped(folder) else (folder / INSTALLED_HEAD).stat().st_mtime_ns
    except OSError:
        return 0


# Reading an edition takes as long as the rest of opening a draft. Forms and rubrics are immutable, and the program's
# own files do not change while it runs, so each is read only once.


@lru_cache(maxsize=8)
def _form_in(folder: Path, stamp: int) -> Form:
    require_whole(folder)
    return build_form(load_definition(folder, shipped=is_shipped(folder)))


@lru_cache(maxsize=8)
def _rubric_in(folder: Path, stamp: int) -> Rubric:
    require_whole(folder)
    return load_rubric(folder / "rubric.yaml", shipped=is_shipped(folder))


@lru_cache(maxsize=2)
def _frozen_form(frozen: bytes) -> tuple[Form, bool]:
    """The form of a frozen definition, and whether it is valid: a file from another PC may hold anything."""
    form = build_form(thaw(frozen))
    return form, not lint_structure(form) and form.respondent is not None


def _fitting_rubric(form: Form) -> Rubric:
    """The rubric of the newest version of the form's edition that fits it: a draft keeps the form it was begun with.

    Raises:
        FileError: ``draft.other_rubric``: none fits; as `load_rubric`.
    """
    for head in edition_versions()[form.definition.edition]:
        rubric = _rubric_in(head.folder, _stamp(head.folder))
        if not check_rubric(rubric, form):
            return rubric
    raise FileError("draft.other_rubric", edition=form.definition.edition)


def _today(clock: Clock) -> Callable[[], date]:
    return lambda: thai_day(clock())
