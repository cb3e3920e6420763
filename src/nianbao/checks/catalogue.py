"""The catalogue of rules: id, severity, words in both languages, what each is for and where it comes from.

docs/rules.md is generated from here; every finding's rule stands in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from nianbao.errors import UnknownNameError
from nianbao.model import Severity


class Group(StrEnum):
    """What a rule looks at; the order in which docs/rules.md lists them."""

    INPUTS = "Inputs and cells"
    TABLES = "Within a table"
    YEARS = "Across years"
    TEXT = "Text against tables"
    WORDS = "Words and form"
    REGISTER = "Register of requests"
    UNITS = "Areas and their units"
    VERDICTS = "Verdicts and suites"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its id, what a breach weighs, its title for clerks and engineers, its purpose and its source."""

    id: str
    group: Group
    severity: Severity
    title: str
    title_en: str
    purpose: str
    source: str


_ERROR, _WARNING, _NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
_FORM = "the printed form"
_REGULATION_50 = "国务院令第711号, article 50"
_CUSTOM = "custom of published reports"

# A line or two a rule read better than seven.
# fmt: off
_INPUTS = (
    ("INPUT", _ERROR, "资料无法读取", "Inputs cannot be read",
     "One broken file must not hide the others.", "design"),
    ("INPUT-STRAY", _ERROR, "有文件没有被读取", "A file that nothing reads",
     "Words under a wrong name must not be lost in silence.", "design"),
    ("INPUT-TAKEN", _NOTE, "不规范的写法已按惯例处理", "An unusual way of writing was understood",
     "What was taken for something else is said.", "design"),
    ("CELL-MISSING", _ERROR, "单元格空白", "A cell is blank",
     "A blank is never taken for a zero.", _FORM),
    ("CELL-NEGATIVE", _ERROR, "出现负数", "A count is negative",
     "Only 增/减 of the 2019 edition has a sign.", _FORM),
    ("CELL-WHOLE", _ERROR, "件数不是整数", "A count is not whole",
     "Money aside, the form counts things.", _FORM),
    ("CELL-TEXT", _ERROR, "应填数字处为文字", "Text where a number is due",
     "Text cannot be summed.", _FORM),
    ("CELL-RANGE", _ERROR, "数字过大", "A number is beyond all counts",
     "Digits have run together.", _FORM),
    ("CELL-NA", _ERROR, "应填数字处写“不适用”", "Not applicable where a number is due",
     "Tables 3 and 4 apply to every office: nothing received is 0.", _FORM),
    ("TABLE-SHAPE", _ERROR, "行列数不符", "Wrong number of rows or columns",
     "A shifted cell falsifies a row.", _FORM),
    ("TABLE-CODE", _ERROR, "行列代码不识别", "Unknown row or column code",
     "What is not known is not counted.", "form"),
    ("TABLE-DUPLICATE", _ERROR, "行或单元格重复", "A row or cell is given twice",
     "Only one can be right.", "form"),
    ("TABLE-LABEL", _WARNING, "行名与代码不符", "The label does not belong to its code",
     "Values may stand in the wrong row.", "form"),
    ("INGEST-GAP", _WARNING, "已发布报告中有未能读取的内容", "Something in a published report could not be read",
     "A cell that is cut, glued or a picture is named, never guessed.", _CUSTOM),
)
_TABLES = (
    ("T3-BALANCE", _ERROR, "新收＋结转≠办理＋结转下年", "Intake does not equal outcome",
     "First plus second item equal third plus fourth, in each column.", "the note in the head of table 3"),
    ("T3-RESULTS", _ERROR, "各项办理结果之和≠总计", "Results do not sum to the row 总计",
     "Every application has exactly one result, in each column.", "row （七）总计 of table 3"),
    ("T3-TOTAL", _ERROR, "各类申请人之和≠总计", "Applicants do not sum to the column 总计",
     "Every applicant is of exactly one kind, in each row.", "column 总计 of table 3"),
    ("T4-TOTAL", _ERROR, "复议诉讼各结果之和≠总计", "Review results do not sum to 总计",
     "Every case has exactly one state, in each group.", "columns 总计 of table 4"),
    ("T2-IN-FORCE", _WARNING, "本年有制发而现行有效为0", "Documents made, none in force",
     "What was made this year is in force unless it was repealed.", "the meaning of table 2's columns"),
    ("T4-DIRECT", _NOTE, "2024年起公开争议应先申请复议", "Lawsuits without review, where review comes first",
     "Since 2024 a dispute on disclosure goes to review before a court.",
     "行政复议法 (2023), article 23, in force on 1 January 2024"),
    ("T2-AUTHORITY", _ERROR, "无规章制定权的单位填报规章", "规章 reported by an office that cannot make them",
     "Only a province or a city with districts makes 规章.", "立法法, on local government rules"),
)
_YEARS = (
    ("T3-CARRY", _ERROR, "上年结转与上年报告不符", "Carried in differs from last year's carried out",
     "What last year handed on is what this year took over, in each column.", "rows 二 and 四 of table 3"),
    ("T2-STOCK", _WARNING, "现行有效与上年、制发、废止不符", "Stock does not follow from last year's",
     "Last year's stock plus made minus repealed; a note under the table silences it.", "the meaning of table 2"),
    ("T4-PENDING", _WARNING, "上年未审结案件去向不明", "Last year's pending cases are not accounted for",
     "A case pending last year is decided or still pending this year.", "column 尚未审结 of table 4"),
    ("YEARS-SAME", _WARNING, "数据与上年几乎相同", "Nearly all figures are last year's",
     "Figures that stay the same year after year were copied.", "press on reports with the same data for three years"),
    ("JUMP", _NOTE, "与上年相比变动过大", "A fivefold jump or a drop to under a fifth",
     "Large moves are right at times, and typing errors at others.", _CUSTOM),
)
_TEXT = (
    ("TEXT-REFERENCE", _ERROR, "引用无法解析", "A reference leads nowhere",
     "A report cannot print a hole.", "design"),
    ("TEXT-MARKUP", _ERROR, "文字中残留标记或图片", "Markup or a picture is left in the words",
     "It would be printed as typed, or lost.", "design"),
    ("TEXT-CHARACTER", _ERROR, "有不能印出的字符", "A character that cannot be printed",
     "Control characters and signs that no font has stop the exporters.", "design"),
    ("TEXT-BLANK", _ERROR, "文字尚待填写", "A placeholder was left standing",
     "It would be printed, as would a last sentence that breaks off.", "design"),
    ("TEXT-UNBOUND", _NOTE, "手工填写的数字", "A number typed by hand",
     "Typed numbers go stale.", "design"),
    ("TEXT-FIGURE", _ERROR, "文字与表格数字不一致", "The text contradicts a table",
     "The text states a count that a cell holds.", _REGULATION_50),
    ("TEXT-NONE", _ERROR, "文字称“没有”而表格有数", "The text says none, the table says some",
     "未发生, 无 and 未收到 state zero.", _REGULATION_50),
    ("TEXT-DONE", _ERROR, "文字称全部办结而表格有结转", "The text says all done, the table carries some over",
     "全部办结 and a rate of 100% leave nothing to carry over.", _REGULATION_50),
    ("TEXT-SUM", _ERROR, "句中分项之和不符", "The parts in a sentence do not sum to its whole",
     "Parts given after 其中 or beside their total sum to it; differences and averages follow from the counts.",
     "arithmetic"),
    ("TEXT-PERCENT", _ERROR, "百分比计算不符", "A percentage does not follow from its counts",
     "A rate stated beside its counts can be recomputed.", "arithmetic"),
    ("TEXT-TWICE", _WARNING, "同一事项前后数字不一", "The same matter is stated with two numbers",
     "The same matter in the same measure has one number in a report, whatever the words.",
     "notices that send reports back for slips (粤办函〔2010〕249号)"),
    ("TEXT-FEE", _ERROR, "信息处理费表述不一致", "Statements on the information-processing fee differ",
     "Section 6 and figures.csv must state the same fee.", "国办函〔2020〕109号"),
)
_WORDS = (
    ("WORDS-SECTIONS", _ERROR, "六个部分缺失或顺序不对", "A section is missing or out of order",
     "The form has six sections in a fixed order.", _FORM),
    ("WORDS-PARTS", _WARNING, "总体情况缺少惯例部分", "Section 1 lacks a customary part",
     "Readers look for the five customary parts.", _CUSTOM),
    ("WORDS-YEAR", _WARNING, "文中年份可疑", "A year that is neither this one nor last year",
     "A year left from an older report shows that text was copied.", _CUSTOM),
    ("WORDS-PERIOD", _ERROR, "统计期限不是全年", "The period is not the whole year",
     "Figures cover 1 January to 31 December of the year.", _REGULATION_50),
    ("WORDS-DATE", _WARNING, "日期不存在", "A date that is in no calendar",
     "A date must exist: there is no 30 February, no 31 April and no 13th month.", "the calendar"),
    ("WORDS-ANNOUNCED", _WARNING, "所称部分数与格式或所列不符", "The announced number of parts is wrong",
     "The form has six parts; a preamble that says so lists them.", _FORM),
    ("WORDS-NAMES", _WARNING, "出现其他地区或单位的名称", "Another place's or unit's name",
     "A name left from elsewhere shows that the text was copied.", "press on reports that name another city"),
    ("WORDS-LENGTH", _NOTE, "总体情况超过字数", "Section 1 is too long",
     "Local notices ask for a thousand characters at most (overview_limit).",
     "local notices on making the report; DB51/T 2660—2019"),
    ("WORDS-COUNTS", _NOTE, "总体情况缺少要求的数量", "Section 1 lacks prescribed counts",
     "Counts that a local notice prescribes (counts) stand in section 1.",
     "local notices on making the report; DB51/T 2660—2019"),
    ("WORDS-OUTLINE", _WARNING, "序号不连续", "Outline numbers skip or repeat",
     "After 一是 comes 二是, and as many come as are announced.", _CUSTOM),
    ("WORDS-DOUBLED", _WARNING, "重复的字词或标点", "Doubled words or marks",
     "Typing slips are named when reports are sent back.", "粤办函〔2010〕249号"),
    ("WORDS-MARKS", _NOTE, "中文里的半角标点", "Half-width marks in Chinese text",
     "Chinese text has full-width marks.", "GB/T 15834—2011"),
    ("WORDS-SUBJECT", _WARNING, "没有具体主语", "Words that name nobody",
     "An office reports on itself: 部分地区 and 多数部门 are words of generated text.", _CUSTOM),
    ("WORDS-PERSONAL", _ERROR, "文字含个人信息", "Personal data in the words",
     "Identity numbers, and telephone numbers or addresses beside names, are never published.",
     "个人信息保护法; 国务院令第711号, article 15"),
    ("WORDS-FORM", _WARNING, "留有格式的说明文字", "Instructions of the form were left in",
     "Notes for whoever fills in the form are no part of the report.", _FORM),
    ("WORDS-ALIKE", _WARNING, "文字与其他单位雷同", "The text is much like another office's",
     "Scorings take points off for texts alike: half of an office's own words, clause by clause, are another's.",
     "local scoring of annual reports"),
    ("WORDS-EDITION", _ERROR, "表格版本与年度不符", "The form's edition is not the year's",
     "Each year has its edition of the form.", "国办公开办函〔2021〕30号"),
    ("WORDS-NOTICE", _WARNING, "引用的文件、法规有误", "A notice or law is cited wrongly",
     "The legal basis is that of the year, by its right name and number; its terms are the law's.",
     "国办公开办函〔2021〕30号; 国务院令第711号, articles 30 to 33"),
    ("WORDS-PROBLEMS", _ERROR, "存在的问题部分为空", "Section 5 is empty or says 无",
     "Problems and improvements are content that the law asks for.", _REGULATION_50),
    ("WORDS-FEE", _WARNING, "缺少收费情况说明", "The fee statement is missing",
     "Section 6 states the year's information-processing fee, be it none.", "国办函〔2020〕109号"),
    ("WORDS-SIMILAR", _WARNING, "文字与上年雷同", "The text is much like last year's",
     "Copied reports are named in public; 80% is where reviewers look.", _CUSTOM),
    ("WORDS-DEADLINE", _WARNING, "公布日期不在期限内", "Published outside the time the law sets",
     "By 31 January; a government's report on its area by 31 March.", "国务院令第711号, article 49"),
)
_PERIODS = "国务院令第711号, articles 30 to 34"
_REGISTER = (
    ("LEDGER-TABLE", _ERROR, "台账与表三、表四不符", "A table is not what the register of requests yields",
     "Each cell is the number of its cases; the finding names them.", "data/<office>/<year>/ledger.xlsx"),
    ("LEDGER-CELL", _ERROR, "台账中有不能读取的单元格", "A cell of the register cannot be taken",
     "What cannot be read is not counted.", "data/<office>/<year>/ledger.xlsx"),
    ("LEDGER-PRIVACY", _ERROR, "台账含身份证号或手机号", "An identity or telephone number in the register",
     "A pseudonym for each applicant suffices.", "个人信息保护法"),
    ("LEDGER-DUPLICATE", _ERROR, "台账编号重复", "An id stands twice in the register",
     "Each request is counted once.", "data/<office>/<year>/ledger.xlsx"),
    ("LEDGER-ORDER", _ERROR, "台账日期先后有误", "Dates of the register are in an impossible order",
     "Nothing is answered before it was received.", _PERIODS),
    ("LEDGER-RESULT", _ERROR, "台账办理结果有误", "A result is missing, unknown or of another edition",
     "Each answered request has exactly one result of table 3.", _FORM),
    ("LEDGER-LATE", _WARNING, "答复逾期", "A request was answered late, or is overdue",
     "20 working days, 20 more if extended; time with others and for corrections does not count.", _PERIODS),
    ("LEDGER-EXTENSION", _WARNING, "延期告知过晚", "An extension was told after the period had ended",
     "The applicant is told within the first 20 working days.", _PERIODS),
    ("LEDGER-CORRECTION", _WARNING, "补正告知过晚", "A correction was asked for too late",
     "Once, within 7 working days of receipt.", _PERIODS),
    ("LEDGER-FEE", _WARNING, "收费与标准不符", "A fee is not by the tariff",
     "By item for each applicant and month, or by page; never both.", "国办函〔2020〕109号"),
    ("LEDGER-FIGURE", _ERROR, "信息处理费与台账不符", "The fees stated are not the register's",
     "figures.csv and section 6 state what was charged.", "data/<office>/<year>/ledger.xlsx"),
)
_UNITS = (
    ("ROLLUP-SUM", _ERROR, "汇总数与各单位之和不符", "An area's figure is not the sum of its units'",
     "A plain sum, with the adjustments that are written down; not assessable while a unit is missing.",
     "国办发〔2014〕32号"),
    ("ROLLUP-MISSING", _WARNING, "有单位未报送", "A unit has handed nothing in",
     "Missing is never zero: the sum of the rest is not the area's figure.", "国办发〔2014〕32号"),
    ("ROLLUP-LIST", _WARNING, "单位名单变动影响上下年衔接", "The list of units changed since last year",
     "What is carried over and what is in force then follow for the units that stayed, not for the sum.",
     "国办发〔2014〕32号"),
    ("ROLLUP-ADJUSTED", _NOTE, "汇总数经过调整", "A sum was adjusted",
     "Cases of co-defendants and joint documents are counted twice: an adjustment says so, with a reason.",
     "params/<area>/adjustments-<year>.csv"),
)
_VERDICTS = (
    ("SUITE", _ERROR, "本单位自定规则未通过", "The office's own suite found a breach",
     "An office adds rules of its own in expectations/<office>/.", "expectations/<office>/*.json"),
    ("WAIVER-EXPIRED", _WARNING, "豁免已过期", "A waiver has expired",
     "A verdict holds until its date; the report's date decides.", "params/<office>/waivers.yaml"),
    ("WAIVER-UNUSED", _WARNING, "豁免没有对应的问题", "A waiver waives nothing",
     "What is mended needs no waiver any more.", "params/<office>/waivers.yaml"),
)
# fmt: on

RULES: dict[str, Rule] = {
    entry[0]: Rule(entry[0], group, *entry[1:])
    for group, entries in zip(
        Group, (_INPUTS, _TABLES, _YEARS, _TEXT, _WORDS, _REGISTER, _UNITS, _VERDICTS), strict=True
    )
    for entry in entries
}


def rule(rule_id: str) -> Rule:
    """The rule of that id; UnknownNameError lists the known ones."""
    if rule_id not in RULES:
        raise UnknownNameError("rule", rule_id, RULES)
    return RULES[rule_id]
