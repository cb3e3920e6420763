"""No word of an applicant is in any byte that a run leaves behind, whatever the run does."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from nianbao.model import ReportKey
from nianbao.paths import Project

pytestmark = pytest.mark.slow

SHILI = ReportKey("shili", 2023)
MARK = "壬癸甲乙丙丁戊己庚辛"
PRIVATE = ("事项", "备注", "申请人代号")
FREE = (*PRIVATE, "申请渠道")
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_WRITINGS = (
    *(MARK.encode(encoding) for encoding in ("utf-8", "gb18030", "utf-16-le", "utf-16-be")),
    json.dumps(MARK).strip('"').encode(),
    "".join(f"&#{ord(char)};" for char in MARK).encode(),
)


def nianbao(project: Project, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "nianbao", "--project", str(project.root), *arguments]
    return subprocess.run(command, capture_output=True, check=False, cwd=project.root)


def marked(project: Project) -> Path:
    """The register with the mark in every free-text column of every line."""
    path = project.ledger_files(SHILI)[1]
    heads, *lines = csv.reader(io.StringIO(path.read_text("utf-8")))
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(heads)
    for line in lines:
        writer.writerow([MARK + cell if head in FREE else cell for head, cell in zip(heads, line, strict=True)])
    path.write_text(stream.getvalue(), "utf-8")
    return path


def layers(content: bytes) -> Iterator[bytes]:
    """The bytes themselves, and whatever is packed in them: members of archives, deflated streams."""
    yield content
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield name.encode()
                yield from layers(archive.read(name))
    if content[:4] == b"%PDF":
        for packed in _STREAM.findall(content):
            try:
                yield zlib.decompress(packed)
            except zlib.error:
                continue
    if content[:1] == b"x" or content[:2] == b"\x1f\x8b":
        try:
            yield zlib.decompress(content, wbits=47)
        except zlib.error:
            return


def holding(content: bytes) -> bool:
    return any(form in layer for layer in layers(content) for form in _WRITINGS)


def left_behind(project: Project, but: Path) -> list[str]:
    """The files of the project that hold the mark, but for the register itself."""
    files = (file for file in project.root.rglob("*") if file.is_file() and file != but)
    return [project.relative(file) for file in files if holding(file.read_bytes())]


def test_the_search_finds_a_mark_wherever_it_is_packed(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/strings.xml", MARK)
    pdf = b"%PDF-1.7\nstream\n" + zlib.compress(MARK.encode()) + b"\nendstream"
    for content in (stream.getvalue(), pdf, MARK.encode("utf-16-be"), json.dumps([MARK]).encode()):
        assert holding(content)
    assert not holding("甲乙丙丁".encode())


def test_nothing_that_the_commands_leave_or_say_holds_a_word_of_an_applicant(project: Project) -> None:
    register = marked(project)
    said = b""
    for arguments in (
        ("report", "shili", "2023"),
        ("check", "shili", "2023", "--all"),
        ("trace", "shili", "2023", "applications.new.total", "--format", "json"),
        ("ledger", "shili", "2023"),
        ("ledger", "shili", "2023", "--format", "json"),
        ("ledger", "shili", "2023", "--format", "xlsx", "--output", "look.xlsx"),
        ("ledger", "shili", "2023", "--format", "ics", "--output", "look.ics"),
    ):
        done = nianbao(project, *arguments)
        assert done.returncode == 0, done.stderr.decode()
        said += done.stdout + done.stderr
    assert not holding(said)
    assert (project.root / "look.xlsx").is_file()
    assert left_behind(project, register) == []


def test_a_notebook_that_raises_with_the_frame_in_hand_gives_nothing_away(project: Project) -> None:
    register = marked(project)
    notebook = project.notebooks / "03_applications.ipynb"
    content = json.loads(notebook.read_bytes())
    source = "requests = section.ledger()\nprint(requests.to_csv())\nraise ValueError(requests.to_dict())"
    content["cells"].append(
        {"cell_type": "code", "id": "x", "metadata": {}, "outputs": [], "execution_count": None, "source": source}
    )
    notebook.write_text(json.dumps(content), "utf-8")
    done = nianbao(project, "report", "shili", "2023")
    assert done.returncode == 3
    assert list(project.evidence_of(SHILI).rglob("*.ipynb"))
    assert not holding(done.stdout + done.stderr)
    assert left_behind(project, register) == []


def test_lines_that_are_refused_are_named_without_what_they_hold(project: Project) -> None:
    register = marked(project)
    text = register.read_text("utf-8")
    register.write_text(text.replace("予以公开", f"{MARK}公开").replace("自然人", f"自然人{MARK}", 20), "utf-8")
    said = b""
    for arguments in (("report", "shili", "2023", "--draft"), ("check", "shili", "2023"), ("ledger", "shili", "2023")):
        done = nianbao(project, *arguments)
        said += done.stdout + done.stderr
    assert b"LEDGER-" in said
    assert not holding(said)
    assert left_behind(project, register) == []
