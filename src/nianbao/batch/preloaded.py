"""Owns what the workers' parent has imported before it forks them: whoever imports this has all of it, and a zygote.

May import: export, pipeline, garbage; others by name. Neither Great Expectations, which no worker needs but the one
aside, nor Typst, which cannot be forked.
"""

from __future__ import annotations

import contextlib
import gc
from importlib import import_module

from nianbao import export
from nianbao.garbage import collect_seldom
from nianbao.pipeline.crate import import_rocrate
from nianbao.runs import engine

collect_seldom()
# What fails here is for a report to meet, with its own message.
with contextlib.suppress(Exception):
    engine.hand_on()
    # In this order: the first imports papermill, and knows what of that is of use.
    for name in ("nianbao.runs.run", "nianbao.runs.client", "nianbao.runs.launcher", "nianbao.batch.tasks"):
        import_module(name)
    for form in export.FORMATS:
        export.writer(form)
    import_rocrate()
# Collections in the workers shall not touch, and so copy, what they share. None before, as in the zygote.
gc.freeze()
