import dataclasses

import pytest

from nianbao.export.blocks import Heading, Paragraph, Run


def test_the_text_of_a_paragraph_is_that_of_its_runs():
    assert Paragraph((Run("共"), Run("27", bold=True), Run("件"))).text == "共27件"


def test_blocks_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(Heading(1, "一"), "level", 2)  # noqa: B010 - an assignment would not pass the type checker
