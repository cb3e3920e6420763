"""No state passes from one notebook to the next, nor between notebooks that run at the same time."""

from __future__ import annotations

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from runs.notebooks import notebook, printed, run

# What a notebook can see of the process that it runs in.
LOOK = """
import builtins, gc, json, locale, logging, os, random, resource, signal, sys, threading, warnings
import matplotlib, numpy, pandas
print(json.dumps({
    "modules": sorted(name for name in sys.modules if name.startswith(("polluted", "colorsys"))),
    "attributes": [hasattr(pandas, "polluted"), hasattr(builtins, "polluted")],
    "globals": "polluted" in globals(),
    "history": [len(In), len(Out)],
    "environment": dict(os.environ),
    "folder": os.getcwd(),
    "path": sys.path,
    "argv": sys.argv,
    "rc": repr(sorted(matplotlib.rcParams.items(), key=str)),
    "backend": matplotlib.get_backend(),
    "pandas": pandas.get_option("display.max_rows"),
    "numpy": repr(numpy.get_printoptions()),
    "warnings": [str(one) for one in warnings.filters],
    "files": sorted(os.readlink(f"/proc/self/fd/{fd}").split(":")[0].partition("nianbao-")[0] for fd in os.listdir("/proc/self/fd")
                    if os.path.lexists(f"/proc/self/fd/{fd}")),
    "signals": [str(signal.getsignal(one)) for one in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM, signal.SIGUSR1)],
    "locale": locale.setlocale(locale.LC_ALL),
    "umask": (lambda mask: (os.umask(mask), mask)[1])(os.umask(0)),
    "logging": [logging.getLogger().level, len(logging.getLogger().handlers)],
    "threads": threading.active_count(),
    "recursion": sys.getrecursionlimit(),
    "gc": [gc.isenabled(), gc.get_threshold()],
    "limit": resource.getrlimit(resource.RLIMIT_NOFILE),
    "hooks": [sys.excepthook is sys.__excepthook__, sys.settrace is None],
}))
"""

POLLUTE = """
import builtins, colorsys, gc, locale, logging, os, random, resource, signal, sys, threading, types, warnings
import matplotlib, numpy, pandas
polluted = pandas.polluted = builtins.polluted = 1
sys.modules["polluted"] = types.ModuleType("polluted")
os.environ["POLLUTED"] = "1"; os.environ["TZ"] = "Pacific/Auckland"; del os.environ["PATH"]
os.chdir("/"); sys.path.insert(0, "/polluted"); sys.argv.append("polluted")
matplotlib.rcParams["figure.dpi"] = 33; matplotlib.use("svg")
pandas.set_option("display.max_rows", 7); numpy.set_printoptions(precision=1)
random.seed(1); numpy.random.seed(1)
warnings.simplefilter("error")
kept = open("/etc/hostname"); os.open("/etc/passwd", os.O_RDONLY)
signal.signal(signal.SIGTERM, signal.SIG_IGN); signal.signal(signal.SIGUSR1, lambda *_: None)
locale.setlocale(locale.LC_ALL, "C"); os.umask(0o077)
logging.basicConfig(level=1); sys.setrecursionlimit(500); gc.disable()
threading.Thread(target=threading.Event().wait, daemon=True).start()
resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
sys.excepthook = print
"""

DRAW = "import random, numpy\nprint(random.random(), numpy.random.random(), end='')"


def test_a_notebook_sees_nothing_of_the_one_before(tmp_path: Path) -> None:
    first, second = (notebook(LOOK), notebook(POLLUTE, LOOK))
    before = json.loads(printed(run(tmp_path, first)))
    polluted = json.loads(printed(run(tmp_path, second)))
    after = json.loads(printed(run(tmp_path, first)))
    assert {name for name in before if before[name] == polluted[name]} <= {"hooks"}
    assert after == before


def test_notebooks_that_run_at_the_same_time_see_nothing_of_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # papermill changes the folder of the whole process, and back: both run, and begin, in the same one.
    monkeypatch.chdir(tmp_path)
    wait = "\nimport pathlib, time\nwhile not pathlib.Path('{name}').exists():\n    time.sleep(0.02)\n"
    one = notebook(LOOK, "open('looked', 'w').close()" + wait.format(name="polluted"), LOOK)
    other = notebook(wait.format(name="looked"), POLLUTE, f"open({str(tmp_path / 'polluted')!r}, 'w').close()")
    (tmp_path / "other").mkdir()
    with ThreadPoolExecutor() as pool:
        both = [
            pool.submit(run, folder, node, cwd=tmp_path)
            for folder, node in ((tmp_path, one), (tmp_path / "other", other))
        ]
        failures = [error for error in (one.exception() for one in both) if error]
    if failures:  # one that fails leaves the other waiting: both have something to say
        raise BaseExceptionGroup("notebooks at the same time", failures)
    seen = both[0].result()
    before, after = (json.loads(printed(seen, index)) for index in (0, -1))
    for looked in (before, after):
        looked.pop("history")
    assert after == before


def test_each_notebook_draws_random_numbers_of_its_own(tmp_path: Path) -> None:
    seeded = printed(run(tmp_path, notebook("import random, numpy\nrandom.seed(1); numpy.random.seed(1)", DRAW)))
    draws = [printed(run(tmp_path, notebook(DRAW))).split() for _ in range(3)]
    assert seeded.split() not in draws
    assert len({draw[0] for draw in draws}) == len({draw[1] for draw in draws}) == 3


def test_a_notebook_gets_the_callers_environment_folder_and_limits_as_they_are_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(tmp_path, notebook("1"))
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    monkeypatch.setenv("NEW_NAME", "年报")
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "7")
    folder = tmp_path / "有 空格"
    folder.mkdir()
    source = (
        "import os, time\n"
        "print(os.getcwd(), time.tzname[0], os.environ['NEW_NAME'], os.environ['OPENBLAS_NUM_THREADS'], sep='|')"
    )
    assert printed(run(tmp_path, notebook(source), cwd=folder)) == f"{folder}|CST|年报|7\n"


def test_the_backend_that_the_caller_asks_for_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(tmp_path, notebook("1"))
    monkeypatch.setenv("MPLBACKEND", "agg")
    source = "import matplotlib.pyplot as plt\nplt.plot([1])\nplt.get_backend()"
    outputs = run(tmp_path, notebook(source)).cells[0].outputs
    assert [output.data["text/plain"] for output in outputs] == ["'agg'"]


def test_a_matplotlibrc_beside_the_notebook_is_read(tmp_path: Path) -> None:
    source = "import matplotlib\nprint(matplotlib.rcParams['figure.dpi'])"
    before = printed(run(tmp_path, notebook(source)))
    (tmp_path / "matplotlibrc").write_text("figure.dpi: 44\n")
    assert printed(run(tmp_path, notebook(source))) == "44.0\n" != before


def test_the_users_own_ipython_configuration_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    startup = tmp_path / "ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "00-mine.py").write_text("mine = 1\n")
    (startup.parent / "ipython_kernel_config.py").write_text("c.InteractiveShell.ast_node_interactivity = 'all'\n")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    source = "print('mine' in globals())\n1\n2"
    assert len(run(tmp_path, notebook(source)).cells[0].outputs) == 2
    assert printed(run(tmp_path, notebook(source))) == "False\n"


def test_files_left_open_are_written_out_and_exit_handlers_run(tmp_path: Path) -> None:
    source = (
        "import atexit, threading, time\nkept = open('kept.txt', 'w')\nkept.write('all of it')\n"
        "atexit.register(lambda: open('exit.txt', 'w').write('ran'))\n"
        "threading.Thread(target=lambda: (time.sleep(0.2), open('thread.txt', 'w').write('done'))).start()"
    )
    run(tmp_path, notebook(source))
    assert [(tmp_path / f"{name}.txt").read_text() for name in ("kept", "exit", "thread")] == [
        "all of it",
        "ran",
        "done",
    ]


def test_a_file_that_its_owner_finishes_is_finished_though_a_class_holds_it(tmp_path: Path) -> None:
    # A class is a circle of references: it outlives its name until somebody collects.
    source = (
        "class Log:\n    def __init__(self):\n        self.file = open('log.txt', 'w', buffering=1)\n"
        "    def __del__(self):\n        self.file.write('all of it\\n')\nclass Kept:\n    log = Log()"
    )
    run(tmp_path, notebook(source))
    assert (tmp_path / "log.txt").read_text() == "all of it\n"


def test_the_parent_has_one_thread_and_none_of_the_heavy_engines(tmp_path: Path) -> None:
    source = "import sys\nprint([name for name in sys.modules if name in {names}])"
    heavy = {"great_expectations", "papermill", "dask", "distributed", "typst", "nbconvert", "nbclient"}
    assert printed(run(tmp_path, notebook(source.replace("{names}", repr(heavy))))) == "[]\n"
    threads = f"import os\nprint(len(os.listdir('/proc/{os.getpid()}/task')) > 0, len(os.listdir(f'/proc/{{os.getppid()}}/task')))"
    assert printed(run(tmp_path, notebook(threads))) == "True 1\n"


def test_the_same_notebook_gives_the_same_bytes_each_time(tmp_path: Path) -> None:
    source = (
        "import warnings, sys\nimport matplotlib.pyplot as plt\nprint('a')\nprint('b', file=sys.stderr)\n"
        "warnings.warn('w')\nplt.plot([1, 2])\nprint('c')"
    )
    seen = {json.dumps(run(tmp_path, notebook(source)).cells[0].outputs) for _ in range(3)}
    assert len(seen) == 1
    assert sys.executable not in seen.pop()
