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


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Everything in a module's syntax tree."""
    return tuple(ast.walk(parsed(path)))


def place(path: Path, node: ast.AST) -> str:
    name = path.relative_to(SOURCES) if path.is_relative_to(SOURCES) else path.name
    return f"{name}:{getattr(node, 'lineno', 0)}"


def private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def dotted(node: ast.AST) -> str:
    """``os._exit`` for the node that spells it; empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (base := dotted(node.value)):
        return f"{base}.{node.attr}"
    return ""


def imports(path: Path) -> Iterator[tuple[ast.stmt, str, list[ast.alias]]]:
    """Every import of another package: the statement, the module it names (empty for a plain one), and the names."""
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield node, "", node.names
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node, node.module, node.names


def gives_a_module(node: ast.AST) -> bool:
    """Whether the expression is a module that is got by its name: import_module("numpy"), sys.modules["numpy"]."""
    called = isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] in {"import_module", "__import__"}
    return called or (isinstance(node, ast.Subscript) and dotted(node.value) == "sys.modules")


def of_others(path: Path) -> set[str]:
    """The names that stand for something of another package, or for a module that is got by its name."""
    found = set()
    for _, module, names in imports(path):
        for alias in names:
            package = (module or alias.name).partition(".")[0]
            if package not in {"nianbao", "__future__"}:
                found.add(alias.asname or (alias.name if module else package))
    for node in nodes(path):
        if isinstance(node, ast.Assign | ast.NamedExpr) and gives_a_module(node.value):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {target.id for target in targets if isinstance(target, ast.Name)}
    return found


@cache
def our_names() -> set[str]:
    """The names of functions, classes and attributes that our own sources declare."""
    found = set()
    for node in (node for path in MODULES for node in nodes(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and dotted(node.value) == "self":
            found.add(node.attr)
    return found


def private_names(path: Path) -> Iterator[str]:
    others = of_others(path)
    for node, module, names in imports(path):
        parts = [part for alias in names for part in (*module.split("."), *alias.name.split("."))]
        if module.partition(".")[0] not in {"nianbao", "__future__"} and any(map(private, parts)):
            yield f"{place(path, node)} imports {module} {', '.join(alias.name for alias in names)}"
    for node in nodes(path):
        if isinstance(node, ast.Attribute) and private(node.attr):
            name = dotted(node)
            of_another = name.partition(".")[0] in others or node.attr not in our_names()
            if of_another and name not in PUBLIC:
                yield f"{place(path, node)} {ast.unparse(node)}"
        elif private(named := asked_by_name(node)) and named not in our_names() | ASKED_FOR:
            yield f"{place(path, node)} {ast.unparse(node)}"


def asked_by_name(node: ast.AST) -> str:
    """The name for which the expression asks with a string: getattr(x, "_y"), attrgetter("_y"), vars(x)["_y"]."""
    asked: ast.AST | None = None
    if isinstance(node, ast.Call):
        function = dotted(node.func).rpartition(".")[2]
        if function in {"getattr", "setattr", "hasattr", "delattr", "__setattr__", "__getattribute__"}:
            asked = node.args[1]
        elif function in {"attrgetter", "methodcaller", "import_module", "__import__"}:
            asked = node.args[0]
    elif isinstance(node, ast.Subscript) and is_namespace(node.value):
        asked = node.slice
    parts = asked.value.split(".") if isinstance(asked, ast.Constant) and isinstance(asked.value, str) else []
    return next(filter(private, parts), "")


def is_namespace(node: ast.AST) -> bool:
    """Whether the expression is an object's names with their values: vars(x), x.__dict__."""
    called = isinstance(node, ast.Call) and dotted(node.func) == "vars"
    return called or (isinstance(node, ast.Attribute) and node.attr == "__dict__")


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
    others = of_others(path)
    for node in nodes(path):
        of: ast.AST | None = None  # whose attribute is set or deleted
        if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
            of = node.value if dotted(node) not in SET_IN_STANDARD_LIBRARY else None
        elif isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load) and is_namespace(node.value):
            of = owner(node.value)
        elif isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] in {"setattr", "delattr", *DUNDERS}:
            of = node.args[0]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and is_namespace(node.func.value):
            of = owner(node.func.value)
        if of is not None and (dotted(of).partition(".")[0] in others or gives_a_module(of)):
            yield f"{place(path, node)} {ast.unparse(node)}"


DUNDERS = {"__setattr__", "__delattr__"}


def owner(namespace: ast.AST) -> ast.AST:
    """x of vars(x) and of x.__dict__."""
    return namespace.args[0] if isinstance(namespace, ast.Call) else namespace.value


def stubs(path: Path) -> Iterator[str]:
    """Every use of ``sys.modules`` but a look: whether a module is there, and which."""
    if path == SOURCES / STUBS:
        return
    looks = set()
    for node in nodes(path):
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
            looks.add(node.value)
        elif isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In | ast.NotIn):
            looks.add(node.comparators[0])
        elif isinstance(node, ast.Attribute) and node.attr == "get":
            looks.add(node.value)
    for node in nodes(path):
        if dotted(node) == "sys.modules" and node not in looks:
            yield f"{place(path, node)} sys.modules"
        elif (
            isinstance(node, ast.ImportFrom) and node.module == "sys" and "modules" in {one.name for one in node.names}
        ):
            yield f"{place(path, node)} {ast.unparse(node)}"


HOOKS = {"sys.meta_path", "sys.path_hooks", "sys.path_importer_cache", "importlib.reload", "importlib.machinery"}
HOOKS |= {"importlib.util.module_from_spec", "importlib.util.spec_from_file_location", "importlib.util.LazyLoader"}
HOOKS |= {"marshal", "unittest", "exec", "eval", "compile", "__import__", "types.CodeType", "types.FunctionType"}


def hooks(path: Path) -> Iterator[str]:
    """Import hooks, compiled code that is kept, code made at run time, and what tests patch with."""
    for node in nodes(path):
        names = [dotted(node)] if isinstance(node, ast.Name | ast.Attribute) else []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
        if found := [name for name in names if HOOKS & {name, name.partition(".")[0]}]:
            yield f"{place(path, node)} {', '.join(found)}"


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
    for node, module, names in imports(path):
        for alias in names:
            package = (module or alias.name).partition(".")[0]
            if package not in {"nianbao", *sys.stdlib_module_names, *declared_packages()}:
                yield f"{place(path, node)} {package}"


@pytest.mark.parametrize("broken", [private_names, inherited_private_names, patches, stubs, hooks, undeclared])
@pytest.mark.filterwarnings("default")
def test_no_module_leans_on_what_another_package_does_not_offer(broken: Callable[[Path], Iterator[str]]) -> None:
    found = [words for path in MODULES for words in broken(path)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        (private_names, "import os\nos._wrap_close"),
        (private_names, "from papermill._x import y"),
        (private_names, "def f(client):\n    return getattr(client, '_no_name_of_ours')"),
        (private_names, "from operator import attrgetter\nattrgetter('kernel._no_name_of_ours')"),
        (private_names, "from importlib import import_module\nimport_module('matplotlib._api')"),
        (private_names, "def f(client):\n    return vars(client)['_no_name_of_ours']"),
        (patches, "import json\njson.dumps = None"),
        (patches, "import json\nsetattr(json, 'dumps', None)"),
        (patches, "import json\nvars(json)['dumps'] = None"),
        (patches, "import json\njson.__dict__.update(dumps=None)"),
        (patches, "import json\ntype.__setattr__(json, 'dumps', None)"),
        (patches, "import json\nfor json.dumps in []:\n    pass"),
        (patches, "from importlib import import_module\nfound = import_module('json')\nfound.dumps = None"),
        (patches, "import sys\nsys.modules['json'].dumps = None"),
        (patches, "import sys\nsetattr(sys.modules['json'], 'dumps', None)"),
        (stubs, "import sys\nsys.modules['json'] = None"),
        (stubs, "import sys\nsys.modules.update(json=None)"),
        (stubs, "import operator, sys\noperator.setitem(sys.modules, 'json', None)"),
        (stubs, "from sys import modules\nmodules['json'] = None"),
        (hooks, "import sys\nsys.meta_path.insert(0, None)"),
        (hooks, "from importlib import reload"),
        (hooks, "from importlib.machinery import SourceFileLoader"),
        (hooks, "eval('1')"),
        (hooks, "from unittest.mock import patch"),
        (undeclared, "import entrypoints"),
    ],
)
def test_each_trick_would_be_found(broken: Callable[[Path], Iterator[str]], code: str, tmp_path: Path) -> None:
    (module := tmp_path / "module.py").write_text(code, encoding="utf-8")
    assert list(broken(module))


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
