"""Signs that a text was taken from elsewhere: likeness to last year's text, names of other places.

rapidfuzz is imported where it is needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from nianbao.checks.finding_log import Facts, FindingLog
from nianbao.checks.subject import Subject
from nianbao.checks.text.names import OF_A_KIND, own_names
from nianbao.checks.text.sentences import LONGEST_TEXT, Sentence
from nianbao.checks.text.text_log import TextLog, section_name
from nianbao.model import FindingState, Office, OfficeKind, OfficeYear

# Reviewers of annual reports call a text copied from about here.
THRESHOLD = 80
# Shorter texts (没有其他需要报告的事项) are alike from year to year with good reason.
_SHORTEST = 80
# Headings, references, numbers, spaces and signs say nothing about whether the words were written anew.
_NO_WORDS = re.compile(r"(?m:^[ \t]{0,8}#[^\n]*)|\{\{[^{}]{0,300}\}\}|\{%[^{}]{0,300}%\}|[\d\s\W_]+")
# What section 6 says on the fee is laid down and the same every year.
_FIXED = re.compile(r"信息处理费|收费通知|收费情况|(?:没有|无)其[他它](?:需要)?报告的?事项")
# Longer texts are compared by their beginning: the distance costs the square of the length.
_LONGEST = 20_000


def check_similarity(subject: Subject, log: FindingLog) -> None:
    """WORDS-SIMILAR for each section that is long enough, and for all of them together."""
    if subject.previous is None:
        words = (
            f"没有{subject.key.year - 1}年的文字，无法比较",
            f"there are no texts of {subject.key.year - 1} to compare with",
        )
        log.add("WORDS-SIMILAR", subject.key, FindingState.NOT_ASSESSABLE, words)
        return
    from rapidfuzz.fuzz import ratio

    now, last = _words(subject.report), _words(subject.previous)
    pairs = [(slug, now[slug], last[slug]) for slug in now if slug in last]
    if len(pairs) > 1:
        pairs.append(("", "".join(pair[1] for pair in pairs), "".join(pair[2] for pair in pairs)))
    for slug, this, other in pairs:
        if min(len(this), len(other)) < _SHORTEST:
            continue
        likeness = ratio(this[:_LONGEST], other[:_LONGEST], score_cutoff=THRESHOLD)
        if likeness < THRESHOLD:
            log.passed("WORDS-SIMILAR", subject.key)
            continue
        name = section_name(slug) if slug else "全文"
        words = (
            f"{name}文字与{subject.key.year - 1}年相似度{likeness:.0f}%（达到{THRESHOLD}%即提示），请改写",
            f"{slug or 'the whole text'} is {likeness:.0f}% like that of {subject.key.year - 1}",
        )
        source = subject.report.texts[slug].source if slug else None
        facts = Facts(expected=f"<{THRESHOLD}%", actual=f"{likeness:.0f}%", scope=slug or "all", source=source)
        log.breach("WORDS-SIMILAR", subject.key, words, facts)


def _words(report: OfficeYear) -> dict[str, str]:
    return {slug: _NO_WORDS.sub("", _free(text.template[:LONGEST_TEXT])) for slug, text in report.texts.items()}


def _free(text: str) -> str:
    """The sentences of the text that are not laid down."""
    return "。".join(sentence for sentence in text.split("。") if not _FIXED.search(sentence))


# Cities of prefecture level (民政部, 行政区划), two characters each unless set apart.
_CITIES = """
石家庄 唐山 秦皇岛 邯郸 邢台 保定 张家口 承德 沧州 廊坊 衡水 太原 大同 阳泉 长治 晋城 朔州
晋中 运城 忻州 临汾 吕梁 呼和浩特 包头 乌海 赤峰 通辽 鄂尔多斯 呼伦贝尔 巴彦淖尔 乌兰察布 沈阳
大连 鞍山 抚顺 本溪 丹东 锦州 营口 阜新 辽阳 盘锦 铁岭 葫芦岛 长春 四平 辽源 通化 白山 松原
白城 哈尔滨 齐齐哈尔 鸡西 鹤岗 双鸭山 大庆 伊春 佳木斯 七台河 牡丹江 黑河 绥化 南京 无锡 徐州
常州 苏州 南通 连云港 淮安 盐城 扬州 镇江 泰州 宿迁 杭州 宁波 温州 嘉兴 湖州 绍兴 金华 衢州
舟山 台州 丽水 合肥 芜湖 蚌埠 淮南 马鞍山 淮北 铜陵 安庆 黄山 滁州 阜阳 宿州 六安 亳州 池州
宣城 福州 厦门 莆田 三明 泉州 漳州 南平 龙岩 宁德 南昌 景德镇 萍乡 九江 新余 鹰潭 赣州 吉安
宜春 抚州 上饶 济南 青岛 淄博 枣庄 东营 烟台 潍坊 济宁 泰安 威海 日照 临沂 德州 聊城 滨州
菏泽 郑州 开封 洛阳 平顶山 安阳 鹤壁 新乡 焦作 濮阳 许昌 漯河 三门峡 南阳 商丘 信阳 周口
驻马店 武汉 黄石 十堰 宜昌 襄阳 鄂州 荆门 孝感 荆州 黄冈 咸宁 随州 长沙 株洲 湘潭 衡阳 邵阳
岳阳 常德 张家界 益阳 郴州 永州 怀化 娄底 广州 韶关 深圳 珠海 汕头 佛山 江门 湛江 茂名 肇庆
惠州 梅州 汕尾 河源 阳江 清远 东莞 中山 潮州 揭阳 云浮 南宁 柳州 桂林 梧州 北海 防城港 钦州
贵港 玉林 百色 贺州 河池 来宾 崇左 海口 三亚 儋州 成都 自贡 攀枝花 泸州 德阳 绵阳 广元 遂宁
内江 乐山 南充 眉山 宜宾 广安 达州 雅安 巴中 资阳 贵阳 六盘水 遵义 安顺 毕节 铜仁 昆明 曲靖
玉溪 保山 昭通 丽江 普洱 临沧 拉萨 日喀则 西安 铜川 宝鸡 咸阳 渭南 延安 汉中 榆林 安康 商洛
兰州 嘉峪关 金昌 白银 天水 武威 张掖 平凉 酒泉 庆阳 定西 陇南 西宁 海东 银川 石嘴山 吴忠
固原 中卫 乌鲁木齐 克拉玛依 吐鲁番 哈密
""".split()  # noqa: SIM905 -- a list of three hundred lines helps nobody
_CITY = re.compile(rf"(?P<city>{'|'.join(_CITIES)})市?(?:人民)?(?:政府|市委|门户网站|政务公开办|政府网)")
# The words by which an office speaks of itself, and what its name must then hold.
_SELF = {
    "局": re.compile(r"(?<![一-鿿])[我本]局|[，。；：]我局"),
    "委": re.compile(r"(?<![一-鿿])我委|[，。；：]我委"),
    "厅": re.compile(r"(?<![一-鿿])我厅|[，。；：]我厅"),
    "镇": re.compile(r"(?<![一-鿿])[我本]镇|[，。；：]我镇"),
    "乡": re.compile(r"(?<![一-鿿])[我本]乡|[，。；：]我乡"),
    "街道": re.compile(r"(?<![一-鿿])我街道|[，。；：]我街道"),
    "县": re.compile(r"(?<![一-鿿])我县|[，。；：]我县"),
}
# What a report begins its first sentences with: the office, then what it has done.
_DOES = (
    r"(?=认真|严格|高度重视|持续|深入|坚持|扎实|积极|始终|按照|切实|全面|"
    r"成立(?=[^，。；]{0,16}(?:领导小组|工作专班))|将(?!军|台|乐)|进一步|不断|着力|大力|充分|紧紧|围绕|聚焦|立足|紧扣|突出)"
)
_SUBJECT = re.compile(
    r"(?:^|[，。；：])(?:20\d\d年度?，?|本年度?，?|全年，?)?"
    rf"(?P<name>[一-鿿]{{2,16}}?(?:局|厅|委员会|街道办事处|镇|乡|人民政府))"
    rf"(?:(?<=[镇乡])党委(?:[、和与]?(?:镇|乡)?政府)?)?{_DOES}"
)
_GOVERNMENT = re.compile(rf"(?:^|[，。；：])(?P<name>[一-鿿]{{2,10}}(?:人民|(?<=县))政府){_DOES}")
_MADE_BY = re.compile(r"由(?P<name>[一-鿿]{3,20}(?:局|委员会|办公室|办事处|政府|中心))(?:负责)?(?:编制|制作|发布)")
_ASK_AT = re.compile(
    r"(?:请与|请联系|请径与)(?P<name>[一-鿿]{3,20}(?:局|委员会|办公室|办事处|政府|中心))(?=联系|（|，|。|$)"
)
_PRESENTED = re.compile(r"(?:公布|公开|编制|形成|现将)(?:了)?(?P<name>[一-鿿]{4,24}?)(?:20\d\d年度?)(?:政府)?信息公开")


# 宁远县政务公开工作: another county or district as whose disclosure it is.
_COUNTY = re.compile(
    r"(?:^|[，。；：])(?P<name>[一-鿿]{2,3}[县区])(?:人民政府|政府)?(?:的)?(?:政务公开|政府信息公开|信息公开)(?:工作)?"
)


_LED_BY = re.compile(r"在(?P<name>[一-鿿]{2,3}[县区])(?:委|人民政府|政府)的?(?:正确|坚强|统一)*领导下")
_PLANS = re.compile(r"(?:下一步|今后|接下来|下一?年度?)，(?P<name>[一-鿿]{2,3}[县区市])将(?:继续|进一步|持续|围绕)")
_ANY_COUNTY = re.compile(r"[我本全各该辖]|(?:自治|[城市新郊社园景])区$")


# 清溪镇党政办公室: a town's own bodies, of another town.
_TOWN = re.compile(
    r"(?:^|[，。；：、由])(?P<name>(?!依托|通过|可以)(?:(?![也可到在从向经于])[一-鿿]){2,3}[镇乡])(?=党政|党委|人民政府|政府办|人大|综合执法|便民服务)"
)


def _other_towns(office: Office, text: str) -> Iterator[tuple[int, str]]:
    if re.search("(?:[镇乡]人民政府|街道办事处)$", office.name):
        for match in _TOWN.finditer(text):
            if match["name"] not in office.name and not re.search(
                "[我本全各该辖省市县区到在由向经从]|依托|通过|乡镇", match["name"]
            ):
                yield match.start("name"), match["name"]


def _other_counties(office: Office, text: str) -> Iterator[tuple[int, str]]:
    if office.kind is OfficeKind.GOVERNMENT and re.search("[县区]人民政府$", office.name):
        for match in (found for pattern in (_COUNTY, _LED_BY, _PLANS) for found in pattern.finditer(text)):
            if match["name"] not in office.name and not _ANY_COUNTY.search(match["name"]):
                yield match.start("name"), match["name"]


def check_names(text: TextLog, found: Sequence[Sentence]) -> None:
    """WORDS-NAMES: another city, another kind of office, another unit as the one that reports; never for certain."""
    subject = text.subject
    if subject.report.office.kind is OfficeKind.UNKNOWN:
        return
    told: set[str] = set()
    for sentence in found:
        for start, name in _foreign(text, sentence):
            if name in told:
                continue
            told.add(name)
            own = subject.report.office.name
            words = (
                f"出现“{name}”，本报告单位为{own}，请核实是否误用其他单位的文字",
                f"{name} in a report of {own}",
            )
            text.found("WORDS-NAMES", words, (sentence, start), name, FindingState.UNCERTAIN, expected=own, actual=name)
    text.passed("WORDS-NAMES")


def _foreign(log: TextLog, sentence: Sentence) -> Iterator[tuple[int, str]]:
    office, text = log.subject.report.office, sentence.text
    names = f"{office.name} {office.short_name}"
    for match in _CITY.finditer(text):
        if any(city in names for city in _CITIES) and match["city"] not in names:
            yield match.start(), match[0]
    for sign, pattern in _SELF.items():
        city = office.kind in {OfficeKind.GOVERNMENT, OfficeKind.GOVERNMENT_OFFICE} and "市" in names
        if sign in names or (sign == "县" and not city and not re.search("区|旗", names)):
            continue
        if spoken := pattern.search(text):
            yield spoken.start(), spoken[0].lstrip("，。；：")
    yield from _other_counties(office, text)
    yield from _other_towns(office, text)
    if (level := _other_level(office.name, text)) is not None:
        yield level.start(), level[0]
    own = [form for form in own_names(office.name, office.short_name) if not _COMMON_NAME.fullmatch(form)]
    for pattern in (*_reporters(log), *_siblings(office.name)):
        for match in pattern.finditer(text):
            name = match["name"]
            if not _is_own(name, own, office.name) and not re.search("我|本|各|全", name):
                yield match.start("name"), name


def _is_own(name: str, own: Sequence[str], office: str) -> bool:
    """Whether the name is one of the office's own, or its 办公室's, with nothing before it that is not of its name."""
    name = re.sub(r"(?<=政府)办公[室厅]$", "", name) if office.endswith("政府") else name
    if any(name in form for form in own) or name.endswith(office) or name.startswith(office):
        return True
    if name.startswith(tuple(form for form in own if form in OF_A_KIND)):
        return True  # 学校党政办公室
    return any(name.endswith(form) and name.removesuffix(form) in office for form in own)


# An office's level and what it is there: 梧桐|县|卫生健康局, 东坡|街道|办事处.
_LEVEL_AND_KIND = re.compile(
    r".*(?P<level>[省县旗镇乡]|街道|(?<![社园发])区(?!域))(?P<kind>[一-鿿]{2,}[局委厅会府处]|人民政府办公[室厅])"
)
# What it does, or has, at the beginning of a clause; whom it is visited by or hears from need not be itself.
_ACTS = (
    r"(?:全年|本年度?|年内|20\d\d年度?|共|累计|先后|及时|主动|依法)*"
    r"(?:组织|开展|召开|举办|新?收到?|受理|办结|答复|印发|制[定发]|发布|公布|公示|查处|公开|建立|完善|编制|通过|依托|牵头|门户|官方?网|网站|政务|微信)"
)

# The name of a place, which none of these begins or is in: 其中县政府办公室.
_PLACE = (
    r"(?![在与和向由对经按据为受赴被就邀请原])"
    r"(?:(?![其中全各我本该同外市省州辖均已可在过从于到把让用并被为也都向])[一-鿿]){2,3}"
)


# A zone: 平川|经济技术开发区|管理委员会.
_ZONE = (
    r"(?:经济(?:技术)?开发区|高新技术(?:产业)?开发区|经开区|高新区|开发区|新区|工业园区|产业园区)(?:管理委员会|管委会)"
)


@lru_cache(maxsize=64)
def _siblings(office: str) -> tuple[re.Pattern[str], ...]:
    """An office of the same kind and level in another place, as who reports: 我单位（西坡街道办事处）.

    Cities are left out: there are some below others.
    """
    own = _LEVEL_AND_KIND.fullmatch(office)
    if re.search(f"{_ZONE}$", office):
        name = rf"(?P<name>{_PLACE}{_ZONE})"
    elif own is None:
        return ()
    else:
        kinds = {own["kind"], own["kind"].replace("委员会", "委")}
        kind = rf"(?:{'|'.join(sorted(kinds))})(?:办公[室厅])?"
        name = rf"(?P<name>{_PLACE}{own['level']}{kind})"
    when = r"(?:20\d\d年度?，?|本年度?，?|全年，?)?"
    return (
        re.compile(rf"(?:^|[，。；：]){when}{name}(?:(?={_ACTS})|{_DOES})"),
        re.compile(rf"[我本][一-鿿]{{1,3}}（(?:即|以下简称)?{name}）"),
        re.compile(rf"(?:对|向|由|督促|指导|组织|推动|要求){name}(?=各|机关各|所属|直属|下属|系统)"),
    )


# A district has no county above it, a county no district; a city may speak of both below it.
_DISTRICT = re.compile(r"(?<!自治)(?<!开发)(?<!地)区")
_OF_A_COUNTY = re.compile(
    r"(?<![各市])县(?:委、?县政府|政府办公室(?=坚持|认真|高度|深入|严格|扎实)|人民政府(?=坚持|认真|高度|深入))"
)
_OF_A_DISTRICT = re.compile(
    r"(?<![各市治发])区(?:委、?区政府|政府办公室(?=坚持|认真|高度|深入|严格|扎实)|人民政府(?=坚持|认真|高度|深入))"
)


def _other_level(name: str, text: str) -> re.Match[str] | None:
    """县委、县政府 in the report of a district's office, or the other way round."""
    if "县" in name and not _DISTRICT.search(name):
        return _OF_A_DISTRICT.search(text)
    return _OF_A_COUNTY.search(text) if _DISTRICT.search(name) and "县" not in name else None


_COMMON_NAME = re.compile(r"(?:人民)?政府(?:办公?室?)?|办公室")


def _reporters(log: TextLog) -> list[re.Pattern[str]]:
    """The patterns by which a text of that section and kind of office names who reports."""
    kind = log.subject.report.office.kind
    patterns = [_PRESENTED, _MADE_BY, _ASK_AT] if log.slug == "preamble" else []
    if kind is OfficeKind.GOVERNMENT:
        return [*patterns, _GOVERNMENT]
    return [*patterns, _SUBJECT] if kind in {OfficeKind.DEPARTMENT, OfficeKind.TOWNSHIP} else patterns
