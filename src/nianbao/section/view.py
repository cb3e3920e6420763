"""What a section notebook works with: one office-year, opened for one section, and what it can show."""

from __future__ import annotations

import datetime
import os
import sys
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nianbao.errors import InputError, UnknownNameError, UsageError
from nianbao.errors.language import Message
from nianbao.form import CellRef, Section, layout
from nianbao.inputs import Files, as_markdown, open_lazily, render
from nianbao.inputs.files import CHANGED
from nianbao.model import Attachment, OfficeYear, Profile, ReportKey
from nianbao.paths import Project
from nianbao.section import display
from nianbao.section.display import Attached, Display
from nianbao.section.frames import figures_frame, table_frame
from nianbao.section.kernel import notebook_folder, project_near, show_figures_as_pictures, work_in

if TYPE_CHECKING:
    import pandas as pd

STYLE_FILE = Path(__file__).with_name("nianbao.mplstyle")

# Which files the sections opened in this process have read; a run asks for it after the last cell.
_OPENED: list[Files] = []


class SectionView:
    """One section of one report: its texts, its table, its numbers, ready to be displayed.

    Every method that shows something returns a value for the last line of a cell; nothing is written.
    """

    def __init__(self, project: Project, key: ReportKey, section: str, profile: str = "") -> None:
        self._files = Files(project)
        _OPENED.append(self._files)
        self.report: OfficeYear = open_lazily(key, self._files)
        self.section: Section = _section(self.report, section)
        self.profile = Profile(profile) if profile else self.report.profile

    def __repr__(self) -> str:
        return f"SectionView({self.report.key}, {self.section.slug})"

    @cached_property
    def previous(self) -> OfficeYear | None:
        """Last year's inputs of the same office, or None."""
        key = self.report.key.previous
        return open_lazily(key, self._files) if key.year in self._files.years(key.office) else None

    @property
    def illustrated(self) -> bool:
        """Whether the profile is the illustrated one, whose reports show charts."""
        return self.profile is Profile.ILLUSTRATED

    def title(self, kind: str = "") -> Display:
        """The title: the office's name, then year and kind of report, or ``kind`` in their place."""
        return display.title(self.report.office.name, kind or self.report.title)

    def notice(self) -> Display | None:
        """The plain notice over a made-up office's report; None for a real one."""
        return display.text(display.FICTIONAL_NOTICE, "notice") if self.report.office.fictional else None

    def preamble(self) -> Display:
        """Legal basis, parts and period of the report, from its parameters."""
        return display.text(display.preamble(self.report.edition, self.report.key.year), "preamble")

    def heading(self) -> Display:
        """The section's heading as the form prints it."""
        return display.heading(self.section.heading, 1, self.section.slug)

    def text(self) -> Display | None:
        """The section's narrative with its references filled in; None where the office wrote none.

        Each line is a paragraph. A reference that leads nowhere is printed as a gap, 【缺：…】; the checks name it with
        file and line, and no final report is made.
        """
        text = self.report.texts.get(self.section.slug)
        if text is None:
            return None
        rendered = render(text, self.report, lambda: self.previous)
        return display.text(as_markdown(rendered.text), "note" if self.section.table else "body")

    def table(self) -> Display:
        """The section's statutory table as the form prints it."""
        table = self.report.edition.table(self._known_table(self._table))
        return display.table(layout(table, self.report.value, self.report.edition.code))

    def _known_table(self, code: str) -> str:
        known = [table.code for table in self.report.edition.tables]
        if code not in known:
            raise UnknownNameError("statutory table", code, known)
        return code

    @property
    def _table(self) -> str:
        return self.section.table or self.section.slug

    def closing(self) -> Display:
        """The office's name and the date under the report; its attachments are listed above, and follow, if any."""
        it = self.report
        attached = [self._attached(each) for each in it.attachments.values()]
        return display.closing(
            it.office.name, display.chinese_date(it.published), sealed=it.sealed, attachments=attached
        )

    def _attached(self, attachment: Attachment) -> Attached:
        title, text = (
            render(each, self.report, lambda: self.previous).text for each in (attachment.title, attachment.text)
        )
        return Attached(attachment.mark, title.strip(), as_markdown(text), attachment.text.source.path)

    def show(self, *items: Display | None) -> None:
        """Display several things from one cell, in this order; what is None is passed over."""
        from IPython.display import display as show

        show(*(item for item in items if item is not None))

    def reports(self, years: int = 5) -> list[OfficeYear]:
        """The inputs of the last ``years`` years for which there are any, the earliest first, this one at the end."""
        key = self.report.key
        known = [year for year in self._files.years(key.office) if key.year - years < year < key.year]
        return [*(open_lazily(ReportKey(key.office, year), self._files) for year in known), self.report]

    def frame(self) -> pd.DataFrame:
        """The section's table as a frame: a row a cell, with year, row, column, labels and value (see ``history``)."""
        return self.history(1)

    def history(self, years: int = 5, table: str = "") -> pd.DataFrame:
        """A statutory table over the last ``years`` years for which there are inputs, this one included.

        Tidy: a row a cell. Columns: year, edition, row, row_label, group, role, column, column_label, value (NaN where
        no number). ``table`` is proactive, applications or review; the section's own by default.
        """
        return table_frame(self.reports(years), self._known_table(table or self._table))

    def figures(self, keys: Sequence[str] = (), years: int = 5) -> pd.DataFrame:
        """The counts of figures.csv over the last ``years`` years, a row a count; all keys by default.

        Columns: year, key, label, value (NaN where no number), unit.
        """
        return figures_frame(self.reports(years), keys)

    def ledger(self) -> pd.DataFrame:
        """The year's requests of the office's register as a frame, a row a request; empty without a register.

        Columns: id, received, channel, applicant_kind, extended, due, answered, days (working days from receipt to
        answer), late_by (working days), result, group, fee (yuan). Names and matters of applicants are not in it.
        """
        from nianbao.inputs.ledger import RequestLedger, load_ledger, look_at
        from nianbao.section.frames import ledger_frame

        key = self.report.key
        register = load_ledger(self._files, key) or RequestLedger("", ())
        return ledger_frame(look_at(register, self.report.edition, key.year, datetime.date(key.year, 12, 31)))

    def units(self, cells: Sequence[str] = ()) -> pd.DataFrame:
        """The units of an area as a frame, a row a unit; empty for an office without a list of units.

        Columns: office, name, counted, state (given, partial, missing), deadline, published, late, and one for each of
        ``cells`` by its name (applications.new.total; NaN where no number). UnknownNameError for a cell that is none.
        """
        from nianbao.inputs.units import handed_in
        from nianbao.section.frames import units_frame

        known = [str(ref) for ref in self.report.edition.cells]
        if unknown := [name for name in cells if name not in known]:
            raise UnknownNameError("cell", unknown[0], known)
        return units_frame(handed_in(self._files, self.report.key), cells)

    def figure(self, figure: Any, caption: str = "", alt: str | None = None) -> Display:
        """A matplotlib figure (or its axes) as a picture for every format, over its caption.

        ``alt`` says in words what the picture shows, for readers who cannot see it; ``describe`` makes it of a frame.
        The figure's words are set in the house's font; nothing else about it changes. UsageError without ``alt``.
        """
        from nianbao.section.figures import figure_picture

        return figure_picture(figure, caption, alt)

    def describe(self, numbers: pd.DataFrame | pd.Series[Any], unit: str) -> str:
        """The numbers of a frame or series in words, for ``figure``'s ``alt``: 2023年：网站4条，微信5条。"""
        from nianbao.section.figures import describe

        return describe(numbers, unit)

    def percent(self, part: float, whole: float) -> str:
        """``part`` of ``whole`` in percent with two decimals, rounded as in the texts: 13.80%."""
        from nianbao.section.figures import percent

        return percent(part, whole)

    def path(self, name: str) -> Path:
        """A file of the project by its name relative to the project: data of your own, which the report then rests on.

        Raises UsageError where the name leads out of the project, InputError where there is no such file.
        """
        root = self._files.project.root
        found = (root / name).resolve()
        if not found.is_relative_to(root.resolve()):
            raise UsageError(Message("{name!r} lies outside the project", name=name), hint="copy it into data/")
        if not found.is_file():
            raise InputError("is missing", where=name, hint="names are relative to the project's folder")
        return root / name

    def read_csv(self, name: str, **options: Any) -> pd.DataFrame:
        """A CSV file of the project, by ``path``, as ``pandas.read_csv`` reads it with these options."""
        import pandas as pd

        frame: pd.DataFrame = pd.read_csv(self.path(name), **options)
        return frame

    def read_excel(self, name: str, **options: Any) -> pd.DataFrame:
        """A sheet of a workbook of the project, by ``path``, as ``pandas.read_excel`` reads it with these options."""
        import pandas as pd

        frame: pd.DataFrame = pd.read_excel(self.path(name), **options)
        return frame

    def value(self, row: str, column: str) -> int | float | str | None:
        """One cell of the section's table by its codes: a number, None for a blank, "NA", or text."""
        return self.report.value(CellRef(self._table, row, column)).json


def open_section(office: str, year: int, section: str, *, profile: str = "", project: str | Path = "") -> SectionView:
    """Open one section of the report of ``office`` for ``year``.

    ``section`` is the section's slug (overview, proactive, applications, review, problems, other). The project is
    the folder, here or above, that holds params/ and notebooks/; where there is none, the one that the notebook lies
    in, as JupyterLab and VS Code tell it. ``profile`` overrides the year's own one.
    A notebook works in the project's folder from then on, and figures get the house's style, whether matplotlib has
    been imported or will be.
    Raises UnknownNameError for an office or section that is not there, InputError for inputs that cannot be read.
    """
    from IPython import get_ipython

    shell = get_ipython()
    beside = None if project else notebook_folder(shell)
    found = project_near(Path(project or "."), beside)
    view = SectionView(found, found.key(office, int(year)), section, profile)
    if view.illustrated or "matplotlib" in sys.modules:
        from nianbao.section.figures import use_house_style

        use_house_style()
    else:
        # matplotlib reads it on import. To import it here would take time, and most sections draw nothing.
        os.environ["MATPLOTLIBRC"] = str(STYLE_FILE)
    if shell is not None:
        show_figures_as_pictures(shell)
        if not project:
            work_in(found, beside)
    return view


def files_read() -> dict[str, str]:
    """The project files that the sections opened in this process have read, with digests: see ``Files.read``."""
    found: dict[str, str] = {}
    for name, digest in (item for files in _OPENED for item in files.read.items()):
        found[name] = digest if found.get(name, digest) == digest else CHANGED
    return dict(sorted(found.items()))


def _section(report: OfficeYear, slug: str) -> Section:
    try:
        return report.edition.section(slug)
    except KeyError:
        raise UnknownNameError("section", slug, [section.slug for section in report.edition.sections]) from None
