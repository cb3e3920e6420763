"""Our expectation: on every line, the sum of some columns equals the sum of others; its metric and its prose.

Imported with Great Expectations, which takes seconds: import this module inside functions.
"""

from __future__ import annotations

from typing import Any, ClassVar

from great_expectations.compatibility import pydantic
from great_expectations.execution_engine.pandas_execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation import MulticolumnMapExpectation
from great_expectations.expectations.metrics.map_metric_provider.multicolumn_condition_partial import (
    multicolumn_condition_partial,
)
from great_expectations.expectations.metrics.map_metric_provider.multicolumn_map_metric_provider import (
    MulticolumnMapMetricProvider,
)
from great_expectations.render.components import LegacyRendererType, RenderedStringTemplateContent
from great_expectations.render.renderer.renderer import renderer

# Counts are whole and fit a float exactly; only cells that are findings already have fractions.
_TOLERANCE = 1e-6


def signed(name: str) -> tuple[str, int]:
    """A summand's column and its sign: ``-repealed`` is subtracted."""
    return (name[1:], -1) if name.startswith("-") else (name, 1)


class LineBalances(MulticolumnMapMetricProvider):
    """The metric: whether the signed sums of two lists of columns agree, line by line."""

    condition_metric_name = "nianbao.line.balances"
    condition_value_keys = ("left", "right")

    @multicolumn_condition_partial(engine=PandasExecutionEngine)  # type: ignore[untyped-decorator]
    def _pandas(cls, column_list: Any, **kwargs: Any) -> Any:  # noqa: N805 -- the engine binds the class
        difference = 0.0
        for names, side in ((kwargs["left"], 1), (kwargs["right"], -1)):
            for name in names:
                column, sign = signed(name)
                difference = difference + side * sign * column_list[column]
        return abs(difference) < _TOLERANCE


class ExpectLineToBalance(MulticolumnMapExpectation):
    """Expect the sum of the columns ``left`` to equal the sum of the columns ``right`` on every line.

    A column written ``-name`` is subtracted. A line with a missing value is left out: it is reported as not
    assessable, never as a pass. ``rule`` is the id of the rule in docs/rules.md.
    """

    left: list[str] = pydantic.Field(description="columns whose sum is the left side")
    right: list[str] = pydantic.Field(description="columns whose sum is the right side")
    rule: str = pydantic.Field(default="SUITE", description="the rule's id in docs/rules.md")

    map_metric: ClassVar[str] = "nianbao.line.balances"
    success_keys: ClassVar[tuple[str, ...]] = ("mostly", "left", "right")
    args_keys: ClassVar[tuple[str, ...]] = ("column_list", "left", "right", "rule")

    @pydantic.root_validator(skip_on_failure=True)
    def _columns_agree(cls, values: dict[str, Any]) -> dict[str, Any]:  # noqa: N805 -- pydantic binds the class
        named = {signed(name)[0] for name in (*values["left"], *values["right"])}
        if not values["left"] or not values["right"] or named != set(values["column_list"]):
            raise ValueError("column_list must name exactly the columns of left and right, and neither may be empty")
        return values

    @classmethod
    @renderer(renderer_type=LegacyRendererType.PRESCRIPTIVE)
    def sentence(
        cls,
        configuration: Any = None,
        result: Any = None,
        runtime_configuration: Any = None,
        **_: Any,
    ) -> list[Any]:
        """The rule as a sentence, for Data Docs."""
        found = configuration or result.expectation_config
        kwargs, meta = found.kwargs, found.meta or {}
        words = {
            "rule": kwargs.get("rule", "SUITE"),
            "left": _sum(kwargs["left"], meta.get("names", {})),
            "right": _sum(kwargs["right"], meta.get("names", {})),
            "title": meta.get("title", ""),
        }
        styling = (runtime_configuration or {}).get("styling")
        template = {"template": "$rule $title: $left = $right", "params": words, "styling": styling}
        return [RenderedStringTemplateContent(content_block_type="string_template", string_template=template)]


def _sum(columns: list[str], names: dict[str, str]) -> str:
    parts: list[str] = []
    for entry in columns:
        column, sign = signed(entry)
        parts.append(("− " if sign < 0 else "+ " if parts else "") + names.get(column, column))
    return " ".join(parts)
