"""Reports side by side: two years of one office, or several offices in one year, as values and in four formats.

``compare.compare_years`` and ``compare.compare_offices`` read the inputs; ``compare.comparison`` takes sides that are
there already; ``history`` puts a portal's reports of one office side by side. Renderers: ``told`` (text, JSON),
``page`` (HTML), ``workbook`` (XLSX), ``multiples`` (pictures of the years).
"""
