"""What a section notebook imports: open an office-year, show its texts, tables and figures."""

from nianbao.form import plain_grid
from nianbao.section.display import Display, heading, picture, table, text
from nianbao.section.view import SectionView, files_read, open_section

__all__ = [
    "Display",
    "SectionView",
    "files_read",
    "heading",
    "open_section",
    "picture",
    "plain_grid",
    "table",
    "text",
]
