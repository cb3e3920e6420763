"""The error root, its leaves and the exit codes of the command line.

Imports nothing of ours.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from enum import IntEnum

from nianbao.errors.language import Message, language, tr


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
    has values, a Message; ``told`` says it in the language of the terminal.
    """

    exit_code: ExitCode = ExitCode.FAULT

    def __init__(self, what: str, *, where: str | None = None, hint: str | None = None) -> None:
        self.what = what
        self.where = where
        self.hint = hint
        super().__init__(what, where, hint)

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        advice = f"\n  {self.hint}" if self.hint else ""
        return f"{place}{self.what}{advice}"

    def told(self) -> str:
        """The message in the language of the terminal."""
        place = tr("{where}: {what}", where=tr(self.where), what="") if self.where else ""
        advice = f"\n  {tr(self.hint)}" if self.hint else ""
        return f"{place}{tr(self.what)}{advice}"

    def __reduce__(self) -> tuple[object, ...]:
        # Exceptions cross process borders; the default pickling loses keyword-only arguments.
        return (_rebuild, (type(self), self.__dict__))


def _rebuild(kind: type[NianbaoError], state: dict[str, object]) -> NianbaoError:
    error = kind.__new__(kind)
    Exception.__init__(error, *state.values())
    error.__dict__.update(state)
    return error


def _in_chinese(where: str | None, zh: str) -> str:
    return f"{where}：{zh}" if where else zh


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

    def __str__(self) -> str:
        if self.zh is None:
            return super().__str__()
        return _in_chinese(self.where, self.zh)

    def told(self) -> str:
        """The message in the language of the terminal."""
        if self.zh is None:
            return super().told()
        return str(self) if language() == "zh" else super().__str__()

    @property
    def english(self) -> str:
        """The message in English, on one line."""
        return super().__str__().replace("\n ", "")


class IngestError(NianbaoError):
    """A published file cannot be read at all: no report, no text, damaged, or beyond what a report can be.

    ``zh`` says the same, and what to do, in Chinese: it is what the finding on the file says.
    """

    exit_code = ExitCode.FINDINGS

    def __init__(self, what: str, *, zh: str, where: str | None = None, hint: str | None = None) -> None:
        super().__init__(what, where=where, hint=hint)
        self.zh = zh

    def told(self) -> str:
        """The message in the language of the terminal."""
        return _in_chinese(self.where, self.zh) if language() == "zh" else str(self)

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
    listed = ", ".join(names[:20]) + (", …" if len(names) > 20 else "")
    if near:
        return Message("did you mean {near!r}? known: {listed}", near=near, listed=listed)
    return Message("known: {listed}", listed=listed)
