"""Projects at an address (s3://bucket/prefix and whatever else fsspec knows): fetched to work on, put back.

The only importer of fsspec.

An object store swaps no folders. A report's files are put first, its list of digests (SHA256SUMS) last: a reader who
finds the list whole and right has a whole report, of whichever run.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from nianbao.errors import NianbaoError, UsageError
from nianbao.errors.language import Message
from nianbao.model import ReportKey
from nianbao.paths import Project, find_project, project_at
from nianbao.pipeline import project_store
from nianbao.store.disk import SUMS

# A server that takes connections and does not answer: s3fs tries each call five times, and of itself botocore tries
# each of these five times again. So a call is given up after a minute.
_LIMITS: dict[str, dict[str, object]] = {
    "s3": {"config_kwargs": {"connect_timeout": 5, "read_timeout": 10, "retries": {"total_max_attempts": 1}}},
}


def is_address(place: str) -> bool:
    """Whether the project's place is an address, not a folder."""
    return "://" in place


@contextmanager
def opened(place: str, keys: Sequence[ReportKey], outputs: str = "", *, reports: bool = False) -> Iterator[Project]:
    """The project to work on: the folder itself, or a temporary one with what these reports need from the address.

    ``outputs`` is the folder for results, where that is not in the project's; ``reports`` says whether the finished
    reports are needed.

    On the way out the reports, the evidence of failures and the store's new entries go to the address.
    """
    if not is_address(place):
        folder = Path(place)
        if not (folder / "params").is_dir():
            raise NianbaoError(
                "the project's folder is not there, as seen from this worker",
                where=place,
                hint="share the folder with every worker under this path, or give an address (--project s3://…)",
            )
        yield project_at(folder, Path(outputs) if outputs else None)
        return
    with tempfile.TemporaryDirectory(prefix="nianbao-") as temporary:
        mirror = Mirror(place, Project(Path(temporary).resolve()))
        mirror.fetch(keys)
        if reports:
            mirror.fetch_reports(keys)
        try:
            yield mirror.project
        finally:
            mirror.put_back(keys)


@contextmanager
def listed(place: str) -> Iterator[Project]:
    """The project for choosing reports from: the folder, or a temporary one that holds the names of params/ alone."""
    if not is_address(place):
        yield find_project(Path(place))
        return
    with tempfile.TemporaryDirectory(prefix="nianbao-") as temporary:
        mirror = Mirror(place, Project(Path(temporary).resolve()))
        mirror.fetch_names("params")
        yield mirror.project


class Mirror:
    """A local copy of parts of a project at an address."""

    def __init__(self, address: str, project: Project) -> None:
        import fsspec

        self.project = project
        self.address = address.rstrip("/")
        try:
            # An instance of its own: others' caches of listings would hide what a third worker has put there.
            self._fs, base = fsspec.core.url_to_fs(
                self.address,
                skip_instance_cache=True,
                use_listings_cache=False,
                **_LIMITS.get(self.address.partition("://")[0], {}),
            )
        except (ValueError, ImportError) as error:
            raise UsageError(
                Message("cannot be used: {error}", error=error), where=address, hint="see fsspec's list of addresses"
            ) from error
        self._base = str(base).rstrip("/")
        self._fetched: dict[str, bytes] = {}
        self._reports: dict[str, bytes] = {}

    def __repr__(self) -> str:
        return f"Mirror({self.address})"

    def fetch(self, keys: Sequence[ReportKey]) -> None:
        """Everything that these reports need: notebooks, suites, all years of their offices, what the store knows."""
        offices = sorted({key.office for key in keys})
        wanted = ["notebooks", "expectations"]
        wanted += [f"{folder}/{office}" for folder in ("params", "data") for office in offices]
        self._get([name for folder in wanted for name in self._names(folder)])
        if not self.project.notebooks.is_dir():
            raise UsageError("no project here: no notebooks/", where=self.address, hint="upload the project's folders")
        entries = [name for key in keys for name in self._names(self._entries_of(key))]
        # The store may be thrown away at any time.
        self._fetched = self._get(entries, may_be_gone=True)

    def fetch_reports(self, keys: Sequence[ReportKey]) -> None:
        """The finished reports, as they are at the address."""
        folders = [self.project.output_of(key, draft=draft) for key in keys for draft in (False, True)]
        self._reports = self._get([name for folder in folders for name in self._names(self.project.relative(folder))])

    def fetch_names(self, folder: str) -> None:
        """The folder's files, all of them empty."""
        for name in self._names(folder):
            path = self.project.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()

    def put_back(self, keys: Sequence[ReportKey]) -> None:
        """What these reports' runs have made: finished reports, evidence, and the store's entries that are new."""
        for key in keys:
            self._put(self._local(self.project.kept_of(key)))
            for draft in (False, True):
                self._put_report(self.project.output_of(key, draft=draft))
            self._put(self._local(self.project.evidence_of(key)))
            entries = self._local(self.project.root / self._entries_of(key))
            self._put([name for name in entries if self._fetched.get(name) != (self.project.root / name).read_bytes()])

    def _entries_of(self, key: ReportKey) -> str:
        return self.project.relative(project_store(self.project).entries_of(key))

    def _put_report(self, folder: Path) -> None:
        names = self._local(folder)
        if not names:
            return
        shown = self.project.relative(folder)
        sums = f"{shown}/{SUMS}"
        there = set(self._names(shown))
        # Compared file by file: one that somebody has edited at the address is put right too.
        if there == set(names) and all(
            self._reports.get(name) == (self.project.root / name).read_bytes() for name in names
        ):
            return
        self._put([name for name in names if name != sums])
        self._put([sums])
        if old := sorted(there - set(names)):
            self._fs.rm([self._at(name) for name in old])

    def _at(self, name: str) -> str:
        return f"{self._base}/{name}"

    def _names(self, folder: str) -> list[str]:
        """The files below a folder of the address, relative to the project, sorted; none where there is no folder."""
        try:
            found = self._fs.find(self._at(folder))
        except FileNotFoundError:
            return []
        except Exception as error:
            raise self._unreachable(error) from error
        return sorted(str(name)[len(self._base) + 1 :] for name in found)

    def _local(self, folder: Path) -> list[str]:
        return sorted(self.project.relative(path) for path in folder.rglob("*") if path.is_file())

    def _get(self, names: Sequence[str], *, may_be_gone: bool = False) -> dict[str, bytes]:
        """Copy these files; their contents by name."""
        if not names:
            return {}
        on_error = "omit" if may_be_gone else "raise"
        try:
            contents: dict[str, bytes] = self._fs.cat([self._at(name) for name in names], on_error=on_error)
        except Exception as error:
            raise self._unreachable(error) from error
        found = {name: contents[self._at(name)] for name in names if self._at(name) in contents}
        for name, content in found.items():
            path = self.project.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return found

    def _put(self, names: Sequence[str]) -> None:
        contents = {self._at(name): (self.project.root / name).read_bytes() for name in names}
        try:
            try:
                if contents:
                    self._fs.pipe(contents)
            except FileNotFoundError:
                # Folders are made where the address has such things; object stores have not.
                for folder in sorted({str(PurePosixPath(name).parent) for name in contents}):
                    self._fs.makedirs(folder, exist_ok=True)
                self._fs.pipe(contents)
        except Exception as error:
            raise self._unreachable(error) from error

    def _unreachable(self, error: Exception) -> NianbaoError:
        return NianbaoError(
            Message("the project's address cannot be used: {kind}: {error}", kind=type(error).__name__, error=error),
            where=self.address,
            hint="check the address, the credentials and the network, then run again",
        )
