"""What each command writes: one table, checked before any command begins (`dgdesk.system.targets`).

A command writes files that a person names, or only its draft and the program's own folder. Whatever else is a path on
its line is read by it, and never written over.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from dgdesk.errors import UsageError
from dgdesk.system.kinds import Kind
from dgdesk.system.targets import Target, check_targets

_AGE: Final = ".age"


class Writes(NamedTuple):
    """The files that a command writes, and the arguments that name them; every other path is read."""

    arguments: tuple[str, ...]
    targets: Callable[[Namespace], Sequence[Target]]


def printed(arguments: Namespace) -> Path:
    """Return the PDF that ``print`` writes."""
    out: Path = arguments.out or arguments.file.with_suffix(".pdf")
    return out


def receipt_of(arguments: Namespace) -> Path:
    """Return the file that ``receipt issue`` or ``receipt return`` writes."""
    named: Path | None = arguments.receipt
    bundle: Path = arguments.bundle
    return named or bundle.with_name(f"{bundle.name}.receipt.json")


def decrypted(arguments: Namespace) -> Path:
    """Return the bundle that ``decrypt`` writes; named as a bundle, so that nothing else opens by a double click.

    Raises:
        UsageError: ``sealed.no_suffix``: no name follows from that of the encrypted file.
    """
    source: Path = arguments.sealed
    if arguments.bundle is not None:
        named: Path = arguments.bundle
        return named
    if source.suffix.casefold() != _AGE:
        raise UsageError("sealed.no_suffix", name=source.name)
    inner = source.with_suffix("")
    return inner if inner.suffix.lower() == ".zip" else inner.with_name(f"{inner.name}.zip")


def _one(argument: str, kind: Kind) -> Writes:
    def targets(arguments: Namespace) -> Sequence[Target]:
        return (Target(getattr(arguments, argument), kind, getattr(arguments, "replace", None)),)

    return Writes((argument,), targets)


def _print(arguments: Namespace) -> Sequence[Target]:
    return (Target(printed(arguments), "pdf", arguments.replace),)


def _difference(arguments: Namespace) -> Sequence[Target]:
    return () if arguments.pdf is None else (Target(arguments.pdf, "pdf", arguments.replace),)


def _receipt(arguments: Namespace) -> Sequence[Target]:
    return (Target(receipt_of(arguments), "receipt", arguments.replace),)


def _issue(arguments: Namespace) -> Sequence[Target]:
    """A receipt; those of a ledger have names that nobody gives, and replace nothing."""
    return () if arguments.bundle is None else _receipt(arguments)


def _decrypt(arguments: Namespace) -> Sequence[Target]:
    return (Target(decrypted(arguments), "bundle", arguments.replace),)


def _export(arguments: Namespace) -> Sequence[Target]:
    kind: Kind = "bundle" if arguments.encrypt_to is None else "encrypted"
    endings = (".zip",) if kind == "bundle" else (_AGE,)
    found = [Target(arguments.bundle, kind, arguments.replace, endings)]
    from dgdesk.submission.names import signoff_path  # checking a bundle needs nothing of a submission

    found.append(Target(signoff_path(arguments.bundle), "pdf", arguments.replace))
    if arguments.certificate is not None:
        found.append(Target(arguments.certificate, "certificate", arguments.replace))
    return found


def _reply(arguments: Namespace) -> Sequence[Target]:
    """A receipt or a scan, as it was stored; which of them, and so its ending, is known only when the draft is read."""
    if arguments.out is None:
        return ()
    endings = (".json", ".receipt", ".pdf", ".jpg", ".jpeg", ".png", ".tif", ".tiff")
    return (Target(arguments.out, "receipt", None, endings),)


def _collate(arguments: Namespace) -> Sequence[Target]:
    from dgdesk.agency.tables.writing import TABLE_ENDINGS, table_kind, table_names

    first = Target(arguments.table, table_kind(arguments.table), arguments.replace, TABLE_ENDINGS)
    found = [first._replace(path=path) for path in table_names(arguments.table)]
    if arguments.choose:
        found.append(Target(choices_of(arguments), "json", True, (".json",)))
    return found


def choices_of(arguments: Namespace) -> Path:
    """Return where `collate` keeps choices."""
    from dgdesk.agency.choices import choices_beside

    named: Path | None = arguments.choices
    return named if named is not None else choices_beside(arguments.table)


def _key_copy(arguments: Namespace) -> Sequence[Target]:
    # 0.1.0 wrote backups named .json too; the content still decides what is replaced.
    name: Path = arguments.copy
    return (Target(name, "key", arguments.replace, (".json",) if name.suffix.lower() == ".json" else None),)


def _sealing_key(arguments: Namespace) -> Sequence[Target]:
    found = [Target(arguments.key, "key", None)]
    if arguments.recipients is not None:
        found.append(Target(arguments.recipients, "recipients", None))
    return found


WRITES: Final[dict[str, Writes]] = {
    "draft:new": _one("file", "draft"),
    "folders:carry_out_all": _one("folder", "folder"),
    "printing:print_survey": Writes(("out",), _print),
    "export:export": Writes(("bundle", "certificate"), _export),
    "receipts:addendum": _one("addendum", "addendum"),
    "editions:build": _one("pack", "edition"),
    "difference:diff": Writes(("pdf",), _difference),
    "workbook:to_book": _one("book", "survey_book"),
    "workbook:from_book": _one("folder", "folder"),
    "identities:export": _one("certificate", "certificate"),
    "identities:backup": Writes(("copy",), _key_copy),
    "collate:collate": Writes(("table", "choices"), _collate),
    "receipts:sealing_key": Writes(("key", "recipients"), _sealing_key),
    "receipts:decrypt": Writes(("bundle",), _decrypt),
    "receipts:issue": Writes(("receipt",), _issue),
    "receipts:give_back": Writes(("receipt",), _receipt),
    "outbox:sign_agency": _one("agency", "agency"),
    "backups:backup": _one("copy", "draft"),
    "backups:repair": _one("copy", "draft"),
    "register:register": Writes(("out",), _reply),
    "support:support": _one("out", "support"),
}
"""What a command writes, by its function. It need not exist, or ``--replace`` is given and it is of the same kind."""
NEW_NAMES: Final = frozenset({"agency:verify", "demo:demo", "intake:intake"})
"""Commands that choose names in a folder that a person names, and refuse a name that is used already."""
NO_FILE: Final = frozenset(
    {
        *("questionnaire:lint", "questionnaire:dump", "reports:check", "scoring:score", "support:office_check"),
        *("draft:set_answer", "draft:flag", "signing:signing", "draft:attach", "folders:carry_in_all"),
        *("evidence:mark", "evidence:remove", "evidence:reuse", "evidence:show"),
        *("history:undo", "history:redo", "history:history"),
        *("items:add", "items:remove", "items:move", "items:external_points"),
        *("receipts:enter", "receipts:attach", "receipts:check_addendum"),
        *("identities:new", "identities:bring", "identities:show", "identities:passwd", "identities:restore"),
        *("backups:backups", "backups:compact", "backups:restore_copy"),
        *("outbox:send", "outbox:listed", "outbox:send_waiting", "outbox:pause", "outbox:drop"),
        *("outbox:take_agency", "outbox:show_agencies"),
        *("editions:listed", "editions:install", "editions:remove", "editions:verify"),
        *("ledger:merge", "ledger:listed"),
    }
)
"""Commands that write nothing, or only into the profile, their draft (`restore` stores what it replaces) or a ledger,
which is made if nothing is there and left as it is if it is something else."""


def check_written(arguments: Namespace, own: Path) -> None:
    """Check what a command is going to write. ``own`` is the program's folder.

    Raises:
        UsageError, FileError: as `check_targets`, and as `decrypted`.
    """
    if (writes := WRITES.get(arguments.run)) is not None:
        check_targets(writes.targets(arguments), inputs=list(_read(arguments, writes)), own=own)


def _read(arguments: Namespace, writes: Writes) -> Iterator[Path]:
    """Return every path on the line that is read; of an identity's folder also the files inside."""
    for name, value in vars(arguments).items():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, Path) and name not in writes.arguments:
                yield one
                if name == "identity" and one.is_dir():
                    yield from one.iterdir()
