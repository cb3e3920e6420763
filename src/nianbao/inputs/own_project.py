"""Start a project of one's own, and bring it to the installed version later.

What a project shares with others (notebooks, suites, Makefile) is the installed package's own; the project's list
``.nianbao-files.json`` holds the digest of each file as it was written, so that a file that somebody changed since is
known and never overwritten. The wheel that nianbao was installed from goes with the project, into ``wheels/``: another
machine sets the project up from that and from the package index, without our repository.
"""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from nianbao import __version__
from nianbao.errors import UsageError
from nianbao.errors.language import Message
from nianbao.model.notebooks import without_runs
from nianbao.paths import Project, shipped

_LIST = ".nianbao-files.json"
_TEMPLATE = Path(__file__).parent / "template"
# Where the files of the template go; what is not shared is written once and is the project's own from then on.
_SHARED = {name: name for name in ("Makefile", "requirements.txt", "requirements.lock")}
_OWN = {
    "gitignore": ".gitignore",
    "gitlab-ci.yml": ".gitlab-ci.yml",
    "workflow.yml": ".github/workflows/reports.yml",
    "README.md": "README.md",
    "README.zh-CN.md": "README.zh-CN.md",
}


@dataclass(frozen=True)
class Upgrade:
    """What became of a project's shared files; ``changed`` has, by name, how the installed one differs from it."""

    written: tuple[str, ...]
    changed: Mapping[str, str]
    removed: tuple[str, ...]


def start_project(folder: Path, office: str, year: int) -> Project:
    """Write all of a project but its inputs into a new or empty folder; UsageError where it holds anything."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError("the folder is not empty", where=str(folder), hint="name a new one")
    words = {"office": office, "year": str(year), "version": __version__}
    shared = _shared_files(words)
    own = {place: _filled(name, words) for name, place in _OWN.items()}
    for place, content in {**shared, **own}.items():
        _write(folder / place, content)
    for name in ("params", "data"):
        (folder / name).mkdir(exist_ok=True)
    _write_list(folder, {place: _digest(content) for place, content in shared.items()}, words)
    return Project(folder.resolve())


def upgrade_project(project: Project) -> Upgrade:
    """Bring the shared files that nobody changed to the installed version; UsageError where their list is missing."""
    try:
        known = json.loads((project.root / _LIST).read_bytes())
        digests, words = dict(known["files"]), dict(known["words"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(
            Message("no {list} that can be read: the project was not made by nianbao init", list=_LIST),
            where=str(project.root),
            hint="make a new project with nianbao init, and move params/ and data/ there",
        ) from error
    written, changed, removed = [], {}, []
    for place, content in _shared_files({**words, "version": __version__}).items():
        path = project.root / place
        now = path.read_bytes() if path.is_file() else None
        if now and place.endswith(".ipynb"):
            now = without_runs(now)
        if now is None and place in digests:
            removed.append(place)
        elif now is None or (_digest(now) == digests.get(place) and now != content):
            _write(path, content)
            digests[place] = _digest(content)
            written.append(place)
        elif now == content:
            digests[place] = _digest(content)
        elif digests.get(place) != _digest(content):
            changed[place] = _difference(place, now, content)
    _write_list(project.root, digests, words)
    return Upgrade(tuple(written), changed, tuple(removed))


def _shared_files(words: Mapping[str, str]) -> dict[str, bytes]:
    """By their places in a project: notebooks and suites of the package, the template's shared files, and the wheel."""
    source = shipped()
    files = [*sorted(source.glob("notebooks/*.ipynb")), *sorted(source.glob("expectations/*.json"))]
    found = {path.relative_to(source).as_posix(): path.read_bytes() for path in files}
    wheel = own_wheel()
    kept = {f"wheels/{wheel.name}": wheel.read_bytes()} if wheel else {}
    return found | {place: _filled(name, words) for name, place in _SHARED.items()} | kept


def own_wheel() -> Path | None:
    """The wheel that this nianbao was installed from, where the installer noted it (PEP 610) and it is still there."""
    noted = distribution("nianbao").read_text("direct_url.json")
    address = urlsplit(json.loads(noted)["url"] if noted else "")
    path = Path(url2pathname(address.path))
    return path if address.scheme == "file" and path.suffix == ".whl" and path.is_file() else None


def _filled(name: str, words: Mapping[str, str]) -> bytes:
    text = (_TEMPLATE / name).read_text(encoding="utf-8")
    for word, value in words.items():
        text = text.replace(f"@{word}@", value)
    return text.encode()


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _write_list(folder: Path, digests: Mapping[str, str], words: Mapping[str, str]) -> None:
    about = {"version": __version__, "words": {**words, "version": __version__}, "files": dict(sorted(digests.items()))}
    _write(folder / _LIST, (json.dumps(about, ensure_ascii=False, indent=1) + "\n").encode())


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _difference(place: str, now: bytes, wanted: bytes) -> str:
    """What the installed version would change, as a patch."""
    old, new = (content.decode("utf-8", "replace").splitlines(keepends=True) for content in (now, wanted))
    return "".join(difflib.unified_diff(old, new, place, f"{place} (nianbao {__version__})", n=1))
