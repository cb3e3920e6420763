"""Names of another place or unit left in the words: a text taken from somewhere else.

May import: form, model, checks.ledger, checks.subject, checks.text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from nianbao.checks.ledger import Facts, Ledger
from nianbao.checks.subject import Prose, Subject
from nianbao.checks.text.quoting import where
from nianbao.checks.text.reader import own_names
from nianbao.checks.text.sentences import Sentence
from nianbao.model import FindingState, OfficeKind

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
_SUBJECT = re.compile(
    r"(?:^|[，。；：])(?:20\d\d年度?，?|本年度?，?|全年，?)?(?P<name>[一-鿿]{2,16}?(?:局|委员会|街道办事处|镇|乡|人民政府))(?=认真|严格|高度重视|深入|坚持|扎实|积极|始终|按照|切实|全面)"
)
_PRESENTED = re.compile(r"(?:公布|公开|编制|形成)(?:了)?(?P<name>[一-鿿]{4,24}?)(?:20\d\d年度?)(?:政府)?信息公开")


def check_names(subject: Subject, prose: Prose, found: Sequence[Sentence], ledger: Ledger) -> None:
    """WORDS-NAMES: another city, another kind of office, another unit as the one that reports; never for certain."""
    if subject.report.office.kind is OfficeKind.UNKNOWN:
        return
    told: set[str] = set()
    for sentence in found:
        for start, name in _foreign(subject, prose, sentence):
            if name in told:
                continue
            told.add(name)
            own = subject.report.office.name
            words = (
                f"{where(prose)}出现“{name}”，本报告单位为{own}，请核实是否误用其他单位的文字",
                f"{prose.slug}: {name} in a report of {own}",
            )
            facts = Facts(
                expected=own, actual=name, scope=f"{prose.slug}:{name}", source=prose.source_at(sentence.offset(start))
            )
            ledger.add("WORDS-NAMES", subject.key, FindingState.UNCERTAIN, words, facts)
    ledger.passed("WORDS-NAMES", subject.key)


def _foreign(subject: Subject, prose: Prose, sentence: Sentence) -> Iterator[tuple[int, str]]:
    office, text = subject.report.office, sentence.text
    names = f"{office.name} {office.short_name}"
    for match in _CITY.finditer(text):
        if any(city in names for city in _CITIES) and match["city"] not in names:
            yield match.start(), match[0]
    for sign, pattern in _SELF.items():
        if sign in names or (sign == "县" and not re.search("区|旗", names)):
            continue
        if spoken := pattern.search(text):
            yield spoken.start(), spoken[0].lstrip("，。；：")
    own = own_names(office.name, office.short_name)
    patterns = [_PRESENTED] if prose.slug == "preamble" else []
    if office.kind in {OfficeKind.DEPARTMENT, OfficeKind.TOWNSHIP}:
        patterns.append(_SUBJECT)
    for pattern in patterns:
        for match in pattern.finditer(text):
            name = match["name"]
            if not any(form in name or name in form for form in own) and not re.search("我|本|各|全", name):
                yield match.start("name"), name
