"""Owns the findings as a web page of its own, for the report's folder: accessible, without scripts or links outside.

May import: model, checks.catalogue, checks.order.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from nianbao.checks.catalogue import RULES
from nianbao.checks.order import Tally, grouped, summary
from nianbao.form import place_name
from nianbao.model import CheckReport, Evidence, Finding, FindingState

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
        f"<h1>{escape(title)}</h1>\n{_total([tally for tally, _ in groups])}\n{body}</main>\n</body>\n</html>\n"
    )


def _total(tallies: Sequence[Tally]) -> str:
    counts = summary(tallies)
    return (
        f"<p>共检查{counts['reports']}份报告，核对{counts['evaluated']}项，通过{counts['passed']}项；"
        f"错误{counts['errors']}项，警告{counts['warnings']}项，提示{counts['notes']}项，"
        f"无法核对{counts['not_assessable']}项，已豁免{counts['waived']}项。</p>"
    )


def _section(tally: Tally, findings: Sequence[Finding]) -> str:
    listed = [finding for finding in findings if finding.state is not FindingState.PASS]
    name = tally.key.named
    verdict = f"{tally.blocking}个错误，不能发布" if tally.blocking else "没有错误"
    head = f"<section>\n<h2>{escape(name)}：{verdict}</h2>\n"
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
