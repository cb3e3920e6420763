"""Render findings as text for a terminal, as JSON, and as a web page without scripts or links outside.

May import: form, model, checks.catalogue, checks.order.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from html import escape
from typing import Any

from nianbao.checks.catalogue import RULES
from nianbao.checks.order import Tally, grouped, summary
from nianbao.form import place_name
from nianbao.model import CheckReport, Evidence, Finding, FindingState, Severity

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
    verdict = "没有错误"
    if tally.blocking:
        verdict = f"{tally.blocking}个错误，不能发布"
    elif tally.warnings:
        verdict += f"，{tally.warnings}项需核实"
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


_STYLE = """
:root{color-scheme:light;--line:#c8ced6;--ink:#1b1f24}
body{margin:0 auto;max-width:72rem;padding:1.5rem;font:16px/1.7 "Noto Sans SC","Source Han Sans SC","Microsoft YaHei",
sans-serif;color:var(--ink);background:#fff}
h1{font-size:1.6rem}h2{font-size:1.25rem;margin-top:2.2rem}
table{border-collapse:collapse;width:100%;margin:.6rem 0}
caption{text-align:left;color:#4a5159;padding:.3rem 0}
th,td{border:1px solid var(--line);padding:.35rem .6rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}
thead th{background:#eef2f6}td.n{text-align:right}
.error{color:#8f1313;font-weight:600}.warning{color:#6b4600;font-weight:600}.note{color:#3d4650}
summary{cursor:pointer}code{font-family:ui-monospace,monospace}
@media(max-width:40rem){table,thead,tbody,tr,th,td{display:block}thead{position:absolute;left:-9999px}}
@media print{details>*{display:block}body{max-width:none;padding:0}}
""".strip()


def render_page(report: CheckReport) -> str:
    """A complete HTML page with the findings of all office-years, the worst first; passes are counted."""
    groups = grouped(report)
    title = "检查结果" if len(groups) != 1 else f"{groups[0][0].key.named}年检查结果"
    body = "".join(_section(tally, findings) for tally, findings in groups)
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{_STYLE}\n</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{escape(title)}</h1>\n<p>{_total([tally for tally, _ in groups])}。</p>\n{body}"
        "</main>\n</body>\n</html>\n"
    )


def _section(tally: Tally, findings: Sequence[Finding]) -> str:
    listed = [finding for finding in findings if finding.state is not FindingState.PASS]
    name = tally.key.named
    head = f"<section>\n<h2>{escape(_headline(tally))}</h2>\n"
    if not listed:
        return f"{head}<p>没有发现问题。</p>\n</section>\n"
    heads = "".join(f'<th scope="col">{text}</th>' for text in ("程度", "结论", "规则", "位置", "说明"))
    rows = "".join(_row(finding) for finding in listed)
    return (
        f"{head}<table>\n<caption>{escape(name)}的问题，共{len(listed)}项</caption>\n"
        f"<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n</section>\n"
    )


def _row(finding: Finding) -> str:
    title = RULES[finding.rule].title if finding.rule in RULES else ""
    waived = f"<br>已豁免：{escape(finding.waived)}" if finding.waived else ""
    return (
        f'<tr id="f-{finding.fingerprint}"><td class="{finding.severity.value}">{finding.severity.chinese}</td>'
        f"<td>{finding.state.chinese}</td>"
        f'<th scope="row"><code>{escape(finding.rule)}</code><br>{escape(title)}</th>'
        f"<td>{escape(place_name(finding.table, finding.row, finding.column))}</td>"
        f"<td>{escape(finding.message)}{waived}{_evidence(finding)}</td></tr>\n"
    )


def _evidence(finding: Finding) -> str:
    if not finding.cells:
        return f"<br><code>{escape(str(finding.source))}</code>" if finding.source else ""
    items = "".join(f"<li>{_cell(cell)}</li>" for cell in finding.cells)
    return f"<details><summary>涉及的单元格（{len(finding.cells)}）</summary><ul>{items}</ul></details>"


def _cell(cell: Evidence) -> str:
    year = f"{cell.year}年 " if cell.year else ""
    source = f"（<code>{escape(str(cell.source))}</code>）" if cell.source else ""
    return f"{year}<code>{escape(str(cell.ref))}</code> = {escape(cell.value.printed or '（空白）')}{source}"
