"""The units of an area: their list, what is adjusted, and the sums of their figures."""

from nianbao.inputs.units.adjustments import Adjustment, load_adjustments
from nianbao.inputs.units.handed_in import HandedIn, UnitState, dates_of, figures_of, handed_in, has_figures
from nianbao.inputs.units.listing import Unit, UnitList, area_key, list_file, list_problems, load_units, tree_issues
from nianbao.inputs.units.rollup import (
    CellSum,
    Level,
    Rollup,
    Share,
    is_same,
    leaves,
    roll_up,
    unit_files,
)

__all__ = [
    "Adjustment",
    "CellSum",
    "HandedIn",
    "Level",
    "Rollup",
    "Share",
    "Unit",
    "UnitList",
    "UnitState",
    "area_key",
    "dates_of",
    "figures_of",
    "handed_in",
    "has_figures",
    "is_same",
    "leaves",
    "list_file",
    "list_problems",
    "load_adjustments",
    "load_units",
    "roll_up",
    "tree_issues",
    "unit_files",
]
