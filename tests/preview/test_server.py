"""The preview's server answers its own page on this machine, and nobody else."""

from __future__ import annotations

import asyncio
import http.client
import json
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from typing import Any

import pytest
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

from nianbao.errors import ExportError, NianbaoError
from nianbao.model import ExportedFile
from nianbao.preview.server import Preview, Server
from nianbao.preview.threads import SharedState

PAGE = "<!DOCTYPE html><title>报告</title><main>正文</main>".encode()


class FakeQueue:
    """Answers at once: a Word file, and an error for anything else."""

    def ask(self, what: str) -> Future[Any]:
        wish: Future[Any] = Future()
        if what == "docx":
            wish.set_result(ExportedFile("report.docx", b"PK"))
        else:
            wish.set_exception(ExportError("no font has the character", where="一、总体情况"))
        return wish


@pytest.fixture
def preview() -> Iterator[Preview]:
    shared = SharedState()
    shared.post(page=1, findings=[])
    found = Preview(FakeQueue(), shared, lambda: PAGE, "zh", "shili 2023")  # type: ignore[arg-type]
    with Server(found, 28765):
        yield found


def ask(preview: Preview, path: str = "", *, token: str | None = None, **headers: str) -> tuple[int, Any, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", preview.port, timeout=10)
    given = {"Host": f"127.0.0.1:{preview.port}", **{name.replace("_", "-"): value for name, value in headers.items()}}
    connection.putrequest("GET", f"/{preview.token if token is None else token}/{path}", skip_host=True)
    for name, value in given.items():
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, answer.headers, content


@pytest.mark.parametrize("path", ["", "preview.js", "morph.js", "words.js", "preview.css", "report.html", "file/docx"])
def test_its_own_page_is_answered(preview: Preview, path: str) -> None:
    status, headers, content = ask(preview, path, Sec_Fetch_Site="same-origin")
    assert status == 200
    assert content
    assert headers["Cache-Control"] == "no-store"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("path", ["", "preview.js", "report.html", "file/docx", "tab/pdf", "live"])
def test_nothing_is_answered_without_the_token(preview: Preview, path: str) -> None:
    for token in ("", "x", preview.token[:-1], preview.token + "x"):
        assert ask(preview, path, token=token)[0] == 404


@pytest.mark.parametrize("path", ["", "preview.js", "report.html", "file/docx", "tab/pdf", "live"])
def test_a_name_that_was_made_to_lead_here_is_refused(preview: Preview, path: str) -> None:
    for host in (
        "evil.example",
        f"evil.example:{preview.port}",
        "127.0.0.1:1",
        f"127.0.0.1.evil.example:{preview.port}",
    ):
        status, _, content = ask(preview, path, Host=host)
        assert (status, content) == (403, b"")


@pytest.mark.parametrize("path", ["", "preview.js", "report.html", "file/docx", "tab/pdf", "live"])
def test_other_sites_are_refused(preview: Preview, path: str) -> None:
    for origin in ("http://evil.example", "null", f"https://127.0.0.1:{preview.port}", "http://127.0.0.1:1"):
        assert ask(preview, path, Origin=origin)[0] == 403
    assert ask(preview, path, Sec_Fetch_Site="cross-site", Sec_Fetch_Dest="script")[0] == 403
    assert ask(preview, path, Sec_Fetch_Site="same-site", Sec_Fetch_Dest="iframe")[0] == 403


def test_a_link_may_lead_to_it(preview: Preview) -> None:
    status, headers, _ = ask(preview, "", Sec_Fetch_Site="cross-site", Sec_Fetch_Dest="document")
    assert status == 200
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_the_report_may_run_no_script_and_load_nothing(preview: Preview) -> None:
    _, headers, content = ask(preview, "report.html")
    assert content == PAGE
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "sandbox allow-same-origin" in policy


def test_the_page_loads_nothing_from_elsewhere(preview: Preview) -> None:
    for path in ("", "preview.js", "morph.js", "words.js", "preview.css"):
        content = ask(preview, path)[2].decode()
        assert "//" not in content.replace("/^https?:|^mailto:/", "").replace("// ", "").replace("`ws://${", "")


def test_it_only_listens_on_this_machine(preview: Preview) -> None:
    others = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    for address in others - {"127.0.0.1", "127.0.1.1"}:
        with pytest.raises(OSError, match="refused"):
            socket.create_connection((str(address), preview.port), timeout=2)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_nothing_can_be_changed_through_it(preview: Preview, method: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", preview.port, timeout=10)
    connection.request(method, f"/{preview.token}/")
    assert connection.getresponse().status == 405
    connection.close()


@pytest.mark.parametrize("path", ["../pyproject.toml", "..%2f..%2fpyproject.toml", "page/index.html", "x", "tab/exe"])
def test_no_other_file_is_answered(preview: Preview, path: str) -> None:
    assert ask(preview, path)[0] == 404


def test_a_format_that_cannot_be_set_says_why(preview: Preview) -> None:
    status, _, content = ask(preview, "tab/pdf")
    assert status == 409
    assert json.loads(content)["error"]["where"] == "一、总体情况"


def heard(preview: Preview, headers: dict[str, str]) -> list[dict[str, Any]]:
    async def listen() -> list[dict[str, Any]]:
        address = f"ws://127.0.0.1:{preview.port}/{preview.token}/live"
        socket = await websocket_connect(HTTPRequest(address, headers=headers))
        first = json.loads(str(await socket.read_message()))
        threading.Thread(target=lambda: preview.shared.post(page=2)).start()
        second = json.loads(str(await socket.read_message()))
        socket.close()
        assert await socket.read_message() is None  # the server closes it as well
        return [first, second]

    return asyncio.run(asyncio.wait_for(listen(), 10))


def test_a_page_is_told_the_state_and_then_every_change(preview: Preview) -> None:
    own = {"Origin": f"http://127.0.0.1:{preview.port}"}
    assert heard(preview, own) == [{"page": 1, "findings": []}, {"page": 2}]


def test_other_sites_cannot_listen(preview: Preview) -> None:
    wish = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "AA=="}
    own = f"http://127.0.0.1:{preview.port}"
    assert ask(preview, "live", **wish, Origin=own)[0] == 101
    for headers in ({"Origin": "http://evil.example"}, {"Origin": "null"}, {"Origin": own, "Host": "evil.example"}):
        assert ask(preview, "live", **wish, **headers)[0] == 403


def test_the_next_port_serves_where_one_is_in_use(preview: Preview) -> None:
    other = Preview(FakeQueue(), SharedState(), lambda: b"", "en", "shili 2022")  # type: ignore[arg-type]
    with Server(other, preview.port):
        assert other.port > preview.port
        assert ask(other)[0] == ask(preview)[0] == 200
        assert ask(other, token=preview.token)[0] == 404


def test_it_says_so_where_no_port_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    def taken(*_: object) -> None:
        raise OSError("in use")

    monkeypatch.setattr("nianbao.preview.server.socket.create_server", taken)
    with pytest.raises(NianbaoError, match="no port from 8765 on is free"):
        Server(Preview(FakeQueue(), SharedState(), lambda: b"", "en", ""), 8765)  # type: ignore[arg-type]
