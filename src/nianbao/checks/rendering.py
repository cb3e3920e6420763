"""Render findings as text for a terminal, as JSON, and as a web page without scripts or links outside."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from html import escape
from typing import Any

from nianbao.checks.catalogue import RULES
from nianbao.checks.order import Tally, grouped, summary
from nianbao.errors.language import Message, told_in
from nianbao.form import place_name
from nianbao.model import CheckReport, Evidence, Finding, FindingState, ReportKey, Severity

# What a terminal would obey instead of showing; names and labels may hold it.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
# With more office-years than this, a table of all comes first and the clean ones are not listed again.
_MANY = 3


def render_json(report: CheckReport) -> dict[str, Any]:
    """The findings (passes only where the check was asked for them) and the summary, the worst first."""
    groups = grouped(report)
    offices = {"offices": dict(sorted(report.names.items()))} if report.names else {}
    return {
        "findings": [finding.to_json() for _, findings in groups for finding in findings],
        "summary": {**summary([tally for tally, _ in groups]), **offices},
    }


def render_text(report: CheckReport, spoken: str = "zh", *, all: bool = False) -> str:  # noqa: A002 -- the option's name
    """The findings for people in a language ("zh" or "en"), by office-year, the worst first.

    Errors and warnings are written out; notes, what cannot be assessed and passes only with ``all``.
    """
    groups = grouped(report)
    many = len(groups) > _MANY
    parts = [_table(report, [tally for tally, _ in groups], spoken)] if many else []
    for tally, findings in groups:
        listed = [finding for finding in findings if all or _matters(finding)]
        if many and not listed:
            continue
        lines = [_headline(report, tally, spoken), *_body(listed, spoken), *_hidden(tally, findings, listed, spoken)]
        parts.append("\n".join(lines))
    parts.append(_total([tally for tally, _ in groups], spoken))
    return _CONTROLS.sub(lambda match: f"\\x{ord(match[0]):02x}", "\n\n".join(parts)) + "\n"


def _matters(finding: Finding) -> bool:
    return finding.severity is not Severity.NOTE and finding.state is not FindingState.PASS


def _named(report: CheckReport, key: ReportKey, spoken: str) -> str:
    """The office and year; clerks are told the office's name too, engineers what they type."""
    return report.named(key) if spoken == "zh" else key.named


def _headline(report: CheckReport, tally: Tally, spoken: str) -> str:
    verdict = Message("no errors")
    if tally.blocking:
        verdict = Message("errors: {count}; it cannot be published", count=tally.blocking)
    elif tally.warnings:
        verdict = Message("no errors; to be looked at: {count}", count=tally.warnings)
    return told_in(spoken, "{office}: {verdict}", office=_named(report, tally.key, spoken), verdict=verdict)


def _body(findings: Sequence[Finding], spoken: str) -> list[str]:
    chinese = spoken == "zh"
    lines: list[str] = []
    for finding in findings:
        mark = finding.severity.chinese if chinese else finding.severity.value
        mark = told_in(spoken, "waived") if finding.waived else mark
        state = finding.state.chinese if chinese else finding.state.value.replace("_", " ")
        state = "" if finding.state in {FindingState.FAIL, FindingState.WARN} else f"·{state}"
        lines.append(f"  [{mark}{state}] {finding.rule}  {finding.message if chinese else finding.message_en}")
        if finding.waived:
            lines.append(told_in(spoken, "      waived: {why}", why=finding.waived))
        if finding.source and finding.state is not FindingState.PASS:
            lines.append(f"      {finding.source.in_chinese if chinese else finding.source}")
    return lines


def _hidden(tally: Tally, findings: Sequence[Finding], listed: Sequence[Finding], spoken: str) -> list[str]:
    notes, unsure = tally.notes, tally.not_assessable
    if len(findings) == len(listed) or not (notes or unsure):
        return []
    what = Message("notes {notes}, not assessable {unsure}", notes=notes, unsure=unsure)
    if not (notes and unsure):
        what = Message("notes {count}", count=notes) if notes else Message("not assessable {count}", count=unsure)
    return [told_in(spoken, "  besides: {what}; --all lists them", what=what)]


def _total(tallies: Sequence[Tally], spoken: str) -> str:
    counts = summary(tallies)
    text = told_in(
        spoken,
        "reports checked: {reports}; evaluations {evaluated}, passed {passed}: "
        "errors {errors}, warnings {warnings}, notes {notes}, not assessable {not_assessable}",
        **counts,
    )
    text += told_in(spoken, ", waived {waived}", **counts) if counts["waived"] else ""
    return text + (told_in(spoken, "; not to be published {blocked}", **counts) if counts["blocked"] else "")


def _table(report: CheckReport, tallies: Sequence[Tally], spoken: str) -> str:
    heads = [
        told_in(spoken, head)
        for head in (
            Message("office"),
            Message("year"),
            Message("errors"),
            Message("warnings"),
            Message("notes"),
            Message("not assessable"),
        )
    ]
    rows = [
        (
            _named(report, ReportKey(tally.key.office, 0), spoken),
            tally.key.year or "",
            tally.errors,
            tally.warnings,
            tally.notes,
            tally.not_assessable,
        )
        for tally in tallies
    ]
    texts = [heads, *(tuple(map(str, row)) for row in rows)]
    widths = [max(_terminal_columns(row[index]) for row in texts) for index in range(len(heads))]
    return "\n".join(
        "  ".join(
            _padded(text, width, left=index == 0) for index, (text, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in texts
    )


def _padded(text: str, width: int, *, left: bool) -> str:
    space = " " * (width - _terminal_columns(text))
    return text + space if left else space + text


def _terminal_columns(text: str) -> int:
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
    title = f"{_whose(report, groups[0][0].key)}检查结果" if len(groups) == 1 else "检查结果"
    body = "".join(_section(report, tally, findings) for tally, findings in groups)
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{_STYLE}\n</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{escape(title)}</h1>\n<p>{_total([tally for tally, _ in groups], 'zh')}。</p>\n{body}"
        "</main>\n</body>\n</html>\n"
    )


def _whose(report: CheckReport, key: ReportKey) -> str:
    """The office's full name and the year, as a title has them; the key where either is not known."""
    name = report.names.get(key.office, "")
    return f"{name}{key.year}年年报" if name and key.year else report.named(key)


def _section(report: CheckReport, tally: Tally, findings: Sequence[Finding]) -> str:
    listed = [finding for finding in findings if finding.state is not FindingState.PASS]
    name = report.named(tally.key)
    head = f"<section>\n<h2>{escape(_headline(report, tally, 'zh'))}</h2>\n"
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
        return f"<br><code>{escape(finding.source.in_chinese)}</code>" if finding.source else ""
    items = "".join(f"<li>{_cell(cell)}</li>" for cell in finding.cells)
    return f"<details><summary>涉及的单元格（{len(finding.cells)}）</summary><ul>{items}</ul></details>"


def _cell(cell: Evidence) -> str:
    year = f"{cell.year}年 " if cell.year else ""
    source = f"（<code>{escape(cell.source.in_chinese)}</code>）" if cell.source else ""
    return f"{year}<code>{escape(str(cell.ref))}</code> = {escape(cell.value.printed or '（空白）')}{source}"
