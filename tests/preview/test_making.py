"""What a preview makes: the page of the last state, findings beside it, errors over it; and nothing in outputs/."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from nianbao.model import ReportKey
from nianbao.paths import Project
from nianbao.pipeline import Options
from nianbao.pipeline.snapshot import InputsChangedError
from nianbao.preview.making import Maker
from nianbao.preview.threads import SharedState, WorkQueue

KEY = ReportKey("shili", 2023)
OVERVIEW = "data/shili/2023/narrative/01_overview.md"

pytestmark = pytest.mark.slow


class Made:
    """A maker whose runs the test starts by hand, in this thread."""

    def __init__(self, project: Project, maker: Maker, shared: SharedState) -> None:
        self.project = project
        self.maker = maker
        self.shared = shared

    def save(self, name: str, change: Callable[[str], str]) -> dict[str, Any]:
        """Change a file and let the maker run; the state with the findings of it."""
        path = self.project.root / name
        before = path.read_text("utf-8")
        assert change(before) != before
        path.write_text(change(before), "utf-8")
        return self.run(name)

    def run(self, *names: str) -> dict[str, Any]:
        self.maker.make(names)
        end = time.monotonic() + 60
        while self.shared.state()["checking"] and time.monotonic() < end:
            time.sleep(0.01)
        return self.shared.state()

    @property
    def page(self) -> str:
        return self.maker.page.decode()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, stored_for: Callable[[Path], Project]) -> Iterator[Made]:
    folder = tmp_path_factory.mktemp("preview")
    project, shared = stored_for(folder), SharedState()
    with Maker(project, KEY, Options(), folder / ".nianbao" / "preview" / "1", shared) as maker:
        found = Made(project, maker, shared)
        state = found.run()
        assert state["error"] is None
        assert state["page"] == 1
        yield found
    assert not (folder / "outputs").exists()


def steps(state: dict[str, Any]) -> dict[str, list[str]]:
    """The steps that ran, with why."""
    return {step["step"]: step["why"] for step in state["steps"] if step["why"]}


def test_a_word_is_on_the_page_and_only_its_section_ran(made: Made) -> None:
    before = made.shared.state()["page"]
    state = made.save(OVERVIEW, lambda text: text + "\n\n预览所见即所存。\n")
    assert "预览所见即所存。" in made.page
    assert state["page"] == before + 1
    assert steps(state)["section 01_overview"] == [f"changed: {OVERVIEW}"]
    assert not any(name.startswith("section") for name in steps(state) if name != "section 01_overview")
    assert not any("pdf" in name or "publish" in name for name in steps(state))
    assert state["check_step"]["why"] == [f"changed: {OVERVIEW}"]


def test_a_save_that_changes_nothing_runs_nothing(made: Made) -> None:
    made.run()
    before = made.shared.state()["page"]
    state = made.run(OVERVIEW)
    assert steps(state) == {}
    assert (state["page"], state["check_step"]) == (before, None)


def test_outputs_that_jupyterlab_saves_run_nothing(made: Made) -> None:
    name = "notebooks/02_proactive.ipynb"
    good = (made.project.root / name).read_text("utf-8")

    def run_by_hand(text: str) -> str:
        notebook = json.loads(text)
        for number, cell in enumerate((each for each in notebook["cells"] if each["cell_type"] == "code"), start=1):
            cell["execution_count"] = number
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["by hand\n"]}]
        return json.dumps(notebook, indent=1, ensure_ascii=False)

    assert steps(made.save(name, run_by_hand)) == {}
    state = made.save(name, lambda text: text.replace('"section.heading()"', '"section.heading()  # as it was"'))
    assert steps(state)["section 02_proactive"] == [f"changed: {name}"]
    made.save(name, lambda _: good)


def test_what_ran_and_why_is_told_in_the_language_of_the_terminal(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "zh")
    good = (made.project.root / OVERVIEW).read_text("utf-8")
    state = made.save(OVERVIEW, lambda text: text + "\n\n又一段。\n")
    assert steps(state)["节 01_overview"] == [f"有改动：{OVERVIEW}"]
    assert state["check_step"]["step"] == "核对"
    made.save(OVERVIEW, lambda _: good)


def test_a_notebook_that_raises_shows_its_traceback_over_the_last_page_until_it_is_mended(made: Made) -> None:
    name = "notebooks/03_applications.ipynb"
    good = (made.project.root / name).read_text("utf-8")
    page = made.page
    state = made.save(
        name, lambda text: text.replace('"section.heading()"', '"section.heading()\\n", "missing_name + 1"')
    )
    error = state["error"]
    assert error["what"].startswith("NameError: name 'missing_name' is not defined\n    missing_name + 1")
    assert error["where"] == "notebooks/03_applications.ipynb, cell 5, line 2"
    assert "----> 2 missing_name + 1" in error["traceback"]
    assert "\x1b" not in error["traceback"]
    assert made.page == page
    assert error["hint"].startswith("the notebook as far as it ran: ")
    state = made.save(name, lambda _: "{}")
    assert state["error"]["what"].startswith("is no valid notebook")
    assert state["error"]["traceback"] == ""
    state = made.save(name, lambda _: good)
    assert state["error"] is None
    assert made.page == page


def test_findings_that_block_are_told_beside_a_page_of_the_new_state(made: Made) -> None:
    name = "data/shili/2023/applications.csv"
    good = (made.project.root / name).read_text("utf-8")
    (line,) = [line for line in good.splitlines() if line.startswith("new,")]
    cells = line.split(",")
    cells[2] = "98765"
    state = made.save(name, lambda text: text.replace(line, ",".join(cells)))
    assert "98765" in made.page
    assert state["error"] is None
    assert state["counts"]["blocking"] > 0
    first = state["findings"][0]
    assert first["severity"] == "error"
    assert f"{name}:2:natural_person" in first["sources"]
    row, column = state["places"]["cells"]["applications.new.natural_person"][1:]
    assert row > 0 < column
    state = made.save(name, lambda _: good)
    assert state["counts"]["blocking"] == 0


def test_a_finding_in_words_names_its_section_and_line(made: Made) -> None:
    good = (made.project.root / OVERVIEW).read_text("utf-8")
    state = made.save(OVERVIEW, lambda text: "全年新收申请98765件。\n\n" + text)
    found = [item for item in state["findings"] if f"{OVERVIEW}:1:7" in item["sources"]]
    assert found
    assert {item["section"] for item in found} == {"overview"}
    assert "overview" in state["places"]["sections"]
    made.save(OVERVIEW, lambda _: good)


def test_settings_that_cannot_be_read_are_told_until_they_can(made: Made) -> None:
    name = "params/shili/2023.yaml"
    good = (made.project.root / name).read_text("utf-8")
    state = made.save(name, lambda _: "published: [\n")
    assert state["error"] or state["counts"]["blocking"]
    assert any(source.startswith(name) for item in state["findings"] for source in item["sources"])
    state = made.save(name, lambda _: good)
    assert state["error"] is None
    assert state["counts"]["blocking"] == 0


def test_other_formats_are_made_of_the_page_that_is_shown(made: Made) -> None:
    made.run()
    assert made.maker.file("pdf").content.startswith(b"%PDF")
    assert made.maker.file("docx").name == "report.docx"


def test_what_lab_saves_with_its_outputs_changes_nothing_on_the_page(made: Made) -> None:
    name = "notebooks/05_problems.ipynb"
    good = (made.project.root / name).read_text("utf-8")
    page = made.page

    def as_saved_by_lab(text: str) -> str:
        notebook = json.loads(text)
        for number, cell in enumerate(notebook["cells"], start=1):
            if cell["cell_type"] == "code":
                cell["execution_count"] = number
                cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "早先的输出\n"}]
        notebook["metadata"]["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
        return json.dumps(notebook)

    state = made.save(name, as_saved_by_lab)
    assert state["error"] is None
    assert made.page == page
    made.save(name, lambda _: good)


def test_saves_while_it_runs_are_all_on_the_page_at_the_end(made: Made) -> None:
    queue, path = WorkQueue(), made.project.root / OVERVIEW
    good = path.read_text("utf-8")

    def edit() -> None:
        for number in range(12):
            path.write_text(f"{good}\n\n第{number}次保存。\n", "utf-8")
            queue.save({OVERVIEW})
            time.sleep(0.15)
        wishes.append(queue.ask("html"))

    wishes: list[Future[Any]] = []
    editor = threading.Thread(target=edit)
    editor.start()
    while not wishes or not wishes[0].done():
        saves, asked = queue.next()
        if saves is None:
            for _, wish in asked:
                wish.set_result(None)
        else:
            try:
                made.maker.make(sorted(saves))
            except InputsChangedError:  # as the maker's own loop does
                queue.save(saves)
    editor.join()
    assert "第11次保存。" in made.page
    made.save(OVERVIEW, lambda _: good)


def test_nothing_of_peoples_is_written(made: Made) -> None:
    def files(root: Path) -> dict[str, int]:
        return {
            str(path): path.stat().st_mtime_ns
            for path in root.rglob("*")
            if path.is_file() and ".nianbao" not in path.parts
        }

    before = files(made.project.root)
    made.run()
    assert files(made.project.root) == before
