"""Owns the setting of one format of a report, here or in a helper's process.

May import: export, model, pipeline.children, pipeline.options. The exporters are imported when something is set.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TypeAlias

from nianbao.export import SLOWEST_FIRST
from nianbao.model import Report
from nianbao.pipeline.children import Helper
from nianbao.pipeline.options import Options

# A format to be set: what is printed in it, and its name.
Job: TypeAlias = tuple[Report, str]
Setter: TypeAlias = Helper[Job, bytes]


def set_format(font_dir: Path | None, job: Job) -> bytes:
    """The bytes of the format; ExportError where the content cannot be set."""
    from nianbao.export import export

    shown, form = job
    return export(shown, form, font_dir=font_dir).content


def setter(options: Options) -> Setter:
    """A process that sets formats of the report beside this one. Only where ``may_fork`` says so."""
    # It will begin with the slowest; what it sets after that, if anything, is not known.
    first = min(options.formats, key=SLOWEST_FIRST.index)
    return Helper(partial(set_format, options.font_dir), partial(_get_ready, first))


def _get_ready(form: str) -> None:
    from nianbao import export

    export.warm_up([form])
    export.load_fonts()
