"""The shell is imported without the message bus; whoever wants that still gets it, and what is sent is the same."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from jupyter_client import session

from nianbao.runs.busless import extract_header
from nianbao.runs.channel import _packed
from runs.notebooks import notebook, printed, run

NAMES = ("jupyter_client", "jupyter_client.session", "jupyter_client._version", "tornado", "zmq")


def in_another_process(script: str) -> str:
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.strip()


def test_a_notebook_begins_without_the_bus_and_can_import_it(tmp_path: Path) -> None:
    cell = (
        f"import sys\nprint([name for name in {NAMES} if name in sys.modules])\n"
        "import ipykernel.kernelapp, jupyter_client.session, zmq\nclient = jupyter_client\n"
        "print(client.session.Session.__module__, client._version.version_info[0] >= 7, zmq.zmq_version_info()[0])"
    )
    first, second = printed(run(tmp_path, notebook(cell))).splitlines()
    assert first == "[]"
    assert second.startswith("jupyter_client.session True ")


def test_what_ipykernel_kept_of_a_stand_in_leads_to_the_real_one(tmp_path: Path) -> None:
    script = (
        "import nianbao.runs.shell, ipykernel, sys\n"
        f"name, _ = ipykernel.write_connection_file({str(tmp_path / 'connection.json')!r})\n"
        "print('transport' in ipykernel.get_connection_info(name), 'zmq' in sys.modules)"
    )
    assert in_another_process(script) == "True True"


def test_a_stand_in_that_is_asked_for_more_makes_way() -> None:
    script = (
        "import sys\nfrom nianbao.runs.busless import without_bus\n"
        "with without_bus():\n"
        "    from jupyter_client.session import Session, json_packer\n"
        "    from jupyter_client import KernelManager\n"
        "import jupyter_client.session as real\n"
        "print(Session is real.Session, json_packer is real.json_packer, KernelManager.__name__)"
    )
    assert in_another_process(script) == "False True KernelManager"


@pytest.mark.parametrize("message", [{}, None, {"msg_id": "1", "a": 2}, {"header": {"msg_id": "1"}}, {"header": {}}])
def test_a_header_is_read_as_jupyter_client_reads_it(message: Any) -> None:
    assert extract_header(message) == session.extract_header(message)


def test_what_has_no_header_is_refused_as_ever() -> None:
    for read in (extract_header, session.extract_header):
        with pytest.raises(KeyError):
            read({"content": {}})


@pytest.mark.filterwarnings("ignore:Message serialization failed")
@pytest.mark.parametrize(
    "value",
    [
        "政府信息 \N{GRINNING FACE} \x1b[0m",
        "\udc80",
        b"\x89PNG\r\n",
        [1, 2.5, None, True, (3, 4)],
        {"出": {"件": 1}},
        dt.date(2023, 12, 31),
        dt.datetime(2023, 12, 31, tzinfo=dt.UTC),
        {1, 2},
        range(3),
        float("nan"),
    ],
)
def test_a_message_is_packed_as_jupyter_client_packs_it(value: Any) -> None:
    assert _packed({"content": value}) == session.json_packer({"content": value})


def test_what_cannot_be_packed_is_refused_as_ever() -> None:
    for pack in (_packed, session.json_packer):
        with pytest.raises(ValueError, match="Can't clean"):
            pack({"content": object()})
