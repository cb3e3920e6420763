"""Find what is nobody's business in a public report: identity and telephone numbers, addresses beside a name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nianbao.checks.subject import Prose
from nianbao.checks.text.text_log import Found
from nianbao.inputs.ledger.cells import is_personal
from nianbao.model import FindingState

_IDENTITY = re.compile(r"(?<![\dA-Za-z])[1-9]\d{16}[\dXx](?![\dA-Za-z])")
_BIRTHDAY = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])")
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_PERSON = re.compile(
    r"(?:申请人|姓名|当事人|原告|市民|村民|居民|网民|群众|来信人|信访人|联系人)[：:（( ]{0,2}[一-鿿]{2,4}"
    r"|[一-鿿]{1,3}(?:先生|女士|同志)"
)
# 申请人某某（住某路某号）.
_ADDRESS = re.compile(
    r"(?:(?<=[（，。：；家])住|住址|住所地?|地址)[：:为在]?[^，。；）\n]{2,40}?(?:\d+号|\d+室|单元|\d+[栋幢组])"
)


def personal(prose: Prose) -> Iterator[Found]:
    """WORDS-PERSONAL: what must not be published, or asks for a look."""
    for match in _IDENTITY.finditer(prose.text):
        if is_personal(match[0]):
            words = ("出现身份证号码，公布前必须删去", "an identity number")
            yield Found(match.start(), words, scope="identity")
        elif _BIRTHDAY.match(match[0][6:]) and "证" in prose.text[max(0, match.start() - 12) : match.start()]:
            words = ("疑似身份证号码（校验位不符），请核实并删去", "a number like an identity number")
            yield Found(match.start(), words, FindingState.UNCERTAIN, "identity")
    for match in _ADDRESS.finditer(prose.text):
        if _PERSON.search(prose.text[max(0, match.start() - 16) : match.start()]):
            words = ("出现个人住址和姓名，公布前必须删去", "an address beside a name")
            yield Found(match.start(), words, scope="address")
    for match in _MOBILE.finditer(prose.text):
        named = _PERSON.search(prose.text[max(0, match.start() - 20) : match.end() + 12])
        advice = "和姓名，公布前必须删去" if named else "，请确认是否可以公布"
        words = (
            f"出现手机号码{advice}",
            f"a mobile number{' beside a name' if named else ''}",
        )
        yield Found(match.start(), words, None if named else FindingState.WARN, "mobile")
