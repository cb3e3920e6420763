"""Reads the project's text files: one encoding rule, and a record of what was read, with digests.

May import: errors, paths.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from nianbao.errors import InputError
from nianbao.paths import Project

MAX_BYTES = 8 * 1024 * 1024
# In the record of what was read, instead of a digest.
ABSENT = "absent"
CHANGED = "changed while it was read"


class Files:
    """Reads the files of one project and remembers which; what was looked for in vain counts as read too."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._read: dict[str, str] = {}

    def __repr__(self) -> str:
        return f"Files({len(self._read)} read)"

    @property
    def read(self) -> Mapping[str, str]:
        """Every file asked for so far, relative to the project, sorted, with the SHA-256 of what was read.

        "absent" where there is no such file; a folder's listing has a name that ends with a slash. A file that was read
        twice and was not the same is CHANGED.
        """
        return dict(sorted(self._read.items()))

    def text(self, path: Path) -> str | None:
        """The file's text, or None where there is no file; InputError where it is no text.

        UTF-8 with or without a byte order mark; GB18030 is accepted, for spreadsheet programs on Chinese Windows
        save so.
        """
        name = self.project.relative(path)
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            self._note(name, ABSENT)
            return None
        except OSError as error:
            raise InputError(f"cannot be read: {error.strerror}", where=name, hint="check the file's rights") from error
        self._note(name, _digest(content))
        if len(content) > MAX_BYTES:
            raise InputError(f"is larger than {MAX_BYTES >> 20} MB", where=name, hint="is it the right file?")
        return _decoded(content, name)

    def years(self, office: str) -> list[int]:
        """The years for which the office has parameters; the listing counts as read."""
        folder = self.project.params / office
        names = sorted(entry.name for entry in folder.iterdir()) if folder.is_dir() else None
        listing = (
            ABSENT if names is None else hashlib.sha256("\n".join(names).encode(errors="surrogateescape")).hexdigest()
        )
        self._note(f"{self.project.relative(folder)}/", listing)
        return self.project.years(office)

    def required(self, path: Path, hint: str) -> str:
        """The file's text; InputError with the hint where there is no file."""
        content = self.text(path)
        if content is None:
            raise InputError("is missing", where=self.project.relative(path), hint=hint)
        return content

    def _note(self, name: str, digest: str) -> None:
        self._read[name] = digest if self._read.get(name, digest) == digest else CHANGED


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _decoded(content: bytes, name: str) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text.replace("\r\n", "\n").replace("\r", "\n")
    raise InputError("is no text in UTF-8 or GB18030", where=name, hint="save it as UTF-8 (CSV UTF-8 in a spreadsheet)")
