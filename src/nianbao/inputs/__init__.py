"""Owns the way from params/ and data/ to values; refuses unknown keys, names file and line.

May import: errors, cells, form, model, paths. Imports no engine.
"""

from nianbao.inputs.files import Files
from nianbao.inputs.load import load, open_lazily
from nianbao.inputs.narrative import BLANK_MARK, Binding, Rendered, references, render

__all__ = ["BLANK_MARK", "Binding", "Files", "Rendered", "load", "open_lazily", "references", "render"]
