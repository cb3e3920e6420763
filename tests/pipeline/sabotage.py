"""A process that makes reports and is killed, refused or hindered at a chosen point; the tests of faults start it.

Each attempt runs in a fork of this process, which has everything imported, so that hundreds of attempts take seconds.
Sections, checks and exports are stand-ins that depend on the inputs: what is tried is the pipeline around them.
"""

from __future__ import annotations

import errno
import hashlib
import importlib
import json
import os
import resource
import shutil
import signal
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook, new_output

import nianbao.export
import nianbao.runs.run
import nianbao.runs.server
from nianbao.errors import NianbaoError
from nianbao.export.document import Document
from nianbao.form import Section
from nianbao.model import ExportedFile, Options, Profile, ReportKey, SectionRun
from nianbao.paths import Project
from nianbao.pipeline import make_report
from nianbao.pipeline.checking import Outcome
from nianbao.pipeline.graph import Given
from nianbao.section import display
from nianbao.store import file_digest

# By its name: the package holds a function that is called as this module is.
publish = importlib.import_module("nianbao.pipeline.publish")

KEY = ReportKey("shili", 2023)
TEXT = "data/shili/2023/narrative/05_problems.md"
# One format is as good as four here, and quicker.
OPTIONS = Options(("html",))
BEFORE, AFTER = "before the change", "after the change"

# Sets a sabotage up in the process that will make the report; gives what is to be told of each step.
Prepare = Callable[[], Callable[[str], None]]


def fake_section(project: Project, key: ReportKey, section: Section, _profile: Profile | None = None) -> SectionRun:
    """What a run of the section's notebook gives: here, its narrative, with its references in round brackets."""
    path = project.text_file(key, section)
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    text = text.replace("{{", "(").replace("}}", ")")
    output = new_output("display_data", data=display.text(text).bundle)
    notebook = new_notebook(cells=[new_code_cell("", id="cell-0", outputs=[output])])
    name = project.relative(project.notebook(key.office, section))
    read = project.relative(path)
    return SectionRun(section, name, nbformat.writes(notebook), {read: file_digest(project, read)})


def fake_export(document: Document, form: str, *, font_dir: Path | None = None) -> tuple[ExportedFile, ...]:
    """What an exporter gives: here, the digest of the document, many times over, as large as a document."""
    name = "tables.xlsx" if form == "xlsx" else f"report.{form}"
    return (ExportedFile(name, document.digest(form).encode() * 500),)


class Checked:
    """What the checks give: no findings, or others; handed over beforehand, or when they are asked for."""

    def __init__(
        self,
        *findings: dict[str, object],
        blocked: bool = False,
        beforehand: bool = True,
        names: Mapping[str, str] | None = None,
    ) -> None:
        self.findings, self.blocked, self.beforehand = findings, blocked, beforehand
        self.summary = {"offices": names} if names else {}

    def known(self, key: ReportKey) -> Given | None:
        return Given(self.outcome(key)) if self.beforehand else None

    def outcome(self, key: ReportKey, _snapshot: object = None) -> Outcome:
        return Outcome(
            key,
            blocked=self.blocked,
            texts={"en": "示例"},
            findings={"findings": [*self.findings], "summary": self.summary},
            page="",
        )


def make(root: Path, tell: Callable[[str], None]) -> tuple[int, str]:
    """One run: its exit code, and what it said."""
    try:
        make_report(Project(root), KEY, OPTIONS, Checked(), lambda step, _why: tell(step))
    except NianbaoError as error:
        return int(error.exit_code), str(error)
    except BaseException:  # noqa: BLE001 -- a bug is one more ending to be told apart
        return 70, traceback.format_exc()
    return 0, ""


def attempt(root: Path, prepare: Prepare) -> tuple[int, list[str]]:
    """One run in a fork, with whatever ``prepare`` sets up there: its exit code (-N for signal N) and its words.

    The words are the steps that it told of, and last the message, if there was one.
    """
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            tell = prepare()

            def heard(step: str) -> None:
                os.write(theirs, f"{step}\0".encode())
                tell(step)

            code, said = make(root, heard)
            os.write(theirs, said.encode())
        except BaseException:  # noqa: BLE001 -- nothing may return from a fork
            traceback.print_exc()
            code = 71
        os._exit(code)
    os.close(theirs)
    with os.fdopen(ours, encoding="utf-8") as stream:
        words = stream.read().split("\0")
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), words


def nothing(_step: str) -> None:
    """No sabotage."""


def state(root: Path) -> dict[str, object]:
    """The report as it lies there: whether it is whole, of which inputs, and what lies beside it."""
    folder = Project(root).output_of(KEY)
    sums = {}
    if (folder / "SHA256SUMS").is_file():
        lines = (folder / "SHA256SUMS").read_text().splitlines()
        sums = {line[66:]: line[:64] for line in lines}
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    digests = {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()}
    digests.pop("SHA256SUMS", None)
    notebook = files["report.ipynb"].read_text(encoding="utf-8") if "report.ipynb" in files else ""
    beside = sorted(path.name for path in folder.parent.iterdir()) if folder.parent.is_dir() else []
    return {
        "whole": bool(sums) and sums == digests,
        "of": next((which for which in (BEFORE, AFTER) if which in notebook), None),
        "beside": [name for name in beside if name.startswith(".")],
    }


def operations(root: Path, act: Callable[[int, str, str], None]) -> None:
    """Call ``act`` with number, kind and path before each change to the project's files; it may kill or raise."""
    count = 0
    inside = f"{root}{os.sep}"

    def changed(kind: str, path: object) -> None:
        nonlocal count
        if isinstance(path, str | bytes) and os.fsdecode(path).startswith(inside):
            count += 1
            act(count, kind, os.fsdecode(path))

    def hook(event: str, args: tuple[object, ...]) -> None:
        if event == "open" and isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            changed("open", args[0])
        elif event in {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.chmod"}:
            changed(event, str(args[0]) if isinstance(args[0], Path) else args[0])

    exchange, sync = publish.exchanged, os.fsync

    def exchanged(one: Path, other: Path) -> bool:
        changed("exchange", str(one))
        done = exchange(one, other)
        changed("exchanged", str(one))
        return done

    def synced(handle: int) -> None:
        changed("fsync", inside)
        sync(handle)

    publish.exchanged = exchanged
    os.fsync = synced  # type: ignore[assignment]
    sys.addaudithook(hook)


def kill_at(root: Path, number: int) -> Prepare:
    """Killed outright before the change of that number."""

    def act(count: int, _kind: str, _path: str) -> None:
        if count == number:
            os.kill(os.getpid(), signal.SIGKILL)

    return lambda: operations(root, act) or nothing


def full_from(root: Path, number: int) -> Prepare:
    """From the change of that number on, the disk is full: nothing new can be opened for writing or made."""

    def act(count: int, kind: str, path: str) -> None:
        if count >= number and kind in {"open", "os.mkdir", "fsync"}:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path)

    return lambda: operations(root, act) or nothing


def refused_below(root: Path, folder: Path, code: int) -> Prepare:
    """Every change below ``folder`` is refused."""

    def act(_count: int, _kind: str, path: str) -> None:
        if Path(path).is_relative_to(folder):
            raise OSError(code, os.strerror(code), path)

    return lambda: operations(root, act) or nothing


def small_files(limit: int) -> Prepare:
    """No file can grow beyond so many bytes: writes fail in their middle, as on a disk that fills up."""

    def prepare() -> Callable[[str], None]:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        return nothing

    return prepare


def killed_in(step: str) -> Prepare:
    """Killed outright when it tells of that step."""

    def tell(name: str) -> None:
        if name == step:
            os.kill(os.getpid(), signal.SIGKILL)

    return lambda: tell


def changed_copy(base: Path, root: Path) -> None:
    """A copy of the project whose report was made, with an input that has changed since."""
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(base, root)
    text = (root / TEXT).read_text(encoding="utf-8")
    (root / TEXT).write_text(text.replace(BEFORE, AFTER), encoding="utf-8")


def tried(base: Path, root: Path, prepare: Prepare) -> dict[str, object]:
    """A run with a sabotage, and the next without: codes, words, and the report after each."""
    changed_copy(base, root)
    code, said = attempt(root, prepare)
    after = state(root)
    again, said_again = attempt(root, lambda: nothing)
    return {
        "code": code,
        "said": said[-1],
        "after": after,
        "again": again,
        "again_said": said_again[-1],
        "end": state(root),
    }


def both(base: Path, root: Path) -> dict[str, object]:
    """Two runs of the same report at once: their codes, and the report after them."""
    changed_copy(base, root)
    other = os.fork()
    if other == 0:
        os._exit(attempt(root, lambda: nothing)[0])
    code, _ = attempt(root, lambda: nothing)
    return {"codes": [code, os.waitstatus_to_exitcode(os.waitpid(other, 0)[1])], "end": state(root)}


def count_of_operations(base: Path, root: Path) -> int:
    """How many changes to files a run makes."""
    changed_copy(base, root)
    ours, theirs = os.pipe()

    def act(_count: int, _kind: str, _path: str) -> None:
        os.write(theirs, b".")

    code, words = attempt(root, lambda: operations(root, act) or nothing)
    assert code == 0, words
    os.close(theirs)
    with os.fdopen(ours, "rb") as stream:
        return len(stream.read())


def main(base: Path, wanted: Sequence[str]) -> None:
    """Make the base report, try what is wanted, and print what came of it as JSON."""
    nianbao.runs.run.run_section = fake_section
    # No notebook runs, and a fork cannot wait for the fork server of the process that it was forked from.
    nianbao.runs.server.start = lambda **_: None
    nianbao.export.export = fake_export
    (base / TEXT).write_text(f"{BEFORE}\n", encoding="utf-8")
    # Here and in no fork: the forks find every import done.
    code, said = make(base, nothing)
    assert code == 0, said
    root, results = base.with_name(f"{base.name} tried"), dict[str, object]()
    if "steps" in wanted:
        changed_copy(base, root)
        steps = attempt(root, lambda: nothing)[1][:-1]
        results["steps"] = {step: tried(base, root, killed_in(step)) for step in steps}
    count = count_of_operations(base, root) if {"kill", "full"} & set(wanted) else 0
    if "kill" in wanted:
        results["kill"] = [tried(base, root, kill_at(root, number)) for number in range(1, count + 1)]
    if "full" in wanted:
        results["full"] = [tried(base, root, full_from(root, number)) for number in range(1, count + 1, 3)]
    if "small" in wanted:
        results["small"] = [tried(base, root, small_files(limit)) for limit in (0, 10, 300, 3_000, 20_000, 31_000)]
    if "two" in wanted:
        results["two"] = [both(base, root) for _ in range(5)]
    if "refused" in wanted:
        codes = (errno.EROFS, errno.EACCES)
        results["refused"] = [tried(base, root, refused_below(root, root / "outputs", code)) for code in codes]
        results["no state"] = [tried(base, root, refused_below(root, root / ".nianbao", code)) for code in codes]
    json.dump(results, sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
