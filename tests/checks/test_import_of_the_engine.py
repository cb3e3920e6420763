"""Great Expectations imported by us is the same as imported by anyone: its models, field by field."""

from __future__ import annotations

import copy
import subprocess
import sys

import pytest
from pydantic.v1 import BaseModel, Field
from pydantic.v1.fields import FieldInfo, ModelField

from nianbao.checks.gx.copying import plain_copies

# Prints how many models there are, and a digest of all that is known of their fields.
MODELS = """
import hashlib, json, re, warnings
warnings.simplefilter("ignore")
{imported}
from pydantic.v1 import BaseModel

def fields(model):
    return {{
        name: [
            repr(field), repr(field.field_info), repr(field.annotation), repr(field.type_), repr(field.outer_type_),
            field.required, field.allow_none, field.alias, sorted(field.class_validators or ()),
            [repr(part) for part in field.sub_fields or ()], field.model_config.__qualname__,
            [getattr(check, "__qualname__", repr(check)) for check in field.validators or ()],
        ]
        for name, field in model.__fields__.items()
    }}

models = [BaseModel]
for model in models:
    models += (heir for heir in model.__subclasses__() if heir not in models)
found = sorted(
    (model.__module__, model.__qualname__, json.dumps(fields(model)))
    for model in models
    if model.__module__.startswith("great_expectations")
)
text = re.sub("0x[0-9a-f]+", "", repr(found))
print(len(found), hashlib.sha256(text.encode()).hexdigest())
"""


def models(imported: str) -> str:
    source = MODELS.format(imported=imported)
    return subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True).stdout


def test_its_models_are_the_same() -> None:
    theirs = models("import great_expectations")
    assert int(theirs.split()[0]) > 200
    assert models("from nianbao.checks.gx.engine import Engine; Engine()") == theirs


def test_a_copy_is_as_deep_as_python_makes_it_and_the_way_is_gone_afterwards() -> None:
    class Model(BaseModel):
        names: list[str] = Field(default=["甲"], description="名", extra_key=[1])

    original = Model.__fields__["names"]
    with plain_copies():
        ours = copy.deepcopy(original)
    theirs = copy.deepcopy(original)
    assert not hasattr(ModelField, "__deepcopy__")
    assert not hasattr(FieldInfo, "__deepcopy__")
    assert repr(ours) == repr(theirs) == repr(original)
    for twin in (ours, theirs):
        assert twin is not original
        assert twin.field_info is not original.field_info
        assert twin.field_info.extra == {"extra_key": [1]}
        assert twin.field_info.extra["extra_key"] is not original.field_info.extra["extra_key"]
        assert twin.default == ["甲"]
        assert twin.default is not original.default
        assert twin.type_ is str


def test_it_is_imported_all_the_same_where_fields_are_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pydantic.v1.fields", None)
    with plain_copies():
        pass
    assert not hasattr(ModelField, "__deepcopy__")
