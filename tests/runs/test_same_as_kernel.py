"""The executed notebook is the one that papermill's ordinary engine would have made, times aside."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from ipykernel.ipkernel import IPythonKernel
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError

from nianbao.runs.client import LANGUAGE_INFO
from runs.notebooks import notebook, run, saved

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


def test_the_language_is_described_as_the_kernel_describes_it() -> None:
    assert IPythonKernel.language_info == LANGUAGE_INFO
