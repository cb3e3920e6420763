"""JupyterLab beside the preview: a notebook is run there by hand, changed and saved, and the preview follows."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from running import Running, running, soon
from tornado.websocket import websocket_connect

from extract_words import html_pictures
from nianbao.form import TABLE_MIME
from nianbao.model import BLOCK_MIME
from nianbao.paths import Project

pytestmark = pytest.mark.slow
NOTEBOOK = "notebooks/03_applications.ipynb"


@dataclass
class Lab:
    """JupyterLab's server, on this machine, spoken to as its page does."""

    port: int
    token: str = "made-up"  # noqa: S105 -- of a server that lives as long as a test

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"token {self.token}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            content = answer.read()
        return json.loads(content) if content else None

    def answers(self) -> bool:
        try:
            return bool(self.ask("GET", "status"))
        except OSError:
            return False

    def run_all(self, notebook: dict[str, Any]) -> None:
        """Run every cell in a kernel of the notebook's own, and put what they show into the notebook, as Lab does."""
        session = {"path": NOTEBOOK, "name": NOTEBOOK, "type": "notebook", "kernel": {"name": "python3"}}
        made = self.ask("POST", "sessions", session)
        try:
            asyncio.run(asyncio.wait_for(self._run_cells(made["kernel"]["id"], notebook), 120))
        finally:
            self.ask("DELETE", f"sessions/{made['id']}")

    async def _run_cells(self, kernel: str, notebook: dict[str, Any]) -> None:
        address = f"ws://127.0.0.1:{self.port}/api/kernels/{kernel}/channels?token={self.token}"
        socket = await websocket_connect(address, max_message_size=100 << 20)
        for number, cell in enumerate(notebook["cells"], start=1):
            if cell["cell_type"] != "code":
                continue
            name = f"cell-{number}"
            header = {"msg_id": name, "msg_type": "execute_request", "username": "", "session": "s", "version": "5.4"}
            content = {"code": "".join(cell["source"]), "silent": False, "store_history": True, "stop_on_error": True}
            message = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}
            await socket.write_message(json.dumps(message))
            cell["outputs"], cell["execution_count"] = await self._outputs(socket, name), number
        socket.close()

    async def _outputs(self, socket: Any, name: str) -> list[dict[str, Any]]:
        outputs: list[dict[str, Any]] = []
        while True:
            message = json.loads(await socket.read_message())
            if message["parent_header"].get("msg_id") != name:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind == "status" and content["execution_state"] == "idle":
                return outputs
            if kind in {"execute_result", "display_data", "stream", "error"}:
                outputs.append({"output_type": kind, **{key: content[key] for key in content if key != "transient"}})


def port_of(runtime: Path) -> int:
    """The port that the server has written down; 0 where it has not yet."""
    for record in runtime.glob("jpserver-*.json"):
        try:
            return int(json.loads(record.read_text())["port"])
        except ValueError:
            continue
    return 0


@pytest.fixture(scope="module")
def beside(
    stored_for: Callable[[Path], Project], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Lab, Running]]:
    """JupyterLab and a preview of the illustrated report, both on one project."""
    folder = tmp_path_factory.mktemp("beside")
    project = stored_for(folder / "project")
    with lab_on(project, folder / "home") as lab, running(project, "--profile", "illustrated") as preview:
        yield lab, preview
        said = preview.end()
        assert said.splitlines()[-1] == "预览已结束", said


@contextmanager
def lab_on(project: Project, home: Path) -> Iterator[Lab]:
    home.mkdir()
    runtime = home / "runtime"
    environment = {**os.environ, "HOME": str(home), "JUPYTER_RUNTIME_DIR": str(runtime), "IPYTHONDIR": str(home)}
    options = [
        "--no-browser",
        "--allow-root",
        f"--ServerApp.root_dir={project.root}",
        f"--IdentityProvider.token={Lab.token}",
    ]
    process = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", *options, "--ServerApp.port=28900", "--ServerApp.port_retries=90"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
    )
    try:
        port = soon(lambda: port_of(runtime))
        assert port, "JupyterLab did not start"
        found = Lab(port)
        assert soon(found.answers)
        yield found
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def page(address: str) -> str:
    """The page, and after it the pictures that it carries as addresses."""
    with urllib.request.urlopen(f"{address}report.html", timeout=60) as answer:  # noqa: S310 -- on this machine
        html = str(answer.read().decode())
    return "\n".join([html, *(picture.decode() for picture in html_pictures(html.encode()))])


def test_a_run_by_hand_shows_what_the_report_prints(beside: tuple[Lab, Running]) -> None:
    lab, preview = beside
    notebook = lab.ask("GET", f"contents/{NOTEBOOK}")["content"]
    lab.run_all(notebook)
    assert soon(lambda: "政府信息公开工作年度报告" in page(preview.address))
    shown = [output["data"] for cell in notebook["cells"] for output in cell.get("outputs", ()) if "data" in output]
    pictures = [data for data in shown if "image/svg+xml" in data]
    assert len(pictures) == 3
    printed = page(preview.address)
    for data in pictures:
        assert "Noto Sans SC" in data["image/svg+xml"]
        assert data[BLOCK_MIME]["alt"] in printed
        assert data[BLOCK_MIME]["caption"] in printed


def test_a_chart_that_is_changed_in_lab_shows_in_the_preview(beside: tuple[Lab, Running]) -> None:
    lab, preview = beside
    notebook = lab.ask("GET", f"contents/{NOTEBOOK}")["content"]
    chart = next(cell for cell in notebook["cells"] if 'color="C2"' in cell["source"])
    chart["source"] = chart["source"].replace('color="C2"', 'color="#b05cc4"')
    lab.run_all(notebook)

    shown = [output for cell in notebook["cells"] for output in cell.get("outputs", ())]
    assert not [output for output in shown if output["output_type"] == "error"]
    kinds = {kind for output in shown for kind in output.get("data", ())}
    assert {TABLE_MIME, BLOCK_MIME, "text/html"} <= kinds
    (drawn,) = chart["outputs"]
    assert "#b05cc4" in json.dumps(drawn)

    saved = {"type": "notebook", "format": "json", "content": notebook}
    lab.ask("PUT", f"contents/{NOTEBOOK}", saved)
    assert soon(lambda: "#b05cc4" in page(preview.address))
