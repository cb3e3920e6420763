"""Owns who sets a report's formats and makes its crate: this process, and where that pays a helper's too.

May import: export, model, pipeline.children, pipeline.crate, pipeline.options. The exporters are imported when they are
made ready.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from nianbao.export import SLOWEST_FIRST, WORKBOOKS
from nianbao.model import Report
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
        """Import and read what formats need, as long as ``go_on`` says so: here, and ``apart`` in a helper too.

        Here it is what no helper will do; a workbook last, for tables are seldom what has changed, and beside a helper
        not at all: a section that is ready to run would wait for its import.
        """
        from nianbao import export

        apart = apart and self._pays_to_share()
        ours = [form for form in self._forms if not (apart and form == self._first)]
        if export.warm_up([form for form in ours if form not in WORKBOOKS], go_on) and not apart:
            import_rocrate()
        if apart:
            self.helper()
            if go_on():
                export.load_fonts()  # not before: it cannot be forked then
        else:
            export.warm_up([form for form in ours if form in WORKBOOKS], go_on)

    def job(self, shown: Report, form: str) -> Callable[[], bytes]:
        """What gives the bytes of the format, of what is ``shown`` in it; ExportError where that cannot be set."""
        return partial(_set, self._font_dir, shown, form)

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


def _set(font_dir: Path | None, shown: Report, form: str) -> bytes:
    from nianbao.export import export

    return export(shown, form, font_dir=font_dir).content


def _get_ready(form: str) -> None:
    from nianbao import export

    export.warm_up([form])
    export.load_fonts()
    import_rocrate()
