"""What the commands that make reports share: how formats are named, and how reasons are shown.

May import: errors.
"""

from __future__ import annotations

from collections.abc import Sequence

from nianbao.errors import UnknownNameError, UsageError


def formats_named(given: str | None, known: tuple[str, ...]) -> tuple[str, ...]:
    """The formats in ``html,pdf``, in the order of ``known``; all where nothing is given.

    UnknownNameError for one that is not known, UsageError where none is named.
    """
    if given is None:
        return known
    names = tuple(name.strip() for name in given.split(",") if name.strip())
    if not names:
        raise UsageError("--to names no format", hint=f"known: {', '.join(known)}; leave it out for all of them")
    for name in names:
        if name not in known:
            raise UnknownNameError("format", name, known)
    return tuple(form for form in known if form in names)


def shortened(reasons: Sequence[str], most: int = 4) -> str:
    """The first few reasons, and how many more there are."""
    more = f" and {len(reasons) - most} more" if len(reasons) > most else ""
    return ", ".join(reasons[:most]) + more
