"""The proof that a rerun gives the same bytes: a report built again in an empty folder, and what differs, in words."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from nianbao.errors import NianbaoError, UnknownNameError, UsageError
from nianbao.errors.language import Message, why_refused
from nianbao.export import KNOWN_FORMATS, file_name
from nianbao.model import Options, Profile, ReportKey
from nianbao.paths import Project
from nianbao.pipeline import make_report
from nianbao.pipeline.checking import Checks, ChecksAside
from nianbao.pipeline.graph import Tell
from nianbao.pipeline.manifest import MANIFEST
from nianbao.pipeline.outlines import Line, outline, parts
from nianbao.store.disk import SUMS, read_sums

# No more than so many differences of one file are told: the rest follows from the same cause.
SHOWN = 12
_CONTEXT = 16
# Digests of the report's own files, in the manifest and the crate: what differs is told of the files themselves.
_FOLLOWS = re.compile(r"(?:files|@graph)\[(?!arcp:)[^\]]*\]\.sha256 ")
_ONLY_DIGESTS = Message("nothing but the digests of other files that differ")
_LONGEST = 60


def differences(name: str, old: bytes, new: bytes) -> list[str]:
    """What differs between ``old`` and ``new``, in the words of the file's format; empty where nothing does.

    First what a reader sees (a table's cell, a paragraph, a page), then, where that is all the same, the parts of
    the file, and last the place of the first byte.
    """
    if old == new:
        return []
    try:
        told: list[str] = list(_compared(outline(name, old), outline(name, new)))
        told = told or list(_compared(parts(name, old), parts(name, new)))
        rest = [line for line in told if not _FOLLOWS.match(line)]
        told = rest or ([_ONLY_DIGESTS] if told else [])
    except Exception as error:  # noqa: BLE001 -- a damaged file must be told of, whatever its reader says
        told = [Message("one of the two cannot be read: {kind}: {error}", kind=type(error).__name__, error=error)]
    if len(told) > SHOWN:
        told = [*told[:SHOWN], Message("… and {count} more", count=len(told) - SHOWN)]
    return told or [_first_byte(old, new)]


def _compared(old: Sequence[Line], new: Sequence[Line]) -> Iterator[str]:
    """Lines that are different, gone or new. What is numbered (a paragraph) may move; what has an address may not."""
    before, after = ([(line.place if line.fixed else line.kind, line.text) for line in lines] for lines in (old, new))
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            yield from _paired(old[a:b], new[c:d])


def _paired(gone: Sequence[Line], come: Sequence[Line]) -> Iterator[str]:
    """As many lines as before take each other's places; otherwise those with the same address belong together."""
    pairs = list(zip(gone, come, strict=False))
    if len(gone) == len(come) and all(a.place == b.place or a.kind == b.kind != "" for a, b in pairs):
        yield from (_changed(b.place, a.text, b.text) for a, b in pairs)
        return
    there = {line.place: line for line in come}
    for line in gone:
        match = there.pop(line.place, None) if line.fixed else None
        if match:
            yield _changed(line.place, line.text, match.text)
        else:
            yield Message("{place} is gone: {text}", place=line.place, text=_cut(line.text))
    yield from (Message("{place} is new: {text}", place=line.place, text=_cut(line.text)) for line in there.values())


def _changed(place: str, old: str, new: str) -> str:
    return Message("{place} {change}", place=place, change=_change(old, new))


def _change(old: str, new: str) -> str:
    """The stretch that differs, with a little of what stands around it: '…received 14 cases…' → '…15…'."""
    start = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    same_end = 0
    while same_end < min(len(old), len(new)) - start and old[-1 - same_end] == new[-1 - same_end]:
        same_end += 1
    return f"{_stretch(old, start, same_end)} → {_stretch(new, start, same_end)}"


def _stretch(text: str, start: int, same_end: int) -> str:
    first, last = max(0, start - _CONTEXT), min(len(text), len(text) - same_end + _CONTEXT)
    shown = f"{'…' if first else ''}{text[first:last]}{'…' if last < len(text) else ''}"
    return repr(shown) if len(shown) <= 3 * _LONGEST else repr(shown[: 3 * _LONGEST] + "…")


def _cut(text: str) -> str:
    return repr(text if len(text) <= _LONGEST else text[:_LONGEST] + "…")


def _first_byte(old: bytes, new: bytes) -> str:
    at = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    around = slice(max(0, at - 8), at + 24)
    return Message(
        "byte {at} of {before} ({after}): {old} → {new}",
        at=at,
        before=len(old),
        after=len(new),
        old=repr(old[around]),
        new=repr(new[around]),
    )


_TMPDIR = Message("make room for temporary files, or say where there is some: TMPDIR=/some/folder nianbao verify")
# What stays behind when the project is laid out anew: results, and what only one machine has.
_LEFT_OUT = frozenset({"outputs"})


@dataclass(frozen=True)
class Difference:
    """One file that is not as its sum says: what happened to it, and what differs where that can be told."""

    name: str
    what: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """What came of one report: the number of files compared and the differences, or why it could not be built."""

    key: ReportKey
    compared: int = 0
    differences: tuple[Difference, ...] = ()
    error: NianbaoError | None = None

    @property
    def same(self) -> bool:
        """Whether every file has the same bytes again."""
        return self.error is None and not self.differences


def recorded(project: Project, office: str | None = None, year: int | None = None) -> list[ReportKey]:
    """The reports whose sums are kept in outputs/, of all offices, of one, or one; UsageError where there are none."""
    if office is not None and year is not None:
        keys = [project.key(office, year)]
    else:
        known = project.offices()
        if office is not None and office not in known:
            raise UnknownNameError("office", office, known, where=str(project.params))
        offices = known if office is None else [office]
        keys = [ReportKey(name, known) for name in offices for known in project.years(name)]
    found = [key for key in keys if _sums_file(project, key).is_file()]
    if not found:
        where = project.relative(project.outputs)
        wanted = " ".join(str(part) for part in (office, year) if part is not None)
        raise UsageError(
            Message("no report has a {sums} to compare with: {wanted}", sums=SUMS, wanted=wanted)
            if wanted
            else Message("no report has a {sums} to compare with", sums=SUMS),
            where=f"{where}/",
            hint="make it first: nianbao report OFFICE YEAR",
        )
    return found


def verify(
    project: Project, keys: Sequence[ReportKey], tell: Tell, keep: Path | None = None, font_dir: Path | None = None
) -> Iterator[Verdict]:
    """Build each report again in an empty folder, without the store, and compare it with its sums, file by file.

    ``keep`` is a folder that gets what was built, for a closer look; ``font_dir`` holds the office's own fonts. A
    report that cannot be built any more gives a verdict too and never stops the others.
    """
    with _empty_copy(project) as copy, ChecksAside(copy, None, keys) as checks:
        for key in keys:
            try:
                verdict = _verified(project, copy, key, checks, tell, font_dir)
            except NianbaoError as error:
                _keep_evidence(copy, project, key)
                verdict = Verdict(key, error=_of_copy(error, copy))
            if keep is not None and copy.output_of(key).is_dir():
                shutil.copytree(copy.output_of(key), keep / key.office / str(key.year), dirs_exist_ok=True)
            shutil.rmtree(copy.output_of(key), ignore_errors=True)
            yield verdict


def _verified(
    project: Project, copy: Project, key: ReportKey, checks: Checks, tell: Tell, font_dir: Path | None
) -> Verdict:
    sums = read_sums(project, project.output_of(key))
    formats = tuple(form for form in KNOWN_FORMATS if file_name(form) in sums)
    options = Options(formats, _profile_made(project.output_of(key), sums), store=False, font_dir=font_dir)
    published, _ = make_report(copy, key, options, checks, tell)
    built = {name: published.folder / name for name in published.files if name != SUMS}
    names = sorted({*sums, *built})
    found = (_difference(project.output_of(key) / name, name, sums.get(name), built.get(name)) for name in names)
    return Verdict(key, len(names), tuple(difference for difference in found if difference))


def _profile_made(folder: Path, sums: Mapping[str, str]) -> Profile | None:
    """The profile that the report was made in, after its manifest; None, the year's own, where that is not here."""
    try:
        content = (folder / MANIFEST).read_bytes()
    except OSError:
        return None
    if hashlib.sha256(content).hexdigest() != sums.get(MANIFEST):
        return None
    return Profile(json.loads(content)["parameters"]["profile"])


def _difference(here: Path, name: str, wanted: str | None, built: Path | None) -> Difference | None:
    if built is None:
        return Difference(name, Message("is not made any more"))
    content = built.read_bytes()
    if wanted is None:
        return Difference(name, Message("is made now, but {sums} does not name it", sums=SUMS))
    if hashlib.sha256(content).hexdigest() == wanted:
        return None
    try:
        old = here.read_bytes()
    except OSError:
        return Difference(
            name,
            Message("differs; the file made then is not here to tell what differs (--keep keeps the one made now)"),
        )
    if hashlib.sha256(old).hexdigest() != wanted:
        return Difference(name, Message("differs; the file here is not the one that {sums} names", sums=SUMS))
    return Difference(name, Message("differs"), tuple(differences(name, old, content)))


def _sums_file(project: Project, key: ReportKey) -> Path:
    return project.output_of(key) / SUMS


@contextmanager
def _empty_copy(project: Project) -> Iterator[Project]:
    """The project in another folder: its inputs and notebooks by link (by copy where links can't be), no results."""
    with contextlib.ExitStack() as stack:
        try:
            name = stack.enter_context(
                tempfile.TemporaryDirectory(prefix="nianbao verify ", ignore_cleanup_errors=True)
            )
        except OSError as error:
            raise NianbaoError(
                Message("there is no place for temporary files: {why}", why=why_refused(error)), hint=_TMPDIR
            ) from error
        root = Path(name).resolve()
        for entry in sorted(project.root.iterdir()):
            if entry.name.startswith(".") or entry.name in _LEFT_OUT:
                continue
            try:
                (root / entry.name).symlink_to(entry, target_is_directory=entry.is_dir())
            except OSError:
                shutil.copytree(entry, root / entry.name) if entry.is_dir() else shutil.copy2(entry, root / entry.name)
        yield Project(root)


def _of_copy(error: NianbaoError, copy: Project) -> NianbaoError:
    """The error; where the disk refused, it was the one for temporary files and not the project's."""
    if not isinstance(error.__cause__, OSError):
        return error
    return NianbaoError(error.what, where=str(copy.root), hint=_TMPDIR)


def _keep_evidence(copy: Project, project: Project, key: ReportKey) -> None:
    """Messages name the evidence relative to the project: there it must be found."""
    if copy.evidence_of(key).is_dir():
        shutil.copytree(copy.evidence_of(key), project.evidence_of(key), dirs_exist_ok=True)
