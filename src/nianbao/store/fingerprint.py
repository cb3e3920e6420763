"""Fingerprints: digests of everything that a step's result depends on, by name, so that a change can be told.

Imports nothing heavy: a run in which nothing changed must be quick.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from nianbao.errors import InputError
from nianbao.errors.folders import files_below, listing
from nianbao.errors.language import Message, why_refused
from nianbao.model import ReportKey
from nianbao.model.notebooks import without_runs
from nianbao.paths import Project, is_by_product, listing_digest

# Name of a part (a file, a package, a parameter) -> its digest or version; ABSENT where there is no such file.
Parts = Mapping[str, str]
ABSENT = "absent"

# The packages whose versions can change the bytes of a result, by the step that uses them.
SECTION_PACKAGES = (
    "ipython", "jinja2", "matplotlib", "matplotlib-inline", "nbformat", "numpy", "pandas",
    "papermill", "pylopdf-fonts-zh-cn", "pyyaml",
)  # fmt: skip
CHECK_PACKAGES = (
    "chinesecalendar", "fonttools", "great-expectations", "jinja2", "pandas", "pylopdf-fonts-zh-cn", "pyyaml",
    "rapidfuzz",
)  # fmt: skip
EXPORT_PACKAGES = {
    "html": ("jinja2", "lxml", "markdown-it-py", "markupsafe", "nbformat"),
    "pdf": ("deflate", "fonttools", "lxml", "markdown-it-py", "nbformat", "pikepdf", "pylopdf-fonts-zh-cn", "typst"),
    "docx": ("deflate", "lxml", "markdown-it-py", "nbformat", "pylopdf-fonts-zh-cn", "python-docx", "typst"),
    "fragment": (
        "jinja2",
        "lxml",
        "markdown-it-py",
        "markupsafe",
        "nbformat",
        "pillow",
        "pylopdf-fonts-zh-cn",
        "typst",
    ),
    "xlsx": ("deflate", "lxml", "markdown-it-py", "nbformat", "xlsxwriter"),
}
# The package that carries the open fonts: its version stands for their bytes.
FONT_PACKAGES = ("pylopdf-fonts-zh-cn", "typst")
# What reads the document for the look at its glyphs, besides the fonts.
GLYPH_PACKAGES = ("fonttools", "lxml", "markdown-it-py", "nbformat")
CRATE_PACKAGES = ("rocrate",)

_VERSION = re.compile(r"^Version:\s*(\S+)", re.MULTILINE)


def digest(content: bytes) -> str:
    """The SHA-256 of some bytes, in hex."""
    return hashlib.sha256(content).hexdigest()


def file_digest(project: Project, name: str) -> str:
    """The digest of a project file, or of a folder's listing where the name ends with a slash.

    ABSENT where there is no plain file of that name. Raises InputError where it may not be read.
    """
    path = project.root / name
    try:
        if name.endswith("/"):
            return listing_digest(entry.name for entry in path.iterdir())
        return digest(path.read_bytes()) if path.is_file() else ABSENT
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return ABSENT
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            return ABSENT
        raise _unreadable(error, name) from error


def notebook_digest(content: bytes) -> str:
    """The digest of a notebook without what a run by hand has left in it: a report's sections run anew."""
    return digest(without_runs(content))


def package_parts(names: Iterable[str]) -> dict[str, str]:
    """Our own code, the version of Python, and the versions of packages."""
    parts = {"nianbao": code_digest(), "python": f"{sys.version_info.major}.{sys.version_info.minor}"}
    return parts | {f"package {name}": package_version(name) for name in names}


@cache
def package_version(name: str) -> str:
    """The installed version of a package, or ABSENT."""
    try:
        found = distribution(name)
    except PackageNotFoundError:
        return ABSENT
    # To parse all that a package says of itself takes ten times as long as to find this line.
    line = _VERSION.search(found.read_text("METADATA") or "")
    return line[1] if line else found.version


@cache
def code_digest() -> str:
    """The digest of our own package: a changed line of code is a change like any other."""
    root = Path(__file__).resolve().parent.parent
    whole = hashlib.sha256()
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        inside = Path(folder).relative_to(root).as_posix()
        for name in sorted(name for name in names if not name.endswith((".pyc", ".pyo"))):
            content = Path(folder, name).read_bytes()
            whole.update(f"{inside}/{name}\0{digest(content)}\n".encode())
    return whole.hexdigest()


def input_files(project: Project, key: ReportKey) -> list[str]:
    """Every input file of one office-year that is there, with the office's own parameters and waivers; sorted.

    Of an area, the files of its units too: its figures are theirs.

    Raises InputError where a folder may not be read.
    """
    found = [path for path in files_below(project.data_of(key), project.relative) if not is_by_product(path.name)]
    templates = listing(project.params / key.office, f"params/{key.office}/")
    own = (
        project.office_file(key.office),
        project.year_file(key),
        project.waivers_file(key.office),
        *(path for path in templates if path.suffix == ".docx" and not is_by_product(path.name)),
        *(path for path in project.ledger_files(key) if path.parent != project.data_of(key)),
    )
    units: list[Path] = []
    if project.unit_lists(key.office):
        from nianbao.inputs.units import unit_files  # not for every run: it takes longer than to look for changes

        units = unit_files(project, key)
    return sorted({project.relative(path) for path in (*found, *own, *units) if path.is_file()})


def suite_files(project: Project, office: str) -> list[str]:
    """The suites that hold for the office: the generated ones and its own.

    Raises InputError where a folder may not be read.
    """
    folders = (project.expectations, project.expectations / office)
    names = (project.relative(path) for folder in folders for path in listing(folder, f"{project.relative(folder)}/"))
    return sorted(name for name in names if name.endswith(".json"))


def _unreadable(error: OSError, name: str) -> InputError:
    return InputError(
        Message("cannot be read: {why}", why=why_refused(error)),
        where=name,
        hint="check the rights of the file or folder",
    )


# What people call a part that is neither a file nor one of several.
_WHOLES = {
    "document": Message("document"),
    "findings": Message("findings"),
    "fonts declared": Message("fonts declared"),
    "manifest": Message("manifest"),
    "nianbao": Message("the code of nianbao"),
    "python": Message("the version of Python"),
}
_OF_SOME_KIND = (
    Message("font {name}", name=""),
    Message("formats {name}", name=""),
    Message("package {name}", name=""),
    Message("parameter {name}", name=""),
    Message("section {name}", name=""),
    Message("template {name}", name=""),
)
_KINDS = {message.msgid.partition(" ")[0]: message.msgid for message in _OF_SOME_KIND}


def changes(before: Parts, now: Parts) -> list[str]:
    """What differs between two fingerprints, in words: changed, new, gone."""
    words: list[str] = []
    for name in sorted({*before, *now}):
        old, new = before.get(name, ABSENT), now.get(name, ABSENT)
        if old != new:
            said = _part(name)
            if old == ABSENT:
                words.append(Message("new: {name}", name=said))
            elif new == ABSENT:
                words.append(Message("gone: {name}", name=said))
            else:
                words.append(Message("changed: {name}", name=said))
    return words


def _part(name: str) -> str:
    """What people call a part of a fingerprint; a file goes by its name."""
    kind, _, rest = name.partition(" ")
    if rest and kind in _KINDS:
        return Message(_KINDS[kind], name=rest)
    return _WHOLES.get(name, name)
