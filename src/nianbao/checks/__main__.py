"""``python -m nianbao.checks``: the suites made from the form, written anew or compared with the form."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from nianbao.checks.suites import stale_suites, write_suites
from nianbao.errors import ExitCode
from nianbao.paths import Project


def main(arguments: list[str] | None = None) -> int:
    """The exit status: 1 where ``--check`` finds a suite that is not what the form says."""
    parser = argparse.ArgumentParser(prog="python -m nianbao.checks", description="The suites made from the form.")
    parser.add_argument("--project", type=Path, default=Path(), help="the project's folder")
    task = parser.add_mutually_exclusive_group(required=True)
    task.add_argument("--write", action="store_true", help="write expectations/form_*.json")
    task.add_argument("--check", action="store_true", help="compare them with the form")
    asked = parser.parse_args(arguments)
    project = Project(asked.project.resolve())
    if asked.write:
        print("\n".join(write_suites(project)))  # noqa: T201 -- this is a command
        return ExitCode.DONE
    stale = stale_suites(project)
    for name in stale:
        print(f"expectations/{name} is not what the form says; run: make expectations", file=sys.stderr)  # noqa: T201
    return ExitCode.FINDINGS if stale else ExitCode.DONE


if __name__ == "__main__":
    sys.exit(main())
