"""Owns fingerprints: digests of everything that a step's result depends on, by name, so that a change can be told.

May import: model, paths. Imports nothing heavy: a run in which nothing changed must be quick.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from nianbao.model import ReportKey
from nianbao.paths import Project

# Name of a part (a file, a package, a parameter) -> its digest or version; ABSENT where there is no such file.
Parts = Mapping[str, str]
ABSENT = "absent"

# The packages whose versions can change the bytes of a result, by the step that uses them.
SECTION_PACKAGES = (
    "ipython", "jinja2", "matplotlib", "matplotlib-inline", "nbformat", "numpy", "orjson", "pandas",
    "papermill", "pylopdf-fonts-zh-cn", "pyyaml",
)  # fmt: skip
CHECK_PACKAGES = ("great-expectations", "jinja2", "pandas", "pyyaml", "rapidfuzz")
EXPORT_PACKAGES = {
    "html": ("jinja2", "lxml", "markdown-it-py", "nbconvert"),
    "pdf": ("fonttools", "lxml", "markdown-it-py", "nbconvert", "pylopdf-fonts-zh-cn", "typst"),
    "docx": ("lxml", "markdown-it-py", "nbconvert", "pylopdf-fonts-zh-cn", "python-docx", "typst"),
    "xlsx": ("lxml", "markdown-it-py", "nbconvert", "openpyxl"),
}


def digest(content: bytes) -> str:
    """The SHA-256 of some bytes, in hex."""
    return hashlib.sha256(content).hexdigest()


def file_digest(project: Project, name: str) -> str:
    """The digest of a project file, or of a folder's listing where the name ends with a slash."""
    path = project.root / name
    try:
        if name.endswith("/"):
            return digest("\n".join(sorted(entry.name for entry in path.iterdir())).encode())
        return digest(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return ABSENT


def file_parts(project: Project, names: Iterable[str]) -> dict[str, str]:
    """The digests of project files by name."""
    return {name: file_digest(project, name) for name in names}


def package_parts(names: Iterable[str]) -> dict[str, str]:
    """Our own code, the version of Python, and the versions of packages."""
    parts = {"nianbao": code_digest(), "python": f"{sys.version_info.major}.{sys.version_info.minor}"}
    return parts | {f"package {name}": package_version(name) for name in names}


@cache
def package_version(name: str) -> str:
    """The installed version of a package, or ABSENT."""
    try:
        return version(name)
    except PackageNotFoundError:
        return ABSENT


@cache
def code_digest() -> str:
    """The digest of our own package: a changed line of code is a change like any other."""
    root = Path(__file__).resolve().parent.parent
    sources = sorted(path for path in root.rglob("*") if path.is_file() and path.suffix not in {".pyc", ".pyo"})
    whole = hashlib.sha256()
    for path in sources:
        whole.update(path.relative_to(root).as_posix().encode() + b"\0" + digest(path.read_bytes()).encode() + b"\n")
    return whole.hexdigest()


def input_files(project: Project, key: ReportKey) -> list[str]:
    """Every input file of one office-year that is there, with the office's own parameters and waivers."""
    folders = [project.data_of(key)]
    found = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    found += [project.office_file(key.office), project.year_file(key), project.waivers_file(key.office)]
    return sorted(project.relative(path) for path in found if path.is_file())


def suite_files(project: Project, office: str) -> list[str]:
    """The suites that hold for the office: the generated ones and its own."""
    found = [*project.expectations.glob("*.json"), *(project.expectations / office).glob("*.json")]
    return sorted(project.relative(path) for path in found)


def changes(before: Parts, now: Parts) -> list[str]:
    """What differs between two fingerprints, in words: changed, new, gone."""
    words = []
    for name in sorted({*before, *now}):
        old, new = before.get(name, ABSENT), now.get(name, ABSENT)
        if old != new:
            words.append(f"{'new' if old == ABSENT else 'gone' if new == ABSENT else 'changed'}: {name}")
    return words
