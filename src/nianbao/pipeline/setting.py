"""Owns who sets a report's formats and makes its crate: this process, and where that pays a helper's too.

May import: export, model, pipeline.children, pipeline.crate, pipeline.options. The exporters are imported when they are
made ready.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from nianbao.export import SLOWEST_FIRST, writer
from nianbao.export.document import Document
from nianbao.pipeline.children import Helper, pays_to_fork
from nianbao.pipeline.crate import crate, import_rocrate
from nianbao.pipeline.options import Options


class Setting:
    """Who sets the formats of one report: this process, and a helper once it is asked for. ``end`` ends that."""

    def __init__(self, options: Options) -> None:
        self._forms = options.formats
        self._font_dir = options.font_dir
        self._helper: Helper[bytes] | None = None

    def get_ready(self, go_on: Callable[[], bool], *, apart: bool) -> None:
        """Import what formats need, as long as ``go_on`` says so; ``apart``: in a helper."""
        if apart and self._pays_to_share():
            self.helper()
            return
        for form in self._forms:
            if go_on():
                writer(form)

    def job(self, document: Document, form: str) -> Callable[[], bytes]:
        """What gives the bytes of the document in a format; ExportError where it cannot be set."""
        return partial(_set, self._font_dir, document, form)

    def helper(self) -> Helper[bytes] | None:
        """The process that does jobs beside this one; None where it would not pay."""
        if not self._helper and self._pays_to_share():
            self._helper = Helper(partial(_get_ready, self._first))
        return self._helper

    def crate(self, manifest: bytes) -> bytes:
        """The crate of a manifest; by the helper, if there is one, which has imported what that takes."""
        job = partial(crate, manifest)
        if self._helper:
            self._helper.share([job])
            if made := self._helper.value(0):
                return made
        return job()

    def end(self) -> None:
        """End the helper, whatever it is doing."""
        if self._helper:
            self._helper.__exit__()

    @property
    def _first(self) -> str:
        """The format that a helper will begin with; what it sets after that, if anything, is not known."""
        return min(self._forms, key=SLOWEST_FIRST.index)

    def _pays_to_share(self) -> bool:
        return self._helper is not None or (len(self._forms) > 1 and pays_to_fork())


def _set(font_dir: Path | None, document: Document, form: str) -> bytes:
    from nianbao.export import export

    return export(document, form, font_dir=font_dir).content


def _get_ready(form: str) -> None:
    writer(form)
    import_rocrate()
