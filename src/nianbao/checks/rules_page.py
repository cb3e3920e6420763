"""The page docs/rules.md: the catalogue of rules, generated and compared, never written by hand."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from nianbao.checks.catalogue import RULES, Group, Rule
from nianbao.errors import ExitCode
from nianbao.form import EDITIONS, Balance

_HEAD = """# Rules

Every rule that `nianbao check` applies, made from `nianbao.checks.catalogue` (`python -m nianbao.checks.rules_page`).

A finding has one of five states. `pass`: nothing wrong. `fail`: the rule is broken for certain. `warn`: somebody
should look. `uncertain`: the words of a text may mean something else. `not_assessable`: what the rule needs is not
there (last year's report, a blank cell); it is never counted as a pass. An **error** that fails blocks the report;
warnings and notes do not. What warns or is uncertain is a warning at most.

A finding can be waived in `params/<office>/waivers.yaml`:

```yaml
- rule: T3-CARRY
  years: [2023]
  scope: {column: total}   # any of table, row, column, text, fingerprint; without a scope, all findings of the rule
  reason: 上年报告有误，已更正公布
  name: 张三
  until: 2024-06-30        # judged against the date on which the report is published, not against the clock
```
"""


def rules_page() -> str:
    """The whole page; the same catalogue makes the same bytes."""
    parts = [_HEAD]
    for group in Group:
        rules = [rule for rule in RULES.values() if rule.group is group]
        parts.append(f"## {group.value}\n\n{_index(rules)}\n")
        parts += [_entry(rule) for rule in rules]
    return "\n".join(parts)


def _index(rules: list[Rule]) -> str:
    lines = ["| rule | severity | 说明 | what it finds |", "|---|---|---|---|"]
    lines += [
        f"| [{rule.id}](#{rule.id.lower()}) | {rule.severity} | {rule.title} | {rule.title_en} |" for rule in rules
    ]
    return "\n".join(lines)


def _entry(rule: Rule) -> str:
    lines = [f"### {rule.id}", "", f"**{rule.title}** — {rule.title_en}. {rule.purpose}"]
    lines += ["", f"Severity: {rule.severity}. Source: {rule.source}."]
    balances = [
        (code, balance) for code, edition in EDITIONS.items() for balance in edition.balances if balance.id == rule.id
    ]
    lines += ["", *(f"- edition {code}: {_sums(balance)}" for code, balance in balances)] if balances else []
    return "\n".join([*lines, ""])


def _sums(balance: Balance) -> str:
    sides: list[str] = []
    for terms in (balance.left, balance.right):
        parts = [
            (" - " if term.sign < 0 else " + " if index else "")
            + f"`{term.code}`"
            + (" of last year" if term.previous else "")
            for index, term in enumerate(terms)
        ]
        sides.append("".join(parts))
    across = "column" if balance.axis.value == "rows" else "row"
    only = f" ({', '.join(balance.only)})" if balance.only else ""
    return f"in each {across}{only} of `{balance.table}`, {sides[0]} = {sides[1]}"


def main(arguments: list[str] | None = None) -> int:
    """Write the page, or with ``--check`` say whether the file is what the catalogue says."""
    parser = argparse.ArgumentParser(prog="python -m nianbao.checks.rules_page", description="docs/rules.md")
    parser.add_argument("file", nargs="?", type=Path, default=Path("docs/rules.md"))
    parser.add_argument("--check", action="store_true")
    asked = parser.parse_args(arguments)
    if asked.check:
        same = asked.file.is_file() and asked.file.read_text(encoding="utf-8") == rules_page()
        if not same:
            print(f"{asked.file} is not what the catalogue says", file=sys.stderr)  # noqa: T201 -- this is a command
        return ExitCode.DONE if same else ExitCode.FINDINGS
    asked.file.parent.mkdir(parents=True, exist_ok=True)
    asked.file.write_text(rules_page(), encoding="utf-8", newline="\n")
    return ExitCode.DONE


if __name__ == "__main__":
    sys.exit(main())
