"""The snapshot of a report's inputs: their digests as the run began, by which all that is made of them is judged.

A run that prints, checks and names in its manifest must mean the same state of every file. Nothing is locked: readers
say what they have read, and a run in which that is not the snapshot's state, or in which a file was written meanwhile,
starts again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from nianbao.errors import InputError
from nianbao.errors.language import Message
from nianbao.form import SECTIONS
from nianbao.model import ReportKey, WordTemplate
from nianbao.paths import Project
from nianbao.store import ABSENT, digest, file_digest, input_files, notebook_digest, suite_files


class InputsChangedError(InputError):
    """Inputs were changed while a report was made of them; ``names`` are the files."""

    def __init__(self, names: Iterable[str], during: str = "") -> None:
        self.names = tuple(sorted(names))
        what = Message("kept changing while the report was made")
        if during:
            what = Message("kept changing while the report was made (last during: {step})", step=during)
        hint = Message("close what writes it (a section notebook may not write into the inputs), then run again")
        super().__init__(what, where=", ".join(self.names), hint=hint)


@dataclass(frozen=True, slots=True)
class Mark:
    """The state of one file: digest of its content and time of its last writing (0 where there is no file)."""

    digest: str
    written: int


def mark_of(project: Project, name: str) -> Mark:
    """The state of the file or folder called ``name`` now; InputError where it may not be read."""
    try:
        written = 0 if name.endswith("/") else (project.root / name).stat().st_mtime_ns
    except (OSError, ValueError):  # a damaged entry of the store may name what no file can be called
        written = 0
    return Mark(file_digest(project, name), written)


def checked_files(project: Project, key: ReportKey) -> list[str]:
    """The files that the checks of one office-year look at: its inputs, last year's and the suites, sorted."""
    names = {*input_files(project, key), *input_files(project, key.previous), *suite_files(project, key.office)}
    return sorted(names)


def notebook_files(project: Project, office: str) -> list[str]:
    """The notebooks that make the six sections for the office, in the form's order."""
    return [project.relative(project.notebook(office, section)) for section in SECTIONS]


class Snapshot:
    """The state of every file that a report is made of, each as it was when it was first looked at.

    ``look`` gives a file's state; whoever takes many snapshots can hand over one that remembers.
    """

    def __init__(self, project: Project, key: ReportKey, look: Callable[[str], Mark] | None = None) -> None:
        self._project = project
        self._key = key
        self._look = look or partial(mark_of, project)
        self._names = self._listed()
        self._marks = {name: self._look(name) for name in self._names}

    def __repr__(self) -> str:
        return f"Snapshot({self._key}, {len(self._marks)} files)"

    @property
    def inputs(self) -> list[str]:
        """The input files of this year and the last that were there at the beginning."""
        return [name for name in self.checked if not name.startswith("expectations/")]

    @property
    def suites(self) -> list[str]:
        """The suites that were there at the beginning."""
        return [name for name in self.checked if name.startswith("expectations/")]

    @property
    def checked(self) -> list[str]:
        """The files that the checks look at, as they were listed at the beginning."""
        return [name for name in self._names if not name.startswith("notebooks/")]

    @property
    def templates(self) -> list[str]:
        """The office's Word templates that were there at the beginning."""
        return [name for name in self._names if name.startswith("params/") and name.endswith(".docx")]

    def template(self, name: str) -> WordTemplate:
        """One of them, of this state; InputsChangedError where it is not, InputError where it is gone."""
        path = self._project.root / name
        if not path.is_file():
            raise InputError("the Word template is gone", where=name, hint="put it back", zh="Word 模板不见了")
        content = path.read_bytes()
        if self.digest(name) != digest(content):
            raise InputsChangedError([name])
        return WordTemplate(name, content)

    def digest(self, name: str) -> str:
        """The digest of the file, or of the folder whose name ends with a slash; "absent" where there is none."""
        if name not in self._marks:
            self._marks[name] = self._look(name)
        return self._marks[name].digest

    def notebook_digest(self, name: str) -> str:
        """The digest of what the notebook runs, whatever outputs were saved in it; "absent" where there is none."""
        if self.digest(name) == ABSENT:  # known from now on, so that a later change is seen
            return ABSENT
        return notebook_digest((self._project.root / name).read_bytes())

    def digests(self, names: Iterable[str]) -> dict[str, str]:
        """The digests of these files by name."""
        return {name: self.digest(name) for name in names}

    def differing(self, reads: Mapping[str, str]) -> list[str]:
        """The files that were read in another state than this one."""
        return [name for name, digest in reads.items() if self.digest(name) != digest]

    def confirm(self, during: str, reads: Mapping[str, str] | None = None) -> None:
        """Raise InputsChangedError where ``reads`` are not of this state, or a file has been written since."""
        changed = set(self.differing(reads or {}))
        changed |= {name for name, mark in self._marks.items() if mark_of(self._project, name) != mark}
        changed |= set(self._names) ^ set(self._listed())
        if changed:
            raise InputsChangedError(changed, during)

    def _listed(self) -> list[str]:
        return [*checked_files(self._project, self._key), *notebook_files(self._project, self._key.office)]
