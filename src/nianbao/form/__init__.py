"""The statutory form: both editions with sections, tables, rows, columns, labels and balance rules.

Frozen data; no I/O. Whatever shows, checks, reads or writes a table derives from here.
"""

from nianbao.form.declaration import (
    Axis,
    Balance,
    Block,
    CellRef,
    Column,
    Edition,
    Row,
    RowRole,
    Section,
    Shape,
    Table,
    Term,
)
from nianbao.form.editions import (
    EDITIONS,
    FIRST_YEAR,
    OVERVIEW_PARTS,
    SECTIONS,
    TABLE_NAMES,
    edition_for,
    known_cells,
    place_name,
    row_name,
)
from nianbao.form.grid import TABLE_MIME, Grid, GridCell, GridRow, plain_grid
from nianbao.form.layout import layout

__all__ = [
    "EDITIONS",
    "FIRST_YEAR",
    "OVERVIEW_PARTS",
    "SECTIONS",
    "TABLE_MIME",
    "TABLE_NAMES",
    "Axis",
    "Balance",
    "Block",
    "CellRef",
    "Column",
    "Edition",
    "Grid",
    "GridCell",
    "GridRow",
    "Row",
    "RowRole",
    "Section",
    "Shape",
    "Table",
    "Term",
    "edition_for",
    "known_cells",
    "layout",
    "place_name",
    "plain_grid",
    "row_name",
]
