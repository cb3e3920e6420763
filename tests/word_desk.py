"""A report open in Word: a narrative with lists, emphasis and references, edits of it, and what becomes of them."""

from __future__ import annotations

import io
from pathlib import Path

import docx
from docx.document import Document as WordDocument
from docx.text.paragraph import Paragraph

from nianbao.model import Options
from nianbao.paths import Project
from nianbao.pipeline.take import Taken, take

PROBLEMS = """## （一）存在的主要问题

主要有三项：

- 检索不便，**重点栏目**层级过深。
- 解读形式单一，全年{{ figures.interpretations }}件多为文字。
- 渠道分散。

公开水平与群众期待还有差距，*需要持续改进*。

## （二）改进情况

1. 整合栏目，由三级减为两级。

   栏目的名称一并统一。
2. 增加图解。

全年收到申请{{ applications.new.total }}件，办结{{ applications.processed.total }}件，比上年{% if year > 2000 %}有变化{% endif %}。

市公报出版{{ figures.gazette }}期。网站发布{{ figures.website }}条。
"""


class Desk:
    """A project of one's own, the report open in Word, and what becomes of it."""

    def __init__(self, project: Project, content: bytes, folder: Path) -> None:
        self.project = project
        self.word: WordDocument = docx.Document(io.BytesIO(content))
        self.folder = folder
        self.options = Options()

    def paragraph(self, words: str) -> Paragraph:
        return next(one for one in self.word.paragraphs if words in one.text)

    def replace(self, old: str, new: str) -> None:
        """Replace words inside whichever run has them."""
        for paragraph in self.word.paragraphs:
            for run in paragraph.runs:
                if old in run.text:
                    run.text = run.text.replace(old, new, 1)
                    return
        raise AssertionError(f"no run has {old}")

    def saved(self) -> Path:
        path = self.folder / "改后.docx"
        self.word.save(str(path))
        return path

    def take(self, *, accept: bool = True, path: Path | None = None) -> Taken:
        key = self.project.key("panzhihua", 2023)
        return take(self.project, key, path or self.saved(), self.options, lambda *_: None, accept=accept)

    def narrative(self, taken: Taken, stem: str = "05_problems") -> str:
        """The text that the narrative would have."""
        name = f"data/panzhihua/2023/narrative/{stem}.md"
        return next(
            (file.after for file in taken.files if file.path == name), (self.project.root / name).read_text("utf-8")
        )
