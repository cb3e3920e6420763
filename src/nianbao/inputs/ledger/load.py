"""Find and read the register of an office-year: of the year, or one that holds several years.

May import: errors, model, paths, inputs.files, the other modules of this package.
"""

from __future__ import annotations

from pathlib import Path

from nianbao.errors import InputError
from nianbao.inputs.files import Files
from nianbao.inputs.ledger.read import read_ledger
from nianbao.inputs.ledger.requests import RequestLedger
from nianbao.model import ReportKey

_MAX_BYTES = 64 * 1024 * 1024  # a register of 500,000 requests


def ledger_files(files: Files, key: ReportKey) -> list[Path]:
    """The registers that are there for the office-year: ``ledger.xlsx`` or ``.csv`` of the year, or of the office."""
    return [path for path in files.project.ledger_files(key) if path.is_file()]


def load_ledger(files: Files, key: ReportKey) -> RequestLedger | None:
    """The register that serves the office-year, or None where there is none.

    InputError where there are several (which one holds?), or where the file is no register.
    """
    found = ledger_files(files, key)
    if not found:
        return None
    names = [files.project.relative(path) for path in found]
    if len(found) > 1:
        zh = f"有{len(found)}份台账（{'、'.join(names)}），请只保留一份"
        raise InputError(
            f"there are {len(found)} registers: {', '.join(names)}", where=names[0], hint="keep one", zh=zh
        )
    return read_ledger(files.content(found[0], limit=_MAX_BYTES) or b"", names[0])
