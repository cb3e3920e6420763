"""The house: few rooms, short modules, and nothing of other packages used that they do not offer.

Read from the source as syntax trees; classes that inherit from other packages' classes are looked at as they are.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import subprocess
import sys
import textwrap
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import papermill  # noqa: F401 -- it imports our engine in the midst of its own import
import pytest

import nianbao

SOURCES = Path(nianbao.__file__).parent
PROJECT = SOURCES.parents[1]
MODULES = sorted(SOURCES.rglob("*.py"))
MOST_ROOMS = 17
MOST_LINES = 300

# Documented by their packages in spite of their names; lxml's are the types of what its functions give.
PUBLIC = {"os._exit", "etree._Element", "etree._ElementTree"}
# IPython documents that subclasses may override it, and that an error may format itself by that.
OVERRIDABLE = {"_showtraceback"}
ASKED_FOR = {"_render_traceback_"}
# What a notebook's own process is given in place of the standard library's: no questions, no endless recursion.
SET_IN_STANDARD_LIBRARY = {"builtins.input", "getpass.getpass", "sys.setrecursionlimit", "sys.argv", "sys.stdout"}
SET_IN_STANDARD_LIBRARY |= {"sys.last_type", "sys.last_value", "sys.last_traceback", "sys.stderr"}
# The one place that puts stand-ins for seldom used modules around an import, and takes them away again.
STUBS = "checks/engine.py"


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def place(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(SOURCES)}:{getattr(node, 'lineno', 0)}"


def private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def dotted(node: ast.AST) -> str:
    """``os._exit`` for the node that spells it; empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (base := dotted(node.value)):
        return f"{base}.{node.attr}"
    return ""


def imports(tree: ast.Module) -> Iterator[tuple[ast.stmt, str, list[ast.alias]]]:
    """Every import of another package: the statement, the module it names (empty for a plain one), and the names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield node, "", node.names
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node, node.module, node.names


def of_others(tree: ast.Module) -> dict[str, str]:
    """The names that stand for something of another package: each with that package."""
    found = {}
    for _, module, names in imports(tree):
        for alias in names:
            package = (module or alias.name).partition(".")[0]
            if package not in {"nianbao", "__future__"}:
                found[alias.asname or (alias.name if module else package)] = package
    return found


@cache
def our_names() -> set[str]:
    """The names of functions, classes and attributes that our own sources declare."""
    found = set()
    for node in (node for path in MODULES for node in ast.walk(parsed(path))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and dotted(node.value) == "self":
            found.add(node.attr)
    return found


def private_names(path: Path) -> Iterator[str]:
    tree = parsed(path)
    others = of_others(tree)
    for node, module, names in imports(tree):
        parts = [part for alias in names for part in (*module.split("."), *alias.name.split("."))]
        if module.partition(".")[0] not in {"nianbao", "__future__"} and any(map(private, parts)):
            yield f"{place(path, node)} imports {module} {', '.join(alias.name for alias in names)}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and private(node.attr):
            name = dotted(node)
            of_another = name.partition(".")[0] in others or node.attr not in our_names()
            if of_another and name not in PUBLIC:
                yield f"{place(path, node)} {ast.unparse(node)}"
        elif isinstance(node, ast.Call) and dotted(node.func) in {"getattr", "setattr", "hasattr", "delattr"}:
            asked = node.args[1].value if isinstance(node.args[1], ast.Constant) else ""
            if private(asked) and asked not in our_names() | ASKED_FOR:
                yield f"{place(path, node)} {ast.unparse(node)}"


def inherited_private_names(path: Path) -> Iterator[str]:
    """What a class of ours uses or overrides of the private names of another package's class that it inherits from."""
    name = ".".join(("nianbao", *path.relative_to(SOURCES).with_suffix("").parts)).removesuffix(".__init__")
    if name.endswith("__main__"):
        return
    module = importlib.import_module(name)
    for _, kind in inspect.getmembers(module, inspect.isclass):
        bases = [base for base in kind.__mro__ if base.__module__.partition(".")[0] not in _OUR_OWN]
        theirs = {key for base in bases for key in vars(base) if private(key)}
        if kind.__module__ != name or not theirs:
            continue
        try:
            tree = ast.parse(textwrap.dedent(inspect.getsource(kind)))
        except OSError:  # made by a function of the standard library
            continue
        for node in ast.walk(tree):
            used = getattr(node, "attr", "") if isinstance(node, ast.Attribute) else getattr(node, "name", "")
            if used in theirs - OVERRIDABLE:
                yield f"{path.relative_to(SOURCES)} {kind.__name__}: {used}"


# Dataclasses, enums, named tuples and the like put names of their own into a class that is declared with them.
_OUR_OWN = {"nianbao", "builtins", "abc", "collections", "enum", "typing"}


def patches(path: Path) -> Iterator[str]:
    """Assignments to something of another package or the standard library, but for what is named above."""
    tree = parsed(path)
    others = of_others(tree)
    for node in ast.walk(tree):
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign | ast.Delete):
            targets = node.targets
        elif isinstance(node, ast.AnnAssign | ast.AugAssign):
            targets = [node.target]
        elif isinstance(node, ast.Call) and dotted(node.func) in {"setattr", "delattr"}:
            targets = [ast.Attribute(argument, "", ast.Store()) for argument in node.args[:1]]
        for target in targets:
            for one in target.elts if isinstance(target, ast.Tuple) else [target]:
                name = dotted(one) if isinstance(one, ast.Attribute) else ""
                if name.partition(".")[0] in others and name not in SET_IN_STANDARD_LIBRARY:
                    yield f"{place(path, node)} {ast.unparse(node)}"


def stubs(path: Path) -> Iterator[str]:
    """Whatever puts a module into ``sys.modules`` or takes one out."""
    if path == SOURCES / STUBS:
        return
    for node in ast.walk(parsed(path)):
        changed = isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load) and dotted(node.value)
        called = isinstance(node, ast.Call) and dotted(node.func).rpartition(".")
        if changed == "sys.modules" or (called and called[0] == "sys.modules" and called[2] not in {"get", "copy"}):
            yield f"{place(path, node)} {ast.unparse(node)}"


def hooks(path: Path) -> Iterator[str]:
    """Import hooks, compiled code that is kept, and code made at run time."""
    tree = parsed(path)
    for node in ast.walk(tree):
        name = dotted(node) if isinstance(node, ast.Name | ast.Attribute) else ""
        if name in {"sys.meta_path", "sys.path_hooks", "marshal", "exec"} or name.startswith("marshal."):
            yield f"{place(path, node)} {name}"


def plain(distribution: str) -> str:
    """A distribution's name as all of its spellings are compared."""
    return re.sub(r"[-_.]+", "-", distribution).lower()


@cache
def declared_packages() -> set[str]:
    """The packages that can be imported from what pyproject.toml declares."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {plain(re.split(r"[\s\[<>=!~;]", line)[0]) for line in project["dependencies"]}
    return {package for package, names in packages_distributions().items() if declared & set(map(plain, names))}


def undeclared(path: Path) -> Iterator[str]:
    for node, module, names in imports(parsed(path)):
        for alias in names:
            package = (module or alias.name).partition(".")[0]
            if package not in {"nianbao", *sys.stdlib_module_names, *declared_packages()}:
                yield f"{place(path, node)} {package}"


@pytest.mark.parametrize("broken", [private_names, inherited_private_names, patches, stubs, hooks, undeclared])
@pytest.mark.filterwarnings("default")
def test_no_module_leans_on_what_another_package_does_not_offer(broken: Callable[[Path], Iterator[str]]) -> None:
    found = [words for path in MODULES for words in broken(path)]
    assert not found, "\n".join(found)


def test_there_are_few_rooms() -> None:
    rooms = {path.stem for path in SOURCES.iterdir() if path.is_dir() or path.suffix == ".py"}
    rooms -= {"__init__", "__main__", "__pycache__"}
    assert len(rooms) <= MOST_ROOMS, sorted(rooms)


def test_modules_are_short() -> None:
    lines = {str(path.relative_to(SOURCES)): path.read_text(encoding="utf-8").count("\n") for path in MODULES}
    assert {name: count for name, count in lines.items() if count > MOST_LINES} == {}


def test_each_room_says_what_it_does() -> None:
    silent = [str(path.relative_to(SOURCES)) for path in MODULES if not ast.get_docstring(parsed(path))]
    assert silent == []


def test_no_file_holds_what_an_unfinished_merge_leaves() -> None:
    names = subprocess.run(["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    marks = re.compile(rb"^(?:<{7}|>{7}) ", re.MULTILINE)
    files = [PROJECT / name for name in names.split("\0") if name]
    assert [path.name for path in files if path.is_file() and marks.search(path.read_bytes())] == []
