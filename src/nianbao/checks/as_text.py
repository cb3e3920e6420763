"""Render findings as text for a terminal and as JSON.

May import: model, checks.order.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from nianbao.checks.order import Tally, grouped, summary
from nianbao.model import CheckReport, Finding, FindingState, Severity

# What a terminal would obey instead of showing; names and labels may hold it.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
# With more office-years than this, a table of all comes first and the clean ones are not listed again.
_MANY = 3


def render_json(report: CheckReport) -> dict[str, Any]:
    """The findings (passes only where the check was asked for them) and the summary, the worst first."""
    groups = grouped(report)
    return {
        "findings": [finding.to_json() for _, findings in groups for finding in findings],
        "summary": summary([tally for tally, _ in groups]),
    }


def render_text(report: CheckReport, *, all: bool = False) -> str:  # noqa: A002 -- the option's name
    """The findings for people, by office-year, the worst first.

    Errors and warnings are written out; notes, what cannot be assessed and passes only with ``all``.
    """
    groups = grouped(report)
    many = len(groups) > _MANY
    parts = [_table([tally for tally, _ in groups])] if many else []
    for tally, findings in groups:
        listed = [finding for finding in findings if all or _matters(finding)]
        if many and not listed:
            continue
        parts.append("\n".join([_headline(tally), *_body(listed), *_hidden(tally, findings, listed)]))
    parts.append(_total([tally for tally, _ in groups]))
    return _CONTROLS.sub(lambda match: f"\\x{ord(match[0]):02x}", "\n\n".join(parts)) + "\n"


def _matters(finding: Finding) -> bool:
    return finding.severity is not Severity.NOTE and finding.state is not FindingState.PASS


def _headline(tally: Tally) -> str:
    if tally.blocking:
        verdict = f"{tally.blocking}个错误，不能发布"
    elif tally.warnings:
        verdict = f"没有错误，{tally.warnings}项需核实"
    else:
        verdict = "没有错误"
    return f"{tally.key.named}：{verdict}"


def _body(findings: Sequence[Finding]) -> list[str]:
    lines: list[str] = []
    for finding in findings:
        mark = "豁免" if finding.waived else finding.severity.chinese
        state = "" if finding.state in {FindingState.FAIL, FindingState.WARN} else f"·{finding.state.chinese}"
        lines.append(f"  [{mark}{state}] {finding.rule}  {finding.message}")
        if finding.waived:
            lines.append(f"      已豁免：{finding.waived}")
        if finding.source and finding.state is not FindingState.PASS:
            lines.append(f"      {finding.source}")
    return lines


def _hidden(tally: Tally, findings: Sequence[Finding], listed: Sequence[Finding]) -> list[str]:
    if len(findings) == len(listed):
        return []
    parts = [f"{count}项{name}" for count, name in ((tally.notes, "提示"), (tally.not_assessable, "无法核对")) if count]
    return [f"  另有{'、'.join(parts)}，加 --all 列出"] if parts else []


def _total(tallies: Sequence[Tally]) -> str:
    counts = summary(tallies)
    text = (
        f"共检查{counts['reports']}份报告，核对{counts['evaluated']}项，通过{counts['passed']}项："
        f"错误{counts['errors']}，警告{counts['warnings']}，提示{counts['notes']}，"
        f"无法核对{counts['not_assessable']}"
    )
    text += f"，豁免{counts['waived']}" if counts["waived"] else ""
    return text + (f"；{counts['blocked']}份不能发布" if counts["blocked"] else "")


def _table(tallies: Sequence[Tally]) -> str:
    heads = ("单位", "年度", "错误", "警告", "提示", "无法核对")
    rows = [
        (tally.key.office, tally.key.year or "", tally.errors, tally.warnings, tally.notes, tally.not_assessable)
        for tally in tallies
    ]
    texts = [heads, *(tuple(map(str, row)) for row in rows)]
    widths = [max(_width(row[index]) for row in texts) for index in range(len(heads))]
    return "\n".join(
        "  ".join(
            _padded(text, width, left=index == 0) for index, (text, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in texts
    )


def _padded(text: str, width: int, *, left: bool) -> str:
    space = " " * (width - _width(text))
    return text + space if left else space + text


def _width(text: str) -> int:
    """How many columns the text takes in a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
