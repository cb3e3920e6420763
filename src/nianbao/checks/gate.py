"""Owns the gate: a report with an error that nobody has waived is not made.

May import: errors, model, checks.order.
"""

from __future__ import annotations

from nianbao.checks.order import grouped
from nianbao.errors import FindingsError
from nianbao.model import CheckReport

_SHOWN = 12


def gate(report: CheckReport) -> None:
    """FindingsError with the findings that block, where there are any."""
    blocking = report.blocking
    if not blocking:
        return
    worst = [finding for _, findings in grouped(report) for finding in findings if finding.blocks]
    lines = [f"  {finding.key} {finding.rule}  {finding.message}" for finding in worst[:_SHOWN]]
    if len(blocking) > _SHOWN:
        lines.append(f"  … and {len(blocking) - _SHOWN} more")
    noun = "finding blocks" if len(blocking) == 1 else "findings block"
    raise FindingsError(
        f"{len(blocking)} {noun} the report:\n" + "\n".join(lines),
        hint="mend the inputs, waive a finding in params/<office>/waivers.yaml, or make a draft (--draft)",
    )
