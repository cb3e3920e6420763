"""The names by which a report calls its own office: in full, without its place, short, or by its kind alone."""

from __future__ import annotations

import re
from functools import lru_cache

_PLACE = re.compile(r"[省市州盟县区旗镇乡]")
# By its kind alone an office calls itself at the beginning of a clause: 街道办事处收到.
_KINDS = {
    "街道办事处": ("街道办事处", "街道办", "街道"),
    **dict.fromkeys(("学院", "大学", "学校", "中学"), ("学校", "学院", "大学")),
    "医院": ("医院",),
    "管理委员会": ("管委会",),
    "公司": ("公司",),
}
# What the customary short names of offices leave out.
_SHORT = {
    "卫生健康": "卫健",
    "市场监督管理": "市场监管",
    "人力资源和社会保障": "人社",
    "人力资源社会保障": "人社",
    "发展和改革": "发改",
    "住房和城乡建设": "住建",
    "自然资源和规划": "自然资源",
    "文化广电旅游": "文旅",
    "文化和旅游": "文旅",
    "城市管理": "城管",
    "交通运输": "交通",
    "经济技术开发区": "经开区",
    "高新技术产业开发区": "高新区",
}
OF_A_KIND = frozenset(word for words in _KINDS.values() for word in words)


@lru_cache(maxsize=64)
def own_names(*names: str) -> tuple[str, ...]:
    """The forms in which a report calls its own office: 示例市样板局 is also 市样板局 and 样板局."""
    found: set[str] = set()
    for name in names:
        starts = (
            {0} | {match.start() for match in _PLACE.finditer(name)} | {match.end() for match in _PLACE.finditer(name)}
        )
        for start in starts:
            rest = name[start:]
            found |= {rest, rest.replace("人民政府", "政府"), rest.replace("人民政府", "政府").replace("办公室", "办")}
            found |= {rest.replace("管理委员会", "管委会"), rest.replace("街道办事处", "街道办")}
            found |= {rest.replace("委员会", "委"), rest.removesuffix("办事处"), rest.removesuffix("人民政府")}
            found |= {form.replace(long, short) for form in (*found,) for long, short in _SHORT.items() if long in form}
            if rest[-1:] in {"局", "厅"} and rest[:1] in set("省市州盟县区旗"):
                found.add(rest[0] + rest[-1])  # 省厅, 县局
    found |= {word for name in names for end, words in _KINDS.items() if name.endswith(end) for word in words}
    return tuple(sorted((form for form in found if len(form) > 1 and form[-1] not in "的年"), key=len, reverse=True))
