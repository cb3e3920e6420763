"""Read the project's text files: plain files inside the project, in the encodings of Chinese office programs.

Keeps a record of what was read, with digests.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
from collections.abc import Mapping
from pathlib import Path

from nianbao.errors import InputError
from nianbao.errors.folders import listing
from nianbao.errors.language import told_in, why_refused
from nianbao.inputs.encodings import encoding_of
from nianbao.paths import Project, listing_digest

# Far above what an office types; a reader stays quick at this size.
MAX_BYTES = 2 * 1024 * 1024
# In the record of what was read, instead of a digest.
ABSENT = "absent"
CHANGED = "changed while it was read"
# How files of office programs begin, whatever they are named.
_SIGNATURES = {
    b"PK\x03\x04": "Excel、WPS 或 Word 文件",
    b"\xd0\xcf\x11\xe0": "旧版 Excel、WPS 或 Word 文件",
    b"%PDF": "PDF 文件",
    b"{\\rtf": "RTF 文件",
}


class Files:
    """Reads the files of one project and remembers which; what was looked for in vain counts as read too."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._read: dict[str, str] = {}
        self.kept: dict[Path, object] = {}  # what readers made of a file that several of them ask for

    def __repr__(self) -> str:
        return f"Files({len(self._read)} read)"

    @property
    def read(self) -> Mapping[str, str]:
        """Every file asked for so far, relative to the project, sorted, with the SHA-256 of what was read.

        "absent" where there is no such file; a folder's listing has a name that ends with a slash. A file that was read
        twice and was not the same is CHANGED.
        """
        return dict(sorted(self._read.items()))

    def find(self, path: Path) -> Path:
        """The path, or the one file beside it whose name differs in nothing but capitals (Applications.CSV)."""
        if os.path.exists(path):  # noqa: PTH110 -- a folder without rights is told where its file is read
            return path
        with contextlib.suppress(InputError):
            alike = [other for other in self.listing(path.parent) if other.name.casefold() == path.name.casefold()]
            return alike[0] if len(alike) == 1 else path
        return path

    def has(self, path: Path) -> bool:
        """Whether there is such a file, as ``find`` finds it; that there is none counts as read."""
        there = self.find(path).is_file()
        if not there:
            self._note(self.project.relative(path), ABSENT)
        return there

    def listing(self, folder: Path) -> list[Path]:
        """What lies in the folder, sorted by name; nothing where there is no such folder.

        InputError where the folder refuses to be listed: what lies in it would be lost in silence.
        """
        return listing(folder, f"{self.project.relative(folder)}/")

    def listed(self, folder: Path) -> list[Path]:
        """What lies in the folder, as ``listing`` has it; that it is this and no more counts as read."""
        found = self.listing(folder)
        there = listing_digest(path.name for path in found) if folder.is_dir() else ABSENT
        self._note(f"{self.project.relative(folder)}/", there)
        return found

    def text(self, path: Path) -> str | None:
        """The file's text with line ends as newlines, or None where there is no file; InputError where it is no text.

        UTF-8 and UTF-16, with or without a byte order mark, or GB18030: spreadsheet programs save all of these.
        """
        content = self.content(path)
        return None if content is None else _decoded(content, self.project.relative(path))

    def required(self, path: Path, remedy: str) -> str:
        """The file's text; InputError, with the command that makes one, where there is no file."""
        text = self.text(path)
        if text is None:
            name = self.project.relative(path)
            raise InputError("is missing", where=name, hint=f"make one: {remedy}", zh=f"缺少此文件，可用 {remedy} 生成")
        return text

    def content(self, path: Path, limit: int = MAX_BYTES) -> bytes | None:
        """The file's bytes, or None where there is none; InputError where it is no plain file of the project.

        ``limit``: above so many bytes it is refused.
        """
        name = self.project.relative(path)
        try:
            self._require_plain(path, name)
            with path.open("rb") as stream:
                content = stream.read(limit + 1)
        except (FileNotFoundError, NotADirectoryError):
            self._note(name, ABSENT)
            return None
        except OSError as error:
            raise InputError(
                f"cannot be read: {error.strerror}",
                where=name,
                hint="check the file's rights",
                zh=f"无法读取（{told_in('zh', why_refused(error))}），请检查文件权限",
            ) from error
        if len(content) > limit:
            size = f"{limit >> 20} MB"
            raise InputError(
                f"is larger than {size}",
                where=name,
                hint="is it the right file?",
                zh=f"超过{size}，请核对是否放错文件",
            )
        self._note(name, hashlib.sha256(content).hexdigest())
        return content

    def _require_plain(self, path: Path, name: str) -> None:
        """InputError for a device, a pipe, a folder, or a link that leads out of params/ or data/."""
        top = (self.project.root / Path(name).parts[0]).resolve()
        if not path.resolve().is_relative_to(top):
            raise InputError(
                "is a link to a file outside the project",
                where=name,
                hint="put the file itself there",
                zh="是指向项目之外的链接，请放入文件本身",
            )
        if not stat.S_ISREG(path.stat().st_mode):
            raise InputError(
                "is no plain file", where=name, hint="put a text file there", zh="不是普通文件，请放入文本文件"
            )

    def years(self, office: str) -> list[int]:
        """The years for which the office has parameters; the listing counts as read."""
        self.listed(self.project.params / office)
        return self.project.years(office)

    def _note(self, name: str, digest: str) -> None:
        self._read[name] = digest if self._read.get(name, digest) == digest else CHANGED


def decoded(content: bytes) -> str | None:
    """The text of bytes in an encoding in which office programs save it; None for others."""
    found = encoding_of(content)
    return None if found is None else content[len(found[0]) :].decode(found[1])


def _decoded(content: bytes, name: str) -> str:
    for signature, kind in _SIGNATURES.items():
        if content.startswith(signature):
            raise InputError(
                "is a file of an office program, no text",
                where=name,
                hint="open it there and save it as CSV UTF-8 (a table) or UTF-8 text (a narrative)",
                zh=f"实际是{kind}，请在该软件中打开，表格另存为“CSV UTF-8”，文字另存为 UTF-8 纯文本",
            )
    text = decoded(content)
    if text is not None:
        return text.replace("\r\n", "\n").replace("\r", "\n")
    raise InputError(
        "is no text in UTF-8, UTF-16 or GB18030",
        where=name,
        hint="save it as UTF-8",
        zh="不是 UTF-8、UTF-16 或 GB18030 编码的文本，请另存为 UTF-8",
    )
