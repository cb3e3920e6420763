"""``nianbao preview`` in a process of its own: it ends whole, several run side by side, and nothing is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from running import alive, processes_below, running, soon

from nianbao.paths import Project

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc").is_dir(), reason="processes are told from /proc"),
]


def page(address: str) -> str:
    with urllib.request.urlopen(f"{address}report.html", timeout=60) as answer:  # noqa: S310 -- on this machine
        return str(answer.read().decode())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_and_leaves_no_process_and_no_folder(project: Project, number: int) -> None:
    with running(project) as preview:
        assert soon(lambda: "政府信息公开工作年度报告" in page(preview.address))
        began = processes_below(preview.process.pid)
        assert len(began) > 2  # the fork server and the checks have processes of their own
        printed = preview.end(number)
        assert preview.process.returncode == 0
        assert printed.splitlines()[-1] == "预览已结束"
        assert "Traceback" not in printed
        assert soon(lambda: not alive(began), 10), alive(began)
    assert not (project.state / "preview").exists()
    assert not project.outputs.exists()


def test_ctrl_c_ends_it_while_a_notebook_hangs(project: Project) -> None:
    notebook = project.notebooks / "05_problems.ipynb"
    good = notebook.read_text("utf-8")
    notebook.write_text(good.replace('"section.heading()"', '"while True: pass"'), "utf-8")
    with running(project) as preview:
        own = project.state / "preview" / str(preview.process.pid)
        assert soon(own.is_dir)
        assert soon(lambda: len(processes_below(preview.process.pid)) > 5)
        began = processes_below(preview.process.pid)
        preview.end()
        assert preview.process.returncode == 0
        assert soon(lambda: not alive(began), 10), alive(began)


def test_a_notebook_that_hangs_can_be_mended(project: Project) -> None:
    notebook = project.notebooks / "05_problems.ipynb"
    good = notebook.read_text("utf-8")
    with running(project) as preview:
        assert soon(lambda: "政府信息公开工作年度报告" in page(preview.address))
        notebook.write_text(good.replace('"section.heading()"', '"while True: pass"'), "utf-8")
        assert soon(lambda: len(processes_below(preview.process.pid)) > 5)
        narrative = project.root / "data/shili/2023/narrative/05_problems.md"
        narrative.write_text(narrative.read_text("utf-8") + "\n\n改好以后的一段。\n", "utf-8")
        notebook.write_text(good, "utf-8")
        assert soon(lambda: "改好以后的一段。" in page(preview.address))
        preview.end()


def test_two_previews_of_one_report_run_side_by_side(project: Project) -> None:
    with running(project) as one, running(project, "--port", str(urlsplit(one.address).port)) as two:
        assert one.address != two.address
        for preview in (one, two):
            assert soon(lambda address=preview.address: "政府信息公开工作年度报告" in page(address))
        assert "已被占用，改用" in two.end()
        assert "政府信息公开工作年度报告" in page(one.address)
        one.end()


def test_a_preview_that_was_killed_leaves_no_process_and_the_next_one_tidies_up(project: Project) -> None:
    with running(project) as preview:
        assert soon(lambda: "政府信息公开工作年度报告" in page(preview.address))
        began = processes_below(preview.process.pid)
        preview.end(signal.SIGKILL)
        assert soon(lambda: not alive(began), 10), alive(began)
    assert list((project.state / "preview").iterdir())
    with running(project) as preview:
        assert soon(lambda: [path.name for path in (project.state / "preview").iterdir()] == [str(preview.process.pid)])
        preview.end()


def test_an_unknown_year_is_refused_before_anything_starts(project: Project) -> None:
    command = [sys.executable, "-m", "nianbao", "--project", str(project.root), "preview", "shili", "2035", "--no-open"]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "LANG": "C"}, check=False)
    assert done.returncode == 2
    assert "known years" in done.stderr
