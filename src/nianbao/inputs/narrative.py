"""Fill in narratives: templates in Jinja's notation, read by its parser and filled in here, statement by statement.

Of statements, ``if``, ``for`` and ``set`` are offered. A budget of steps and characters ends whatever grows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from jinja2 import Environment, TemplateSyntaxError, nodes
from jinja2.parser import Parser

from nianbao.errors import InputError
from nianbao.form import CellRef
from nianbao.inputs.expressions import BudgetError, Expressions, Missing, dotted_name
from nianbao.inputs.names import Bound, Names, Phrase, Unknown, names_of
from nianbao.model import InputIssue, IssueKind, OfficeYear, Source, Text

# What `nianbao new` writes where a person has to write.
BLANK_MARK = "【待填"

_MAX_CHARACTERS = 1_000_000
_REFERENCE = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_UNIT = re.compile(r"(?:人次|件次|场次|篇次|条次|万元|[件条次个期篇份项人场家部宗起名元])")


@dataclass(frozen=True, slots=True)
class Binding:
    """A number in a rendered text: where it stands (offsets), and the expression it came from."""

    start: int
    end: int
    expression: str


@dataclass(frozen=True, slots=True)
class Piece:
    """What one reference wrote: its place in the rendered text (offsets), and the reference's line in its file."""

    start: int
    end: int
    line: int


@dataclass(frozen=True, slots=True)
class Rendered:
    """A narrative text with its references filled in.

    ``bindings`` tell bound numbers from typed ones, ``lines`` give the file's line of each line of the text, ``issues``
    are the references that could not be filled in: where they stand the text reads 【缺：…】. ``pieces`` are what the
    references wrote, numbers or words, in the order of the text.
    """

    text: str
    bindings: tuple[Binding, ...]
    lines: tuple[int, ...] = ()
    issues: tuple[InputIssue, ...] = ()
    pieces: tuple[Piece, ...] = ()


def render(text: Text, report: OfficeYear, previous: OfficeYear | Callable[[], OfficeYear | None] | None) -> Rendered:
    """The text with its references filled in; what cannot be is a gap in the text and an issue with file and line.

    ``previous`` is last year's report, or a function that fetches it if the text asks for it.
    """
    names = names_of(report, previous if callable(previous) else lambda: previous)
    tree, issues = _parsed(text)
    if tree is None:
        lines = tuple(range(1, text.template.count("\n") + 2))
        return Rendered(text.template, (), lines, tuple(issues))
    filler = _Filler(text, names, issues, report)
    try:
        filler.resolve(tree)
        filler.fill(tree.body, {})
    except (BudgetError, RecursionError) as error:
        why = ("模板过长或循环过多", "the template is too long or loops too often")
        if isinstance(error, RecursionError):
            why = ("模板嵌套过深", "the template nests too deep")
        issues.append(_issue(text, filler.expressions.line, None, why))
    return filler.rendered()


def references(text: Text) -> Iterator[tuple[int, str]]:
    """The dotted names that the text refers to (applications.new.total), each with the line on which it stands."""
    tree, _ = _parsed(text)
    return ((line, ".".join(path)) for line, path in _named(tree)) if tree else iter(())


@cache
def _environment() -> Environment:
    return Environment(keep_trailing_newline=True, autoescape=False)  # noqa: S701 -- only its parser is used; the text is Markdown


def _parsed(text: Text) -> tuple[nodes.Template | None, list[InputIssue]]:
    """The template's tree without the references that are none, and an issue for each of these."""
    source = text.template
    issues: list[InputIssue] = []
    for _ in range(2):
        parser = None
        try:
            parser = Parser(_environment(), source)
            return parser.parse(), issues
        except TemplateSyntaxError as error:
            line, problem = error.lineno, str(error.message)
        except RecursionError:
            line, problem = (parser.stream.current.lineno if parser else 1), "nests too deep"
        except (ValueError, OverflowError) as error:  # a number of thousands of digits
            line, problem = 1, str(error)
        source, found = _without_broken(text, source)
        if not found:
            why = "嵌套过深" if problem == "nests too deep" else "请检查 {% … %} 是否成对、有无遗漏"
            found = [_issue(text, line, None, (f"模板写法有误，{why}", f"is no valid template: {problem}"))]
        issues += found
        if source == text.template:
            break
    return None, issues


def _without_broken(text: Text, source: str) -> tuple[str, list[InputIssue]]:
    """The template with each reference that cannot be parsed as a gap, and the issues for them."""
    issues: list[InputIssue] = []

    def checked(match: re.Match[str]) -> str:
        try:
            _environment().parse(match[0])
        except (TemplateSyntaxError, RecursionError, ValueError, OverflowError) as error:
            line = source.count("\n", 0, match.start()) + 1
            column = match.start() - source.rfind("\n", 0, match.start())
            shown = " ".join(match[0].split())[:60]
            problem = getattr(error, "message", None) or "too deep or too long"
            words = (
                f"引用写法有误：“{shown}”，应写作 {{{{ figures.website }}}} 的样子",
                f"{shown!r} is no valid reference ({problem}): write it like {{{{ figures.website }}}}",
            )
            issues.append(_issue(text, line, column, words))
            return f"【缺：{match[0].strip('{}').strip()[:30]}】" + "\n" * match[0].count("\n")
        return match[0]

    # Behind the last closing brace no reference ends: a search from each opening one there would run to the end.
    closed, braces, rest = source.rpartition("}}")
    return _REFERENCE.sub(checked, closed + braces) + rest, issues


def _issue(text: Text, line: int, column: int | None, words: tuple[str, str]) -> InputIssue:
    source = Source(text.source.path, line, str(column) if column else None)
    return InputIssue(IssueKind.REFERENCE, source, found=words[1], words=words)


def _not_given(report: OfficeYear, name: str) -> str | None:
    """The table (or figures) of a name that is a right one, though the table's file does not give what it names."""
    table, *rest = name.split(".")
    if table == "figures":
        return None if report.figures else table
    ref = CellRef(table, *rest) if len(rest) == 2 else None
    return table if ref in report.edition.cells and ref not in report.cells else None


def _named(tree: nodes.Template) -> Iterator[tuple[int, list[str]]]:
    """Lines and dotted names, without those that the template itself sets."""
    inner = {id(node.node) for node in tree.find_all(nodes.Getattr)}
    local = {node.name for node in tree.find_all(nodes.Name) if node.ctx == "store"}
    for node in tree.find_all((nodes.Name, nodes.Getattr)):
        if id(node) not in inner and (path := dotted_name(node)) and path[0] not in local:
            yield node.lineno, path


class _Filler:
    """Walks a template and writes the text, counting steps and characters."""

    def __init__(self, text: Text, names: Names, issues: list[InputIssue], report: OfficeYear) -> None:
        self.text = text
        self.report = report
        self.names = names
        self.issues = issues
        self.expressions = Expressions(names, self._tell)
        self._parts: list[str] = []
        self._bindings: list[Binding] = []
        self._pieces: list[Piece] = []
        self._lines = [1]
        self._length = 0
        self._told: set[tuple[int, str]] = set()
        self._drop_unit = False

    def rendered(self) -> Rendered:
        """What has been written so far."""
        text = "".join(self._parts)
        return Rendered(text, tuple(self._bindings), tuple(self._lines), tuple(self.issues), tuple(self._pieces))

    def resolve(self, tree: nodes.Template) -> None:
        """Tell every reference to nothing, also those in branches that are not taken."""
        for line, path in _named(tree):
            try:
                self.names.resolve(path)
            except Unknown as unknown:
                self._tell(line, unknown.path, unknown.words)
            except InputError:
                pass  # a blank cell matters only where it is printed

    def _tell(self, line: int, what: str, words: tuple[str, str]) -> None:
        if (line, what) in self._told:
            return
        self._told.add((line, what))
        lines = self.text.template.split("\n")
        column = lines[line - 1].find(what) + 1 if line <= len(lines) else 0
        issue = _issue(self.text, line, column or None, words)
        self.issues.append(replace(issue, table=_not_given(self.report, what)))

    def fill(self, body: Sequence[nodes.Node], local: dict[str, Any]) -> None:
        """Write what the statements say."""
        for node in body:
            self.expressions.step(node)
            if isinstance(node, nodes.Output):
                for part in node.nodes:
                    if isinstance(part, nodes.TemplateData):
                        self._write_words(part.data, part.lineno)
                    else:
                        self._write(self.expressions.value(part, local), part.lineno)
            elif isinstance(node, nodes.If):
                self._fill_if(node, local)
            elif isinstance(node, nodes.For):
                self._fill_for(node, local)
            elif isinstance(node, nodes.Assign) and isinstance(node.target, nodes.Name):
                local[node.target.name] = self.expressions.value(node.node, local)
            elif isinstance(node, nodes.Scope):
                self.fill(node.body, local)
            else:
                self.expressions.refuse(node, type(node).__name__.lower())

    def _fill_if(self, node: nodes.If, local: dict[str, Any]) -> None:
        for branch in (node, *node.elif_):
            if self.expressions.truth(self.expressions.value(branch.test, local)):
                self.fill(branch.body, local)
                return
        self.fill(node.else_, local)

    def _fill_for(self, node: nodes.For, local: dict[str, Any]) -> None:
        items = self.expressions.value(node.iter, local)
        if (
            not isinstance(items, list | Names)
            or not isinstance(node.target, nodes.Name)
            or node.test
            or node.recursive
        ):
            if not isinstance(items, Missing):
                self.expressions.refuse(node, "for")
            return
        found = list(items)
        for item in found:
            self.fill(node.body, {**local, node.target.name: item})
        if not found:
            self.fill(node.else_, local)

    def _write(self, value: Any, line: int) -> None:
        began = self._length
        for part in value.parts if isinstance(value, Phrase) else (value,):
            if isinstance(part, Names) or callable(part) or isinstance(part, list):
                self._tell(line, "…", ("引用不完整：应写到具体的数", "an incomplete reference: name a number"))
                continue
            words = str(part)
            start = self._length
            self._write_words(words, line, counts=False)
            if isinstance(part, Bound):
                self._bindings.append(Binding(start, self._length, part.expression))
        self._pieces.append(Piece(began, self._length, line))
        self._drop_unit = isinstance(value, Phrase) and value.drops_unit

    def _write_words(self, words: str, line: int, *, counts: bool = True) -> None:
        """Words at their line of the file; ``counts``: their own line ends are the file's."""
        if self._drop_unit and counts:
            words = _UNIT.sub("", words, count=1) if _UNIT.match(words) else words
            self._drop_unit = False
        if not self._parts or self._parts[-1].endswith("\n"):
            self._lines[-1] = line
        for number in range(1, words.count("\n") + 1):
            self._lines.append(line + number if counts else line)
        if words:
            self._parts.append(words)
            self._length += len(words)
        if self._length > _MAX_CHARACTERS:
            raise BudgetError
