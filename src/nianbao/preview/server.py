"""The preview's web server: on this machine alone, and only for pages that know its token.

Tornado, as Jupyter. Nothing can be changed through it: every request asks for something to look at.

Who may ask: the address holds a token that is drawn anew for each preview; the Host must be this machine's own name and
port, so that no other name can be made to lead here; Origin and Sec-Fetch-Site, which browsers add, must not name
another site. Other sites' pages cannot read what is answered, nor show it in a frame.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.httputil import HTTPServerRequest
from tornado.web import Application, RequestHandler
from tornado.websocket import WebSocketClosedError, WebSocketHandler

from nianbao.errors import NianbaoError
from nianbao.errors.language import Message
from nianbao.export import FORMATS
from nianbao.model import ExportedFile
from nianbao.preview import showing
from nianbao.preview.threads import SharedState, WorkQueue, leave_signals_to_main

ADDRESS = "127.0.0.1"
_NAMES = (ADDRESS, "localhost", "[::1]")
_PORTS_TRIED = 100
_SCRIPT = "text/javascript"
_OWN_FILES = {"preview.css": "text/css", "preview.js": _SCRIPT, "morph.js": _SCRIPT, "words.js": _SCRIPT}
# The page around the report, and the report itself, whose only liberty is to look as it does.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_REPORT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-same-origin"
)
_BEFORE_THE_FIRST = b'<!DOCTYPE html><meta charset="utf-8"><title>-</title><body></body>'


@dataclass
class Preview:
    """What the server serves: the queue where it asks, the state that it tells of, and the last good page."""

    queue: WorkQueue
    shared: SharedState
    page: Callable[[], bytes]
    language: str
    title: str
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    port: int = 0

    @property
    def address(self) -> str:
        """The address to open, with the token."""
        return f"http://{ADDRESS}:{self.port}/{self.token}/"

    def refusal(self, request: HTTPServerRequest, token: str) -> int:
        """The status with which a request is refused; 0 where it may be answered."""
        hosts = {f"{name}:{self.port}" for name in _NAMES}
        origin = request.headers.get("Origin")
        site = request.headers.get("Sec-Fetch-Site", "none")
        opened = request.headers.get("Sec-Fetch-Dest") == "document"  # by a link, or by typing it
        if request.headers.get("Host", "").lower() not in hosts:
            return 403
        if origin is not None and origin.lower() not in {f"http://{host}" for host in hosts}:
            return 403
        if site not in {"same-origin", "none"} and not opened:
            return 403
        return 0 if secrets.compare_digest(token.encode(), self.token.encode()) else 404


class _Guarded(RequestHandler):
    """Answers whoever may ask, and tells browsers what the answer may do."""

    policy = _POLICY

    @property
    def preview(self) -> Preview:
        found: Preview = self.settings["preview"]
        return found

    def set_default_headers(self) -> None:
        self.clear_header("Server")
        for name, value in {
            "Content-Security-Policy": self.policy,
            "Cache-Control": "no-store",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
        }.items():
            self.set_header(name, value)

    def prepare(self) -> None:
        if status := self.preview.refusal(self.request, self.path_kwargs.get("token", "")):
            self.set_status(status)
            self.finish()

    def write_error(self, status_code: int, **_: Any) -> None:
        self.set_status(status_code)
        self.finish()

    def answer(self, content: bytes, kind: str) -> None:
        self.set_header(
            "Content-Type", kind if kind.startswith(("image/", "application/")) else f"{kind}; charset=utf-8"
        )
        self.finish(content)

    async def file(self, form: str) -> ExportedFile | None:
        """A format of the last page; None where it cannot be set, which has been answered."""
        try:
            made: ExportedFile = await asyncio.wrap_future(self.preview.queue.ask(form))
        except NianbaoError as error:
            self.set_status(409)
            self.answer(_json({"error": showing.error_shown(error, None)}), "application/json")
            return None
        return made


class _Shell(_Guarded):
    """The page around the report, with its style and its script."""

    def get(self, token: str, name: str) -> None:  # noqa: ARG002 -- the token has been looked at
        content = files("nianbao.preview").joinpath("page", name or "index.html").read_bytes()
        if name:
            self.answer(content, _OWN_FILES[name])
            return
        page = content.decode().replace("%lang%", self.preview.language).replace("%title%", self.preview.title)
        self.answer(page.encode(), "text/html")


class _Report(_Guarded):
    """The last good page."""

    policy = _REPORT_POLICY

    def get(self, token: str) -> None:  # noqa: ARG002
        self.answer(self.preview.page() or _BEFORE_THE_FIRST, "text/html")


class _File(_Guarded):
    """The report in another format, to be kept."""

    async def get(self, token: str, form: str) -> None:  # noqa: ARG002
        if made := await self.file(form):
            self.set_header("Content-Disposition", f'attachment; filename="{made.name}"')
            self.answer(made.content, "application/octet-stream")


class _Tab(_Guarded):
    """What a tab shows: the sizes of the PDF's pages, one page as a picture, or the workbook's sheets."""

    async def get(self, token: str, what: str, number: str | None = None) -> None:  # noqa: ARG002
        made = await self.file("xlsx" if what == "sheets" else "pdf")
        if made is None:
            return
        draw: ThreadPoolExecutor = self.settings["drawer"]
        loop = asyncio.get_running_loop()
        if number is None:
            found = await loop.run_in_executor(draw, showing.sheets if what == "sheets" else showing.pdf_pages, made)
            self.answer(_json({what: found}), "application/json")
            return
        try:
            self.answer(await loop.run_in_executor(draw, showing.pdf_page, made, int(number) - 1), "image/png")
        except IndexError:
            self.send_error(404)


class _Live(_Guarded, WebSocketHandler):
    """Tells the page every change of the shared state; what is sent to it is passed over."""

    def check_origin(self, origin: str) -> bool:  # noqa: ARG002 -- ``prepare`` has looked at it, if there is one
        return True

    def open(self, *_: str, **__: str) -> None:
        self.settings["listeners"].add(self)
        self.tell(_json(self.preview.shared.state()))

    def on_message(self, message: str | bytes) -> None:
        pass

    def on_close(self) -> None:
        self.settings["listeners"].discard(self)

    def tell(self, message: bytes) -> None:
        try:
            sent = self.write_message(message.decode())
        except WebSocketClosedError:
            self.on_close()
            return
        sent.add_done_callback(lambda done: done.exception())  # a page that has gone is no news


class _Nothing(_Guarded):
    """Any other address."""

    def prepare(self) -> None:
        self.send_error(404)


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


class Server:
    """The server in a thread of its own; a context manager. ``preview.port`` becomes the port that was free.

    Raises NianbaoError where no port is free.
    """

    def __init__(self, preview: Preview, port: int) -> None:
        self._preview = preview
        self._socket, preview.port = _bound(port)
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="server", daemon=True)

    def __enter__(self) -> Server:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join(5)

    async def _serve(self) -> None:
        leave_signals_to_main()
        self._loop, self._ended = asyncio.get_running_loop(), asyncio.Event()
        listeners: set[_Live] = set()
        drawer = ThreadPoolExecutor(1, "drawer", leave_signals_to_main)  # PDFium is for one thread at a time
        server = HTTPServer(
            _application(self._preview, listeners, drawer), max_header_size=1 << 14, max_body_size=1 << 10
        )
        server.add_socket(self._socket)

        def tell(piece: dict[str, Any]) -> None:
            message = _json(piece)
            for listener in list(listeners):
                listener.tell(message)

        def told(piece: dict[str, Any]) -> None:
            self._loop.call_soon_threadsafe(tell, piece)

        self._preview.shared.listen(told)
        self._ready.set()
        await self._ended.wait()
        server.stop()
        for listener in list(listeners):
            listener.close(1001)
        await server.close_all_connections()
        drawer.shutdown(wait=False, cancel_futures=True)


def _application(preview: Preview, listeners: set[_Live], drawer: ThreadPoolExecutor) -> Application:
    own, forms = "|".join(_OWN_FILES).replace(".", r"\."), "|".join(FORMATS)
    begin = r"/(?P<token>[\w-]+)"
    routes: list[Any] = [
        (rf"{begin}/(?P<name>{own}|)", _Shell),
        (rf"{begin}/report\.html", _Report),
        (rf"{begin}/live", _Live),
        (rf"{begin}/file/(?P<form>{forms})", _File),
        (rf"{begin}/tab/(?P<what>pdf|sheets)", _Tab),
        (rf"{begin}/tab/(?P<what>pdf)/\d+/(?P<number>\d{{1,4}})\.png", _Tab),
    ]
    return Application(
        routes,
        default_handler_class=_Nothing,
        log_function=lambda _: None,  # the address is nobody else's to read
        preview=preview,
        listeners=listeners,
        drawer=drawer,
        websocket_ping_interval=30,
        websocket_max_message_size=1 << 10,
    )


def _bound(port: int) -> tuple[socket.socket, int]:
    """A socket at the port, or at the next one that is free."""
    for number in range(port, min(port + _PORTS_TRIED, 65536)):
        try:
            found = socket.create_server((ADDRESS, number))
        except OSError:
            continue
        found.setblocking(False)
        return found, number
    raise NianbaoError(Message("no port from {port} on is free", port=port), hint="name another one with --port")
