from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from copy import copy
from pathlib import Path

import pytest
from click.testing import CliRunner

from command_line import nianbao
from nianbao.cli.checks import _keys, command
from nianbao.cli.commands import COMMANDS, cli
from nianbao.cli.main import _command
from nianbao.errors import ExitCode, UsageError
from nianbao.paths import Project


def run(project: Project, *words: str) -> subprocess.CompletedProcess[str]:
    call = [sys.executable, "-m", "nianbao", "--project", str(project.root), *words]
    return subprocess.run(call, capture_output=True, text=True, check=False, encoding="utf-8")


def test_help_names_each_command_and_imports_nothing_heavy() -> None:
    code = "import sys; from nianbao.cli.commands import cli; cli.main(['--help'], standalone_mode=False); print(sorted(sys.modules))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    for name in COMMANDS:
        assert f"  {name}" in shown
    for heavy in ("pandas", "numpy", "matplotlib", "nbformat", "papermill", "great_expectations", "yaml", "typst"):
        assert f"'{heavy}'" not in shown


@pytest.mark.parametrize("name", COMMANDS)
def test_each_commands_help_has_an_example(name: str) -> None:
    shown = CliRunner().invoke(cli, [name, "--help"])
    assert shown.exit_code == 0
    assert f"nianbao {name}" in shown.output
    assert "Example" in shown.output


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["report", "panzhihau", "2023"], "did you mean 'panzhihua'"),
        (["report", "panzhihua", "2019"], "known years: 2023"),
        (["report", "panzhihua", "2017"], "no statutory form for 2017"),
        (["report", "panzhihua", "2023", "--to", "pfd"], "did you mean 'pdf'"),
        (["report", "panzhihua", "soon"], "not a valid integer"),
        (["reprot"], "No such command"),
        (["new", "Bad Name", "2023"], "cannot be an office's identifier"),
        (["check", "nobody"], "unknown office"),
        (["ingest", "nobody.docx"], "no such file: nobody.docx"),
        (["audit", "nobody.docx"], "no such file: nobody.docx"),
    ],
)
def test_wrong_use_exits_2_and_says_what_is_known(
    repository: Project,
    words: list[str],
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "argv", ["nianbao", "--project", str(repository.root), *words])
    assert _command() == 2
    said = capsys.readouterr().err
    assert message in said
    assert "Traceback" not in said


def test_a_folder_without_a_project_exits_2(tmp_path: Path) -> None:
    done = run(Project(tmp_path), "check")
    assert done.returncode == 2
    assert "no project here" in done.stderr


def test_a_blocking_finding_exits_1_and_leaves_the_last_report(project: Project) -> None:
    made = project.outputs / "panzhihua" / "2023"
    made.mkdir(parents=True)
    (made / "report.html").write_text("the last good report")
    table = project.data / "panzhihua" / "2023" / "applications.csv"
    table.write_text(
        table.read_text(encoding="utf-8").replace("processed,（七）总计,14", "processed,（七）总计,13"),
        encoding="utf-8",
    )
    done = run(project, "report", "panzhihua", "2023")
    assert done.returncode == 1
    assert "T3-BALANCE" in done.stderr
    assert "= 14 != processed 13" in done.stderr
    assert (made / "report.html").read_text() == "the last good report"
    written = project.evidence_of(project.key("panzhihua", 2023)) / "findings.json"
    assert any(item["rule"] == "T3-BALANCE" for item in json.loads(written.read_text(encoding="utf-8"))["findings"])
    draft = run(project, "report", "panzhihua", "2023", "--draft", "--to", "html")
    assert draft.returncode == 0
    folder = project.output_of(project.key("panzhihua", 2023), draft=True)
    page = (folder / "report-草稿.html").read_text(encoding="utf-8")
    assert "草稿" in page
    assert "未决问题" in page
    assert (made / "report.html").read_text() == "the last good report"


def test_a_draft_marks_the_characters_that_no_font_has(project: Project) -> None:
    words = project.data / "panzhihua" / "2023" / "narrative" / "06_other.md"
    words.write_text("没有其他事项👍。\n", encoding="utf-8")
    done = run(project, "report", "panzhihua", "2023", "--draft", "--to", "html")
    assert done.returncode == 0, done.stderr
    folder = project.output_of(project.key("panzhihua", 2023), draft=True)
    assert "没有其他事项【缺字：U+1F44D】。" in (folder / "report-草稿.html").read_text(encoding="utf-8")


def test_results_go_elsewhere_and_events_are_lines_of_json(
    project: Project, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    shutil.copytree(project.state / "store", elsewhere / ".nianbao" / "store")  # what stays as it is isn't run again
    before = sorted(project.root.rglob("*"))
    done = run(project, "report", "panzhihua", "2023", "--to", "html", "--outputs", str(elsewhere), "--log-json")
    assert done.returncode == 0
    assert (elsewhere / "panzhihua" / "2023" / "report.html").is_file()
    assert [path for path in sorted(project.root.rglob("*")) if "__pycache__" not in path.parts] == before
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert [events[0]["event"], events[-2]["event"], events[-1]["event"]] == ["begin", "outcome", "end"]
    assert (events[-2]["office"], events[-2]["result"], events[-1]["exit_code"]) == ("panzhihua", "made", 0)
    assert "export html" in {event.get("step") for event in events}


@pytest.mark.parametrize("content", [None, "{bad"])
def test_a_notebook_that_is_missing_or_none_exits_3(project: Project, content: str | None) -> None:
    path = project.notebooks / "04_review.ipynb"
    path.unlink()
    if content is not None:
        path.write_text(content, encoding="utf-8")
    done = run(project, "report", "panzhihua", "2023", "--log-json")
    assert done.returncode == 3
    assert "notebooks/04_review.ipynb: is" in done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["exit_code"] == 3


def test_a_notebook_that_raises_exits_3_and_names_the_evidence(project: Project) -> None:
    path = project.notebooks / "06_other.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    number = next(n for n, cell in enumerate(cells, start=1) if "section.heading()" in "".join(cell["source"]))
    path.write_text(path.read_text(encoding="utf-8").replace('"section.heading()"', '"1 / 0"'), encoding="utf-8")
    done = run(project, "report", "panzhihua", "2023")
    assert done.returncode == 3
    assert f"notebooks/06_other.ipynb, cell {number}, line 1: ZeroDivisionError" in done.stderr
    assert (project.root / ".nianbao/failed/panzhihua/2023/06_other.ipynb").is_file()
    assert not (project.outputs / "panzhihua").exists()


def test_check_prints_the_contracts_json(project: Project) -> None:
    done = nianbao(project, "check", "panzhihua", "2023", "--format", "json")
    assert done.returncode == 0
    found = json.loads(done.stdout)
    assert set(found) == {"findings", "summary"}


def test_words_arrive_whatever_the_terminals_encoding(project: Project) -> None:
    words = ("trace", "shili", "2023", "applications.new.total")
    call = [sys.executable, "-m", "nianbao", "--project", str(project.root), *words]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C", "LANGUAGE": "zh"}
    done = subprocess.run(call, capture_output=True, check=False, env=environment)
    assert done.returncode == 0
    assert "新收政府信息公开申请" in done.stdout.decode()


def test_a_closed_pipe_is_no_fault(project: Project) -> None:
    call = f'"{sys.executable}" -m nianbao --project "{project.root}" new mouju 2023 | head -1; exit ${{PIPESTATUS[0]}}'
    done = subprocess.run(["bash", "-c", call], capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr


def test_lint_exits_1_on_outputs(project: Project) -> None:
    path = project.notebooks / "06_other.ipynb"
    path.write_text(
        path.read_text(encoding="utf-8").replace('"execution_count": null', '"execution_count": 3', 1), encoding="utf-8"
    )
    done = run(project, "lint")
    assert done.returncode == 1
    assert "clear them" in done.stdout


def test_nothing_changed_makes_nothing_and_imports_nothing_heavy(project: Project) -> None:
    assert run(project, "report", "panzhihua", "2023", "--to", "html").returncode == 0
    folder = project.outputs / "panzhihua" / "2023"
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    time.sleep(0.01)
    code = (
        "import sys; from nianbao.cli.commands import cli\n"
        f"cli.main(['--project', {str(project.root)!r}, 'report', 'panzhihua', '2023', '--to', 'html'], standalone_mode=False)\n"
        "print(sorted(set(sys.modules) & {'pandas', 'papermill', 'great_expectations', 'nbconvert', 'docx', 'typst'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    assert done.stderr == ""
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


@pytest.mark.parametrize("number", [errno.EROFS, errno.ENOSPC, errno.EACCES])
def test_what_a_disk_refuses_is_told_in_a_line(
    number: int, project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refused(*_arguments: object) -> None:
        raise OSError(number, os.strerror(number), "/disk/portal")

    monkeypatch.setattr("nianbao.site.build_site", refused)
    monkeypatch.setattr(sys, "argv", ["nianbao", "--project", str(project.root), "site"])
    assert _command() == ExitCode.FAULT
    said = capsys.readouterr().err
    assert said.startswith(f"nianbao: /disk/portal: {os.strerror(number)}\n")
    assert "Traceback" not in said


def test_a_broken_link_to_a_process_of_ours_is_no_ctrl_c(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_: Project) -> list[str]:
        raise EOFError

    monkeypatch.setattr("nianbao.runs.lint.lint", broken)
    monkeypatch.setattr(sys, "argv", ["nianbao", "--project", str(project.root), "lint"])
    assert _command() is ExitCode.FAULT
    assert "this is a fault of ours" in capsys.readouterr().err


def test_what_is_checked_is_chosen_by_name_pattern_and_range(project: Project) -> None:
    def chosen(*words: str) -> list[str]:
        return [str(key) for key in _keys(project, *_split(words))]

    everything = ["panzhihua 2023", *(f"shili {year}" for year in (2020, 2021, 2022, 2023))]
    assert chosen() == everything
    assert chosen("shili", "2021") == ["shili 2021"]
    assert chosen("shili", "panzhihua", "2023") == ["panzhihua 2023", "shili 2023"]
    assert chosen("--year", "2021-2022") == ["shili 2021", "shili 2022"]
    assert chosen("--office", "sh*", "--year", "2020,2023") == ["shili 2020", "shili 2023"]
    with pytest.raises(UsageError, match="no inputs for 2019"):
        chosen("shili", "2019")


def _split(words: Sequence[str]) -> tuple[list[str], list[str], list[str]]:
    """Names, patterns and years, as the command hands them over."""
    # click keeps the words of --help with the command, in the language of that moment.
    context = copy(command).make_context("check", list(words))
    given = context.params
    return given["words"], given["offices"], given["years"]


def test_a_made_up_project_is_written_where_git_does_not_look(project: Project) -> None:
    done = run(project, "bench", "make", "3", "--profile", "official")
    assert done.returncode == 0, done.stderr
    assert "3 office-years of 1 offices" in done.stdout
    assert len(list((project.state / "bench-3" / "params").glob("*/office.yaml"))) == 1


def test_an_office_is_found_by_its_name_and_two_of_one_name_are_told(project: Project) -> None:
    by_name = run(project, "--lang", "en", "check", "示例市人民政府办公室", "2023")
    assert (by_name.returncode, "shili 2023" in by_name.stdout) == (0, True), by_name.stderr
    shutil.copytree(project.params / "shili", project.params / "other")
    twice = run(project, "--lang", "en", "check", "示例市人民政府办公室", "2023")
    assert twice.returncode == ExitCode.USAGE
    assert "several offices are called 示例市人民政府办公室" in twice.stderr
    assert "other" in twice.stderr


def test_a_published_report_of_two_offices_of_one_name_goes_to_neither(project: Project) -> None:
    shutil.copytree(project.params / "shili", project.params / "other")
    published = project.root / "report.txt"
    published.write_text("示例市人民政府办公室2022年政府信息公开工作年度报告\n一、总体情况\n平稳。\n", encoding="utf-8")
    read = run(project, "--lang", "en", "ingest", str(published))
    assert read.returncode == ExitCode.USAGE
    assert "say which with --office" in read.stderr


def test_a_published_report_whose_name_cannot_be_told_in_full_is_written_for_no_office(project: Project) -> None:
    published = project.root / "shili.txt"
    published.write_text("示例市人民政府办�室2022年政府信息公开工作年度报告\n一、总体情况\n平稳。\n", encoding="utf-8")
    read = run(project, "ingest", str(published))
    (told,) = [one for one in json.loads(read.stdout)["findings"] if "机关名称" in one["message"]]
    assert json.loads(read.stdout)["office"] != "shili"
    assert told["state"] == "uncertain"
    assert "可能是“示例市人民政府办公室”，未能确定" in told["message"]
    written = run(project, "--lang", "zh", "ingest", str(published), "--write")
    assert written.returncode == ExitCode.FINDINGS
    assert "请用 --office 指明" in written.stderr
    assert written.stdout == ""
    audited = run(project, "--lang", "zh", "audit", str(published))
    assert "可能是“示例市人民政府办公室”" in audited.stdout
