"""Write changed narratives: in the file's own encoding and line ends, all of them or none.

May import: errors, inputs, paths, take.outcome.
"""

from __future__ import annotations

import codecs
import difflib
import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from nianbao.errors import InputError, NianbaoError
from nianbao.errors.language import Message
from nianbao.inputs import Files
from nianbao.paths import Project
from nianbao.pipeline.take.outcome import NewText

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def write(project: Project, files: Sequence[NewText]) -> None:
    """Put the new texts in the places of the old ones; nothing is changed where one of them cannot be written.

    Raises InputError where a file is not any more what it was when it was read, NianbaoError where the disk refuses.
    """
    made: list[tuple[Path, Path]] = []
    try:
        for new in files:
            path = Files(project).find(project.root / new.path)
            content = _encoded(path, new)
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=path.parent)
            made.append((Path(name), path))
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            Path(name).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        for temporary, path in made:
            temporary.replace(path)
    except OSError as error:
        raise NianbaoError(
            Message("cannot be written: {why}", why=error.strerror), where=str(error.filename or "")
        ) from error
    finally:
        for temporary, _ in made:
            with suppress(OSError):
                temporary.unlink()


def _encoded(path: Path, new: NewText) -> bytes:
    """The new text as the old file is encoded; lines that stay keep their own ends, new ones get the commonest."""
    if not path.exists():
        return new.after.encode()
    raw = path.read_bytes()
    mark, encoding = next(((mark, name) for mark, name in _MARKS if raw.startswith(mark)), (b"", "utf-8"))
    try:
        text = raw[len(mark) :].decode(encoding)
    except UnicodeDecodeError:
        mark, encoding = b"", "gb18030"
        text = raw.decode(encoding)
    if text.replace("\r\n", "\n").replace("\r", "\n") != new.before:
        raise InputError("was changed meanwhile", where=new.path, hint="run again", zh="文件刚刚被改动，请重新运行")
    return mark + "".join(_with_ends(text, new)).encode(encoding)


def _with_ends(text: str, new: NewText) -> Iterator[str]:
    """The new text's lines, with the line ends of the old one's lines that they come from."""
    ends = re.findall(r"\r\n|\r|\n", text)
    usual = max(("\n", "\r\n", "\r"), key=ends.count)
    if set(ends) <= {usual}:
        yield new.after.replace("\n", usual)
        return
    old, now = new.before.split("\n"), new.after.split("\n")
    kept: dict[int, str] = {}
    for a, b, size in difflib.SequenceMatcher(None, old, now, autojunk=False).get_matching_blocks():
        kept |= {b + step: ends[a + step] for step in range(size) if a + step < len(ends)}
    for index, line in enumerate(now):
        yield line + (kept.get(index, usual) if index < len(now) - 1 else "")
