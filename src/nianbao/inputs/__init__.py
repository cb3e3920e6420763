"""Read params/ and data/ into values, with an issue (file, line, what to do) for whatever is wrong.

Imports no engine.
"""

from nianbao.inputs.figures import COUNTING_UNITS
from nianbao.inputs.files import Files
from nianbao.inputs.load import load, open_lazily
from nianbao.inputs.narrative import BLANK_MARK, Binding, Piece, Rendered, references, render
from nianbao.inputs.prose import as_markdown, markdown_lines

__all__ = [
    "BLANK_MARK",
    "COUNTING_UNITS",
    "Binding",
    "Files",
    "Piece",
    "Rendered",
    "as_markdown",
    "load",
    "markdown_lines",
    "open_lazily",
    "references",
    "render",
]
