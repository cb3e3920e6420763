"""Reports side by side: two years of one office, or several offices in one year, as values and in four formats.

``compare_years`` and ``compare_offices`` read the inputs; ``comparison`` takes sides that are there already. Renderers:
``told`` (text, JSON), ``page`` (HTML), ``workbook`` (XLSX), ``charts`` (matplotlib).
"""

from nianbao.site.comparison.compare import compare_offices, compare_years, comparison
from nianbao.site.comparison.values import Comparison

__all__ = ["Comparison", "compare_offices", "compare_years", "comparison"]
