"""The pages for people: what they say of links, commands, files, rooms, dependencies and sessions must be true."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from click.testing import CliRunner

from nianbao.cli.commands import COMMANDS, cli
from nianbao.errors import ExitCode
from nianbao.model import ReportKey
from nianbao.paths import Project
from pages import ANALYSTS, DEPENDENCIES, DEVELOPERS, PAGES, READMES, ROOT, anchor, fences, prose, quoted, tables

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
each_readme = pytest.mark.parametrize("page", READMES, ids=lambda page: page.name)


@each_page
def test_each_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
        if target.startswith(("https://", "http://")):
            continue
        name, _, fragment = target.partition("#")
        there = (page.parent / name).resolve() if name else page
        assert there.exists(), target
        if fragment:
            headings = re.findall(r"^#+ (.*)$", there.read_text(encoding="utf-8"), re.MULTILINE)
            assert fragment in map(anchor, headings), target


@each_page
def test_each_command_and_target_that_a_page_names_exists(page: Path) -> None:
    spans = "\n".join([*re.findall(r"`([^`\n]+)`", prose(page)), *(fence.content for fence in fences(page))])
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"^(?:\$ )?(?:\.venv/bin/)?nianbao ([a-z]+)\b", spans, re.MULTILINE))
    assert named <= COMMANDS.keys()
    assert set(re.findall(r"^(?:\$ )?make ([a-z][a-z-]*)\b", spans, re.MULTILINE)) <= targets


@each_readme
def test_each_command_has_a_section_that_shows_a_call_of_it(page: Path) -> None:
    sections = dict(
        re.findall(r"^### nianbao (\w+)\n+((?:(?!#).*\n)*)", page.read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert list(sections) == list(COMMANDS)
    for name, section in sections.items():
        assert f"`nianbao {name}" in section


@each_readme
def test_the_options_that_a_section_names_are_the_commands_own(page: Path) -> None:
    sections = re.findall(r"^### nianbao (\w+)\n+((?:(?!#).*\n)*)", page.read_text(encoding="utf-8"), re.MULTILINE)
    for name, section in sections:
        shown = CliRunner().invoke(cli, [name, "--help"])
        for option in re.findall(r"`[^`\n]*?(--[a-z-]+)", section):
            assert option in shown.output, f"nianbao {name} {option}"


@each_readme
def test_the_exit_codes_are_the_programs(page: Path) -> None:
    (codes,) = [table for table in tables(page) if [row[0] for row in table[1:]] == list("01234")]
    assert [int(row[0]) for row in codes[1:]] == [code.value for code in ExitCode]


def test_each_make_target_stands_in_the_developers_table() -> None:
    offered = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    (table,) = [table for table in tables(DEVELOPERS) if table[0][0] == "target"]
    named = {word.removeprefix("make").strip() or "help" for row in table[1:] for word in quoted(row[0])}
    assert named == offered


def test_the_rooms_are_the_layers_that_the_linter_holds() -> None:
    (contract,) = [entry for entry in PYPROJECT["tool"]["importlinter"]["contracts"] if entry["type"] == "layers"]
    layers = [name.strip() for layer in contract["layers"] for name in layer.split("|")]
    # A layer in brackets may be missing.
    there = [name.strip("()") for name in layers if not name.startswith("(") or find_spec(name.strip("()"))]
    (table,) = [table for table in tables(DEVELOPERS) if table[0][0] == "room"]
    assert [f"nianbao.{quoted(row[0])[0]}" for row in table[1:]] == there


# The packages as the page calls them, where that is not how they are imported.
_CALLED = {"typst": "Typst", "dask": "Dask", "distributed": "Dask", "great_expectations": "Great Expectations"}


def test_the_packages_of_one_room_are_those_that_the_linter_holds_there() -> None:
    contracts = PYPROJECT["tool"]["importlinter"]["contracts"]
    held = {
        entry["allowed_importers"][0].removeprefix("nianbao."): {_CALLED.get(name, name) for name in names}
        for entry in contracts
        if (names := entry.get("protected_modules"))
    }
    (table,) = [table for table in tables(DEVELOPERS) if table[0][0] == "room"]
    said = {quoted(row[0])[0]: alone for row in table[1:] if (alone := re.findall(r"alone imports ([^;]+)", row[1]))}
    assert {room: set(re.split(r", | and ", alone[0])) for room, alone in said.items()} == held


def test_each_module_that_the_developers_page_names_exists() -> None:
    for name in re.findall(r"`((?:\w+/)+\w+\.py)`", prose(DEVELOPERS)):
        assert (ROOT / name).is_file() or (ROOT / "src" / "nianbao" / name).is_file(), name


def test_each_direct_dependency_has_its_entry_and_no_other_has() -> None:
    def bare(names: list[str]) -> list[str]:
        return sorted((re.split(r"[\[<>=!~ ;]", name)[0] for name in names), key=str.lower)

    needed, development = tables(DEPENDENCIES)
    for table, declared in (
        (needed, PYPROJECT["project"]["dependencies"]),
        (development, PYPROJECT["project"]["optional-dependencies"]["dev"]),
    ):
        assert [quoted(row[0])[0] for row in table[1:]] == bare(declared)
        assert all(row[1] and row[3] for row in table[1:])


# Counts of evaluations grow with the rules: the session shows those of its day.
_COUNTS = re.compile(
    r"核对\d+项|通过\d+项|无法核对\d+|另有\d+项|\d+项提示|evaluations \d+|passed \d+|notes \d+|not assessable \d+"
)


def session(page: Path) -> list[tuple[str, str]]:
    """The commands of the page's sessions with what each printed."""
    shown = "".join(fence.content for fence in fences(page) if fence.language == "console")
    return [
        (part.split("\n", 1)[0], part.split("\n", 1)[1]) for part in re.split(r"^\$ ", shown, flags=re.MULTILINE)[1:]
    ]


def _carried_out(project: Project, command: str, page: Path) -> tuple[str, int]:
    """What a command of a page's session prints, and its exit code; make's own set-up lines are left out."""
    if target := re.fullmatch(r"make report OFFICE=(\w+) YEAR=(\d+)", command):
        command = f".venv/bin/nianbao report {target[1]} {target[2]}"
    if edit := re.fullmatch(r"sed -i 's/\^(.*)/(.*)/' (\S+)", command):
        path = project.root / edit[3]
        text = path.read_bytes().decode()
        assert f"\n{edit[1]}" in text
        path.write_bytes(text.replace(f"\n{edit[1]}", f"\n{edit[2]}").encode())
        return "", 0
    program, *words = command.split()
    assert program == ".venv/bin/nianbao"
    call = [sys.executable, "-m", "nianbao", "--project", str(project.root), *words]
    environment = {**os.environ, "LANGUAGE": "zh" if ".zh-" in page.name else "en"}
    done = subprocess.run(
        call, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", check=False, env=environment
    )
    return done.stdout, done.returncode


def _told(project: Project, page: Path) -> Iterator[tuple[str, str, str]]:
    """Each command of the page's sessions, carried out in turn: the command, what it printed, what the page says."""
    code = 0
    for command, shown in session(page):
        if command == "echo $?":
            yield command, str(code), shown
            continue
        printed, code = _carried_out(project, command, page)
        # What make prints of the set-up is there once, and not here.
        yield command, printed, re.split(r"^\.venv/bin/nianbao .*\n", shown, flags=re.MULTILINE)[-1]


def _same(printed: str, expected: str) -> None:
    assert _COUNTS.sub("", printed.strip()) == _COUNTS.sub("", expected.strip())


@pytest.mark.slow
@each_readme
def test_a_readmes_session_prints_what_it_says_and_leaves_the_files_that_it_lists(project: Project, page: Path) -> None:
    for _, printed, expected in _told(project, page):
        _same(printed, expected)
    folder = project.output_of(ReportKey("panzhihua", 2023))
    made = {f"{path.name}/" if path.is_dir() else path.name for path in folder.iterdir()}
    (table,) = [table for table in tables(page) if "`report.html`" in table[1][0]]
    assert {name for row in table[1:] for name in quoted(row[0])} == made


def test_the_session_for_analysts_prints_what_it_says(project: Project) -> None:
    for _, printed, expected in _told(project, ANALYSTS):
        _same(printed, expected)


@each_page
def test_pages_name_no_folder_of_one_machine(page: Path) -> None:
    assert not re.search(r"(?<![\w.<>…*-])/(?:home|root|work|tmp|Users|opt)/", page.read_text(encoding="utf-8"))


def test_pictures_are_small() -> None:
    for picture in (ROOT / "docs" / "images").iterdir():
        assert picture.stat().st_size < 150_000, picture.name


def test_both_readmes_show_the_same_session_and_tables_of_the_same_length() -> None:
    english, chinese = ([command for command, _ in session(page)] for page in READMES)
    assert english == chinese
    assert [len(table) for table in tables(READMES[0])] == [len(table) for table in tables(READMES[1])]
