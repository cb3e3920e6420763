"""The executed notebook is the one that papermill's ordinary engine would have made, times aside."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from ipykernel.ipkernel import IPythonKernel
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError
from papermill.iorw import write_ipynb

from nianbao.errors import UsageError
from nianbao.runs.engine import LANGUAGE_INFO, why_ordinary
from runs.notebooks import notebook, printed, run, saved

pytestmark = pytest.mark.slow

CELLS = {
    "text": "print('年报')\nprint('b', end='')",
    "text and result": "print(1)\n2 + 2",
    "both streams": "import sys\nprint('a')\nprint('b', file=sys.stderr)\nprint('c')",
    "text around a display": "print(1)\ndisplay(2)\nprint(3)\n4",
    "no result": "x = 5;\nx;",
    "underscore": "_ + 1",
    "rich": "class Rich:\n    def _repr_mimebundle_(self, **_):\n"
    "        return {'text/html': '<b>x</b>', 'text/plain': 'x', 'application/x+json': {'a': [1, None]}}\nRich()",
    "metadata": "from IPython.display import Image, HTML\n"
    "display(HTML('<i>y</i>'), metadata={'text/html': {'isolated': True}})",
    "frame": "import pandas as pd\npd.DataFrame({'类': ['甲', '乙'], 'n': [1, 2.5]})",
    "bytes and dates": "import datetime\ndisplay({'application/json': {'d': datetime.date(2024, 1, 31)}, 'text/plain': '.'}, raw=True)",
    "update": "handle = display('before', display_id='one')\nprint('between')\nhandle.update('after')\nprint('last')",
    "update from another cell": "handle.update('much later')",
    "clear": "from IPython.display import clear_output\nprint('gone')\ndisplay('gone')\nclear_output()\nprint('stays')",
    "clear and wait": "print('gone')\nclear_output(wait=True)\ndisplay('stays')\nclear_output(wait=True)",
    "figure": "import matplotlib.pyplot as plt\nplt.plot([1, 2, 4])\nplt.title('图')",
    "two figures": "plt.figure(figsize=(1, 1)).add_subplot()\nplt.show()\nprint('between')\nplt.figure(figsize=(1, 1)).add_subplot()",
    "figure formats": "%config InlineBackend.figure_formats = ['svg']\n"
    "plt.rcParams['svg.hashsalt'] = 'x'\nplt.rcParams['svg.fonttype'] = 'none'\n"
    "%config InlineBackend.print_figure_kwargs = {'metadata': {'Date': None}}\nplt.plot([1, 2]);",
    "inline by magic": "%matplotlib inline\nplt.figure(figsize=(1, 1)).add_subplot();",
    "magics": "%who_ls",
    "cell magics": "%%bash\necho one\necho two >&2",
    "capture": "%%capture kept\nprint('kept')\ndisplay(1)",
    "captured": "print(kept.stdout, len(kept.outputs))",
    "script": "%%writefile made.py\nvalue = 6\nprint('made')",
    "run": "%run made.py\nprint(value)",
    "import from here": "import made\nmade.value",
    "shell": "!printf 'from the shell'\nlines = !echo one\nlines",
    "await": "import asyncio\nawait asyncio.sleep(0.01)\nprint('after')",
    "running loop": "asyncio.get_running_loop().is_running()",
    "task": "task = asyncio.get_running_loop().create_task(asyncio.sleep(0.01, 'done'))",
    "task awaited": "await task",
    "surrogates": "print('\\ud800'.encode('utf-8', 'replace'))",
    "history": "print(In[2]); print(_i)\nOut[2]",
    "help": "len?",
    "widget name": "type(get_ipython()).__name__, 'IPKernelApp' in get_ipython().config",
    "environment": "import os\n{name: os.environ.get(name) for name in ('MPLBACKEND', 'TERM', 'PAGER', 'LANG')}",
    "path": "import sys\nsys.path.index(''), __name__, '__file__' in globals()",
    "long": "list(range(2000))",
    "nothing": "",
    "comment": "# nothing",
}

# What each raises.
ERRORS = {
    "exception": "def f(n):\n    return 1 / n\n\nprint('before')\nf(0)",
    "syntax": "print('never')\nif True print(1)",
    "name": "undefined",
    "chained": "try:\n    {}['a']\nexcept KeyError as e:\n    raise ValueError('年') from e",
    "usage": "%no_such_magic",
    "exit": "import sys\nsys.exit(3)",
    "input": "input('?')",
    "display": "class Bad:\n    def __repr__(self):\n        return 'bad'\n    def _repr_html_(self):\n        raise ValueError('no html')\nBad()",
    "await": "import asyncio\nawait asyncio.sleep(0)\nraise ValueError('after await')",
    "bash": "%%bash\nexit 4",
}


def content(node: NotebookNode) -> dict[str, Any]:
    """The notebook without its times, places and the random names of new cells."""
    node.metadata.pop("papermill")
    for cell in node.cells:
        cell.pop("id", None)
        cell.metadata.pop("execution", None)
        times = cell.metadata.pop("papermill", {})
        if "outputs" in cell:
            cell["outputs"] = joined(cell["outputs"])
            for output in cell["outputs"]:
                if output.get("ename") == "SyntaxError":  # names the file that a cell is taken for
                    output["evalue"] = re.sub(r"\S+\.py", "cell.py", output["evalue"])
        cell["status"] = (times.get("status"), times.get("exception"))
    return dict(node)


def joined(outputs: list[Any]) -> list[Any]:
    """Outputs with one stdout and one stderr between two displays, for a kernel cuts text where its clock says so."""
    found: list[Any] = []
    streams: dict[str, Any] = {}
    for output in outputs:
        if output["output_type"] != "stream":
            found += [streams[name] for name in ("stdout", "stderr") if name in streams] + [output]
            streams = {}
        elif output["name"] in streams:
            streams[output["name"]]["text"] += output["text"]
        else:
            streams[output["name"]] = output
    return found + [streams[name] for name in ("stdout", "stderr") if name in streams]


def folders(tmp_path: Path) -> dict[str, Path]:
    """A folder for each engine, with names of one length: some cells print it."""
    found = {engine: tmp_path / engine[:3] for engine in ("nianbao", "nbclient")}
    for folder in found.values():
        folder.mkdir()
    return found


def assert_same(names: Iterable[str], found: list[Any]) -> None:
    for name, ours, theirs in zip(names, found[0]["cells"], found[1]["cells"], strict=True):
        assert ours == theirs, name
    assert found[0] == found[1]


def test_what_subprocesses_and_c_code_write_keeps_its_place(tmp_path: Path) -> None:
    # A kernel reads this in a thread of its own, and now and then puts it after the next print.
    source = (
        "import subprocess, ctypes\nprint('first, ', end='')\nsubprocess.run(['echo', 'second'], check=True)\nprint('third')\n"
        "libc = ctypes.CDLL(None)\nlibc.puts(b'fourth')\nlibc.fflush(None)\ndisplay('fifth')\nsubprocess.run(['echo', 'sixth'])\n7;"
    )
    outputs = run(tmp_path, notebook(source)).cells[0].outputs
    assert [output.get("text", output.get("data")) for output in outputs] == [
        "first, second\nthird\nfourth\n",
        {"text/plain": "'fifth'"},
        "sixth\n",
    ]


def test_every_kind_of_output_is_the_same_as_from_a_kernel(tmp_path: Path) -> None:
    node = notebook(*CELLS.values())
    assert_same(CELLS, [content(run(folder, node, engine)) for engine, folder in folders(tmp_path).items()])


def test_every_kind_of_error_is_the_same_as_from_a_kernel(tmp_path: Path) -> None:
    node = notebook(*ERRORS.values(), tag="raises-exception")
    found = []
    for engine, folder in folders(tmp_path).items():
        with pytest.raises(PapermillExecutionError):  # papermill raises the first, allowed or not
            run(folder, node, engine)
        found.append(content(saved(folder)))
    for cells in (one["cells"] for one in found):
        # The frames that refuse it are ipykernel's or ours.
        refusal = next(cell for cell in cells if cell["source"] == ERRORS["input"])
        assert refusal["outputs"][0].pop("traceback")
    assert_same([cell["source"] for cell in found[0]["cells"]], found)


def test_a_cell_that_raises_ends_the_notebook_as_with_a_kernel(tmp_path: Path) -> None:
    found = []
    for engine, folder in folders(tmp_path).items():
        with pytest.raises(PapermillExecutionError) as caught:
            run(folder, notebook("1", ERRORS["exception"], "print('never')"), engine)
        found.append((content(saved(folder)), caught.value.ename, caught.value.evalue, caught.value.exec_count))
    assert found[0] == found[1]
    assert found[0][1] == "ZeroDivisionError"


def test_the_cells_after_one_that_raised_do_not_run(tmp_path: Path) -> None:
    cells = ("1 / 0", "open('ran', 'w').close()", "open('ran too', 'w').close()")
    with pytest.raises(PapermillExecutionError):
        run(tmp_path, notebook(*cells))
    assert {path.name for path in tmp_path.iterdir()} == {"in.ipynb", "out.ipynb"}


@pytest.mark.parametrize("options", [{"allow_errors": True}, {"allow_error_names": ["ZeroDivisionError"]}])
def test_errors_that_are_allowed_do_not_end_the_notebook(tmp_path: Path, options: dict[str, Any]) -> None:
    with pytest.raises(PapermillExecutionError):  # at the end, by papermill
        run(tmp_path, notebook("1 / 0", "print('went on')"), **options)
    assert printed(saved(tmp_path)) == "went on\n"


def test_tagged_and_empty_cells_are_skipped(tmp_path: Path) -> None:
    node = run(tmp_path, notebook("print('never')", tag="skip-execution"))
    assert node.cells[0].outputs == []
    assert node.cells[0].execution_count is None


def test_hooks_are_called_as_by_the_ordinary_client(tmp_path: Path) -> None:
    found = []
    for engine, folder in folders(tmp_path).items():
        seen: list[tuple[Any, ...]] = []
        names = ("on_cell_start", "on_cell_execute", "on_cell_complete", "on_cell_executed")
        hooks = {name: lambda name=name, seen=seen, **given: seen.append((name, given["cell_index"])) for name in names}
        run(folder, notebook("1", "", "2"), engine, **hooks)
        found.append(seen)
    assert found[0] == found[1] != []


def test_text_is_logged_and_written_where_the_caller_asks(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with (tmp_path / "stdout").open("w") as stdout, caplog.at_level("INFO", "papermill"):
        run(tmp_path, notebook("print('年报')\n6 * 7"), stdout_file=stdout, log_output=True)
    assert (tmp_path / "stdout").read_text() == "年报\n"
    # A printed line may arrive in two pieces.
    assert "年报\n" in "".join(caplog.messages)
    assert "42" in caplog.messages


def test_a_cell_that_prints_for_long_is_saved_in_the_middle(tmp_path: Path) -> None:
    source = (
        "import time\nstart = time.monotonic()\nprint('first')\nseen = False\n"
        "while time.monotonic() < start + 20 and not seen:\n"
        "    print('.', end='', flush=True)\n    time.sleep(0.1)\n    seen = 'first' in open('out.ipynb').read().partition('outputs')[2]\n"
        "print(seen)"
    )
    assert printed(run(tmp_path, notebook(source), autosave_cell_every=1)).endswith("True\n")


def test_a_cell_that_takes_its_time_finds_the_notebook_written_up_to_it(tmp_path: Path) -> None:
    # Both the quick cell before it and its own start, once it has run for a moment.
    slow = (
        "import json, time\nstart = time.monotonic()\nstates = []\n"
        "while time.monotonic() < start + 20 and states != ['completed', 'running', 'pending']:\n"
        "    time.sleep(0.05)\n    text = open('out.ipynb').read()\n"
        "    cells = json.loads(text)['cells'] if text.endswith('}') else []\n"
        "    states = [cell['metadata']['papermill']['status'] for cell in cells]\n"
        "print(states, [output['text'] for output in cells[0]['outputs']])"
    )
    done = run(tmp_path, notebook("print('quick')", slow, "1"))
    assert printed(done, 1) == "['completed', 'running', 'pending'] [['quick\\n']]\n"


def test_a_cell_that_is_never_silent_finds_the_notebook_written_up_to_it(tmp_path: Path) -> None:
    source = (
        "import json, time\nstart = time.monotonic()\nstatus = ''\n"
        "while time.monotonic() < start + 20 and status != 'completed':\n"
        "    print('.')\n    time.sleep(0.004)\n    text = open('out.ipynb').read()\n"
        "    status = json.loads(text)['cells'][0]['metadata']['papermill']['status'] if text.endswith('}') else ''\n"
        "print(status)"
    )
    assert printed(run(tmp_path, notebook("1", source), autosave_cell_every=0)).endswith("completed\n")


def test_the_time_that_a_write_takes_is_not_the_cells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("papermill.engines.write_ipynb", lambda *_: time.sleep(1.5))
    done = run(tmp_path, notebook("1", "import time\ntime.sleep(0.3)\nprint('done')"), execution_timeout=1)
    assert printed(done) == "done\n"


@pytest.mark.parametrize(
    ("options", "environment"), [({"process": "kernel"}, ""), ({}, "kernel"), ({"extra_arguments": ["--debug"]}, "")]
)
def test_the_ordinary_engine_runs_where_it_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: dict[str, Any], environment: str
) -> None:
    monkeypatch.setenv("NIANBAO_ENGINE", environment)
    source = "print(get_ipython().kernel is not None)"
    assert printed(run(tmp_path, notebook(source), **options)) == "True\n"


def test_a_way_to_run_notebooks_that_is_none_is_wrong_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="option process: unknown way to run notebooks 'thread'"):
        run(tmp_path, notebook("1"), process="thread")
    monkeypatch.setenv("NIANBAO_ENGINE", "frok")
    with pytest.raises(UsageError, match=r"NIANBAO_ENGINE.*\n.*did you mean 'fork'"):
        run(tmp_path, notebook("1"))


def test_kernels_other_than_this_python_go_to_the_ordinary_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    plain = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    specs = {
        "plain": {"argv": plain, "language": "python"},
        "shell": {"argv": ["bash"], "language": "bash"},
        "elsewhere": {"argv": ["/usr/bin/python3", *plain[1:]], "language": "python"},
        "special": {"argv": plain, "language": "python", "env": {"A": "1"}},
        "profiled": {"argv": [*plain, "--profile=mine"], "language": "python"},
    }
    for name, spec in specs.items():
        folder = tmp_path / "kernels" / f"nianbao-{name}"
        folder.mkdir(parents=True)
        (folder / "kernel.json").write_text(json.dumps({"display_name": name, **spec}))
    reasons = {name: why_ordinary(f"nianbao-{name}", {}) for name in specs}
    assert reasons.pop("plain") == ""
    assert all(reasons.values())
    assert why_ordinary("nianbao-none", {}) == "there is no kernel 'nianbao-none'"


def test_an_ordinary_kernel_runs_notebooks_elsewhere_than_on_linux(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert "Linux" in why_ordinary("python3", {})


def with_entry_point(tmp_path: Path) -> dict[str, str]:
    """An environment in which the project's entry points are installed as pyproject.toml declares them."""
    root = Path(__file__).parents[2]
    groups = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]["entry-points"]
    info = tmp_path / "installed" / "declared-1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: declared\nVersion: 1\n")
    lines = [f"{name} = {target}" for name, target in groups["papermill.engine"].items()]
    (info / "entry_points.txt").write_text("\n".join(["[papermill.engine]", *lines, ""]))
    return {**os.environ, "PYTHONPATH": f"{info.parent}:{root / 'src'}"}


def test_papermills_command_finds_the_engine_by_its_name(tmp_path: Path) -> None:
    node = notebook("who = 'nobody'", "print(who, get_ipython().kernel)")
    node.cells[0].metadata.tags = ["parameters"]
    write_ipynb(node, str(tmp_path / "in.ipynb"))
    command = [sys.executable, "-m", "papermill", "--engine", "nianbao", "in.ipynb", "out.ipynb", "-p", "who", "年报"]
    environment = with_entry_point(tmp_path)
    subprocess.run(command, check=True, cwd=tmp_path, env=environment, capture_output=True)
    assert printed(saved(tmp_path)) == "年报 None\n"
    for wrong, said in ((["-p", "whom", "x"], "unknown parameter 'whom'"), (["-p", "who", ""], "no name")):
        node.cells[1].source = "if not who: raise ValueError('no name')"
        write_ipynb(node, str(tmp_path / "in.ipynb"))
        failed = subprocess.run(
            [*command[:-3], *wrong], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert failed.returncode == 1
        assert said in failed.stderr
        assert "papermill/execute.py" not in failed.stderr  # no frames of papermill's own


@pytest.mark.parametrize("first", ["papermill", "papermill.engines", "nianbao.runs.engine"])
def test_the_engine_can_be_imported_before_papermill_and_after(tmp_path: Path, first: str) -> None:
    code = f"import {first}\nfrom nianbao.runs.engine import NianbaoEngine\nfrom papermill.engines import papermill_engines\n"
    code += "assert papermill_engines.get_engine('nianbao') is NianbaoEngine"
    subprocess.run([sys.executable, "-c", code], check=True, env=with_entry_point(tmp_path))


def test_the_language_is_described_as_the_kernel_describes_it() -> None:
    assert IPythonKernel.language_info == LANGUAGE_INFO
