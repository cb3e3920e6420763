"""Owns the compiled schema of notebooks: nbformat would compile it anew in each process, for a tenth of a second.

May import: kept_code, put_off.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any

import fastjsonschema  # nbformat's
import nbformat
from nbformat.v4 import new_notebook

from nianbao import kept_code
from nianbao.put_off import replaced

Validate = Callable[[Any], Any]


@cache
def compile_schema() -> None:
    """Have nbformat know the schema of notebooks, before it reads the first."""
    with replaced(fastjsonschema, "compile", kept):
        nbformat.validate(new_notebook())


def kept(compile_anew: Callable[..., Validate]) -> Callable[..., Validate]:
    """What compiles as ``compile_anew`` of fastjsonschema does, but once for each version of schema and package.

    Any option, and a schema that names itself, is for ``compile_anew``: nbformat's is compiled without.
    """

    def compile_once(schema: dict[str, Any], **options: Any) -> Validate:
        if options or {"id", "$id"} & schema.keys():
            return compile_anew(schema, **options)
        made_of = f"fastjsonschema {fastjsonschema.VERSION}\n{json.dumps(schema)}"
        code = kept_code.recall("schema", made_of)
        if code is None:
            code = compile(fastjsonschema.compile_to_code(schema), "<schema of notebooks>", "exec")
            kept_code.keep("schema", made_of, code)
        names: dict[str, Any] = {}
        exec(code, names)  # noqa: S102 -- as fastjsonschema does itself
        validate: Validate = names["validate"]
        return validate

    return compile_once
