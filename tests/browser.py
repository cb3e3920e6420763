"""A headless Chromium for the tests, driven through its debugging pipe: no driver, no port, no network."""

from __future__ import annotations

import base64
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
_SWITCHES = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-pipe",
)
# The browser reads commands from its descriptor 3 and answers on 4.
_WRAPPER = """
import fcntl, os, sys
ends = [fcntl.fcntl(int(end), fcntl.F_DUPFD, 10) for end in sys.argv[1:3]]
for end, wanted in zip(ends, (3, 4)):
    os.dup2(end, wanted)
os.execvp(sys.argv[3], sys.argv[3:])
"""

_FONTCONFIG = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>"""


def pinned_fonts(folder: Path) -> Path:
    """A font configuration with the pinned Chinese fonts, that pages look the same on every machine."""
    spec = importlib.util.find_spec("pylopdf_fonts_zh_cn")
    assert spec
    assert spec.origin
    folder.mkdir(parents=True, exist_ok=True)
    made = folder / "fonts.conf"
    made.write_text(_FONTCONFIG.format(fonts=Path(spec.origin).parent, cache=folder / "fonts"), "utf-8")
    return made


_TWO_OF_EACH_ROW = """for (const body of document.querySelectorAll('tbody')) {
  const seen = {};
  for (const row of [...body.rows]) {
    const kind = [row, ...row.querySelectorAll('*')].map(one => one.tagName + '.' + one.getAttribute('class')).join();
    seen[kind] = (seen[kind] || 0) + 1;
    if (seen[kind] > 2) row.remove();
  }
}"""


class Browser:
    """One browser with one page; ``call`` speaks the DevTools protocol."""

    def __init__(self, profile: Path) -> None:
        # It leaves a folder of its own behind when it is ended. Not in the profile: its sockets want a short path.
        self._scratch = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        commands, self._out = os.pipe()
        self._in, answers = os.pipe()
        arguments = [str(CHROMIUM), *_SWITCHES, f"--user-data-dir={profile}", "about:blank"]
        wrapper = [sys.executable, "-c", _WRAPPER, str(commands), str(answers)]
        self._process = subprocess.Popen(
            [*wrapper, *arguments],
            pass_fds=(commands, answers),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "FONTCONFIG_FILE": str(pinned_fonts(profile)), "TMPDIR": self._scratch.name},
        )
        os.close(commands)
        os.close(answers)
        self._buffer = b""
        self._count = 0
        self._session: str | None = None
        targets = self.call("Target.getTargets")["targetInfos"]
        page = next(target["targetId"] for target in targets if target["type"] == "page")
        self._session = self.call("Target.attachToTarget", targetId=page, flatten=True)["sessionId"]
        self.call("Page.enable")
        self.call("Emulation.setFocusEmulationEnabled", enabled=True)

    def __enter__(self) -> Browser:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.wait(timeout=30)
        os.close(self._out)
        os.close(self._in)
        self._scratch.cleanup()

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        self._count += 1
        message = {"id": self._count, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        for answer in self._answers():
            if answer.get("id") == self._count:
                assert "error" not in answer, f"{method}: {answer['error']}"
                return answer["result"]
        raise AssertionError(f"the browser ended before it answered {method}")

    def _answers(self) -> Iterator[dict[str, Any]]:
        while True:
            while b"\0" not in self._buffer:
                if not (received := os.read(self._in, 1 << 16)):
                    return
                self._buffer += received
            message, _, self._buffer = self._buffer.partition(b"\0")
            yield json.loads(message)

    def open(self, page: Path | str, *, width: int = 1280, height: int = 900, dark: bool = False) -> None:
        """Show a file, or what is at an address, in a window of that size and that colour scheme."""
        self.look(width=width, height=height, dark=dark)
        self.call("Page.navigate", url=page if isinstance(page, str) else page.absolute().as_uri())
        for answer in self._answers():
            if answer.get("method") == "Page.loadEventFired":
                return

    def run(self, script: str) -> Any:
        """What the expression (or the promise that it makes) comes to."""
        found = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    def look(self, *, width: int, height: int = 900, dark: bool = False) -> None:
        """Give the window that size and that colour scheme; the page stays."""
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])

    def leave_two_of_each_row(self) -> None:
        """Take rows out of tables but for two of each kind (elements and classes): axe takes seconds for a hundred."""
        self.run(_TWO_OF_EACH_ROW)

    def axe(self, options: str = "{}") -> tuple[int, list[Any]]:
        """How many of axe-core's rules the page passes, and those that it breaks, each with the elements."""
        # The package is looked up and never imported: only the script that it carries is needed.
        found = importlib.util.find_spec("axe_playwright_python")
        if found is None or not found.submodule_search_locations:
            pytest.skip("axe-core is not installed (package axe-playwright-python)")
        self.run((Path(found.submodule_search_locations[0]) / "axe.min.js").read_text("utf-8") + ";0")
        wrong = "r.violations.map(v => [v.id, v.nodes.map(n => n.html)])"
        passed, broken = self.run(f"axe.run({options}).then(r => [r.passes.length, {wrong}])")
        return passed, broken

    def screenshot(self, *, whole: bool = True) -> bytes:
        """The page as PNG."""
        return base64.b64decode(self.call("Page.captureScreenshot", captureBeyondViewport=whole)["data"])

    def pdf(self) -> bytes:
        """The page as it is printed, on the paper that its style asks for."""
        printed = self.call("Page.printToPDF", preferCSSPageSize=True, printBackground=True)
        return base64.b64decode(printed["data"])
