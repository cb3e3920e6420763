"""The error root, its leaves and the exit codes of the command line.

Imports nothing of ours.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from enum import IntEnum

from nianbao.errors.language import LANGUAGES, Message, language, told_in


class ExitCode(IntEnum):
    """What the process says to the shell; tools rely on these numbers."""

    DONE = 0
    FINDINGS = 1
    USAGE = 2
    NOTEBOOK = 3
    FAULT = 4


class NianbaoError(Exception):
    """An expected failure: printed as one message, never as a traceback.

    ``what`` happened, ``where`` (a file, a line, a cell) and what to do next (``hint``), each in English and, where it
    has values, a Message. As a string it is in the language of the terminal, wherever it is shown: by a command, in a
    traceback, under a notebook's cell.
    """

    exit_code: ExitCode = ExitCode.FAULT

    def __init__(self, what: str, *, where: str | None = None, hint: str | None = None) -> None:
        self.what = what
        self.where = where
        self.hint = hint
        super().__init__(what, where, hint)

    def __str__(self) -> str:
        return self.told_in(language())

    def told_in(self, chosen: str) -> str:
        """The message in this language, "zh" or "en": for files, which do not depend on the terminal's."""
        what = self.words(chosen)
        return told_in(chosen, "{where}: {what}", where=told_in(chosen, self.where), what=what) if self.where else what

    @property
    def in_both(self) -> tuple[str, str]:
        """What happened and what to do in Chinese and in English, each on one line, as a finding has its sentences."""
        zh, en = (self.words(each).splitlines() for each in LANGUAGES)
        return "；".join(map(str.strip, zh)), "; ".join(map(str.strip, en))

    @property
    def placed_in_both(self) -> tuple[str, str]:
        """As ``in_both``, with the place before it."""
        zh, en = self.in_both
        return (f"{self.where}：{zh}", f"{self.where}: {en}") if self.where else (zh, en)

    def words(self, chosen: str) -> str:
        """What happened and, on a line of its own, what to do next, without the place."""
        what, hint = self.what_and_hint(chosen)
        return f"{what}\n  {hint}" if hint else what

    def what_and_hint(self, chosen: str) -> tuple[str, str]:
        """What happened, and what to do next or nothing, in this language."""
        return told_in(chosen, self.what), told_in(chosen, self.hint or "")

    def __reduce__(self) -> tuple[object, ...]:
        # Exceptions cross process borders; the default pickling loses keyword-only arguments.
        return (_rebuild, (type(self), self.__dict__))


def _rebuild(kind: type[NianbaoError], state: dict[str, object]) -> NianbaoError:
    error = kind.__new__(kind)
    Exception.__init__(error, *state.values())
    error.__dict__.update(state)
    return error


class UsageError(NianbaoError):
    """The call itself is wrong: an unknown office, a year that cannot be, an option that is not there."""

    exit_code = ExitCode.USAGE


class UnknownNameError(UsageError):
    """A name that is not known; the message lists the names that are, the nearest first."""

    def __init__(
        self, kind: str, name: str, known: Iterable[str], *, where: str | None = None, hint: str | None = None
    ) -> None:
        self.name = name
        self.known = tuple(known)
        what = Message("unknown {kind} {name!r}", kind=Message(kind), name=name)
        super().__init__(what, where=where, hint=hint or known_names(name, self.known))


class InputError(NianbaoError):
    """A file of params/ or data/ cannot be read as what it must be; no report can be made from it.

    ``zh`` says the same, and what to do, in Chinese: whoever fills in those files reads it.
    """

    exit_code = ExitCode.FINDINGS

    def __init__(self, what: str, *, where: str | None = None, hint: str | None = None, zh: str | None = None) -> None:
        super().__init__(what, where=where, hint=hint)
        self.zh = zh

    def what_and_hint(self, chosen: str) -> tuple[str, str]:
        """As of any error; in Chinese, what ``zh`` says."""
        return (self.zh, "") if self.zh and chosen == "zh" else super().what_and_hint(chosen)


class IngestError(NianbaoError):
    """A published file cannot be read at all: no report, no text, damaged, or beyond what a report can be.

    ``zh`` says the same, and what to do, in Chinese: it is what the finding on the file says.
    """

    exit_code = ExitCode.FINDINGS

    def __init__(self, what: str, *, zh: str, where: str | None = None, hint: str | None = None) -> None:
        super().__init__(what, where=where, hint=hint)
        self.zh = zh

    def what_and_hint(self, chosen: str) -> tuple[str, str]:
        """As of any error; in Chinese, what ``zh`` says."""
        return (self.zh, "") if chosen == "zh" else super().what_and_hint(chosen)

    def at(self, where: str) -> IngestError:
        """The same error of a file that is known better now."""
        return IngestError(self.what, zh=self.zh, where=where, hint=self.hint)


class FindingsError(NianbaoError):
    """The checks found something that blocks the report."""

    exit_code = ExitCode.FINDINGS


class NotebookError(NianbaoError):
    """A section notebook raised, or is missing or none; the message names the notebook, the cell and its line."""

    exit_code = ExitCode.NOTEBOOK


class ExportError(NianbaoError):
    """An exporter cannot set the report, for a reason that lies in its content (say, a missing glyph)."""

    exit_code = ExitCode.FINDINGS


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name most like ``name``, or None where none is near."""
    matches = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    return matches[0] if matches else None


def known_names(name: str, known: Iterable[str]) -> str:
    """Advice for an unknown name: the nearest one, then all of them (the first twenty)."""
    names = sorted(known)
    near = nearest(name, names)
    if not names:
        return Message("known: (none)")
    listed = names[:20] + ["…"] * (len(names) > 20)
    if near:
        return Message("did you mean {near!r}? known: {listed}", near=near, listed=listed)
    return Message("known: {listed}", listed=listed)
