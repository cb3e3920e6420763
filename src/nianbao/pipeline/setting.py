"""Owns the setting of one format of a report, here or in a helper's process.

May import: export, model, pipeline.children, pipeline.options. The exporters are imported when something is set.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TypeAlias

from nianbao.export import second_share
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
    """A process that sets its share of the report's formats beside this one. Only where ``may_fork`` says so."""
    return Helper(partial(set_format, options.font_dir), partial(_get_ready, second_share(options.formats)))


def _get_ready(forms: Iterable[str]) -> None:
    from nianbao import export

    export.warm_up(forms)
    export.load_fonts()
