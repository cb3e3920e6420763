"""Offices on the command line: by the identifier that their folder has, or by the name that office.yaml gives."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from nianbao.errors import NianbaoError, UsageError
from nianbao.errors.language import Message
from nianbao.model import IssueKind, Office
from nianbao.paths import Project, find_project


def offices_by_name(project: Project) -> dict[str, list[str]]:
    """Plain name -> identifiers of the project's offices of that name: one, or several where two share it.

    Names are without what offices write or leave out at their end (``plain_name``); of an office both its names count.
    What is wrong with an office's file is told by ``nianbao check``: one that cannot be read has no name here.
    """
    from nianbao.ingest.offices import plain_name

    found: dict[str, list[str]] = defaultdict(list)
    for office in _offices(project):
        for name in sorted({plain_name(office.name), plain_name(office.short_name)}):
            found[name].append(office.id)
    return dict(found)


def office_names(project: Project) -> list[str]:
    """The names of the project's offices as they are written, longer and shorter."""
    return sorted({name for office in _offices(project) for name in (office.name, office.short_name)})


def _offices(project: Project) -> Iterator[Office]:
    """The offices whose files can be read."""
    from nianbao.inputs import Files
    from nianbao.inputs.settings import load_office

    for identifier in project.offices():
        office, issues = load_office(Files(project), identifier)
        if not any(issue.kind is IssueKind.UNREADABLE for issue in issues):
            yield office


class OfficeParam(click.ParamType[str]):
    """An office of the project here; a name in Chinese becomes the identifier, whatever else is given stays."""

    name = "office"

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> str:  # noqa: ARG002
        """The identifier; UsageError where several offices have the name."""
        given = str(value)
        if given.isascii() or context is None:
            return given
        from nianbao.ingest.offices import plain_name  # a tenth of a second, for names alone

        named = offices_by_name(_project_of(context)).get(plain_name(given), [])
        if len(named) > 1:
            raise UsageError(
                Message("several offices are called {name}", name=given), hint=Message("known: {known}", known=named)
            )
        return named[0] if named else given

    def shell_complete(
        self,
        context: click.Context,
        param: click.Parameter,  # noqa: ARG002
        incomplete: str,
    ) -> list[CompletionItem]:
        """For completion: the offices of the project here; none where there is none."""
        try:
            offices = _project_of(context).offices()
        except NianbaoError:
            return []
        return [CompletionItem(office) for office in offices if office.startswith(incomplete)]


def _project_of(context: click.Context) -> Project:
    return find_project(context.find_root().params.get("project") or Path())


OFFICE = OfficeParam()
