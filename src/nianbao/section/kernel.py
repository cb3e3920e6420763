"""Where a notebook's kernel works, and how it shows figures: the same by hand in JupyterLab as in a run."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from nianbao.errors import UsageError
from nianbao.paths import Project, find_project


def notebook_folder(shell: Any) -> Path | None:
    """The folder of the notebook that this kernel runs, as far as its editor tells; it need not be the kernel's own."""
    told = shell.user_ns.get("__vsc_ipynb_file__") if shell else None  # VS Code's
    told = told or os.environ.get("JPY_SESSION_NAME")  # Jupyter's server's: the notebook's path
    folder = Path(told).parent if told else None
    return folder if folder and folder.is_absolute() and folder.is_dir() else None


def project_near(start: Path, beside: Path | None) -> Project:
    """The project that holds ``start``, else the one that the notebook lies in; UsageError where there is neither."""
    try:
        return find_project(start)
    except UsageError as error:
        if beside is not None:
            return find_project(beside)
        raise UsageError(
            error.what,
            hint="open the notebook from its place in the project, or say open_section(…, project=…), papermill --cwd",
        ) from error


def work_in(project: Project, beside: Path | None) -> None:
    """Work in the project's folder, as a run does. Modules beside the notebook, and the shared ones, are in reach."""
    folder, root = Path.cwd(), project.root
    if folder.is_relative_to(root) and folder != root:
        sys.path.insert(0, str(folder))
    for place in [beside, project.notebooks]:
        if place and place.is_relative_to(root) and str(place) not in sys.path:
            sys.path.append(str(place))
    os.chdir(root)


def show_figures_as_pictures(shell: Any) -> None:
    """Let a notebook show figures as ``section.figure`` does, once, however it shows them.

    matplotlib's own pictures are PNG, and a figure or its axes at a cell's end would be shown besides.
    """
    formatter = shell.display_formatter.ipython_display_formatter
    formatter.for_type_by_name("matplotlib.artist", "Artist", _show_figure)  # figures, axes, words, lines
    formatter.for_type_by_name("matplotlib.container", "Container", _show_figure)  # bars


def _show_figure(drawn: Any) -> None:
    from nianbao.section.figures import show_figure

    show_figure(drawn)
