"""Names as they are typed at the desk: initials and full pinyin (拼音), in every living reading.

A surname is often read unlike the same character elsewhere (单 shan, 曾 zeng, 仇 qiu), so the
table of surnames comes first; the other readings of every character follow, since the desk types
what it hears.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice, product

from pypinyin import Style, pinyin

MOST_READINGS = 32
LONGEST_NAME_WITH_ALL_READINGS = 4

COMPOUND_SURNAMES = {
    "万俟": ("mo", "qi"),
    "尉迟": ("yu", "chi"),
    "单于": ("chan", "yu"),
    "长孙": ("zhang", "sun"),
    "澹台": ("tan", "tai"),
    "令狐": ("ling", "hu"),
    "鲜于": ("xian", "yu"),
    "宰父": ("zai", "fu"),
    "皇甫": ("huang", "fu"),
    "夏侯": ("xia", "hou"),
}
SURNAMES = {
    "单": "shan",
    "曾": "zeng",
    "仇": "qiu",
    "解": "xie",
    "查": "zha",
    "翟": "zhai",
    "盖": "ge",
    "区": "ou",
    "覃": "qin tan",
    "朴": "piao",
    "任": "ren",
    "华": "hua",
    "乐": "yue le",
    "纪": "ji",
    "洗": "xian",
    "冼": "xian",
    "员": "yun",
    "黑": "he hei",
    "折": "she",
    "缪": "miao",
    "尹": "yin",
    "种": "chong",
    "秘": "bi",
    "繁": "po",
    "薄": "bo",
    "召": "shao",
    "晟": "cheng sheng",
    "那": "na",
    "哈": "ha",
    "宁": "ning",
    "燕": "yan",
    "应": "ying",
    "葛": "ge",
    "隗": "wei kui",
    "能": "nai",
    "车": "che",
    "句": "gou",
    "过": "guo",
    "逄": "pang",
    "尧": "yao",
    "呙": "guo",
    "佴": "nai",
    "郇": "xun huan",
    "峗": "wei",
    "郗": "xi chi",
    "褚": "chu",
    "瞿": "qu",
    "臧": "zang",
    "重": "chong",
    "柏": "bai bo",
    "贾": "jia",
    "沈": "shen",
    "阚": "kan",
    "卜": "bu",
}


@dataclass(frozen=True)
class NameReadings:
    """How a name may be typed; the likeliest reading first.

    Attributes:
        initials: first letters: `zxm`.
        full: whole syllables without blanks: `zhuxiumei`.
    """

    initials: tuple[str, ...]
    full: tuple[str, ...]


def read_name(name: str) -> NameReadings:
    """Return every reading of a name; dots, blanks and characters without a reading are left out."""
    characters = [character for character in name if character.isalpha()]
    surname = "".join(characters[:2])
    if surname in COMPOUND_SURNAMES:
        known = [[reading] for reading in COMPOUND_SURNAMES[surname]]
        syllables = known + [_readings(character) for character in characters[2:]]
    else:
        syllables = [_readings(character) for character in characters]
        if characters:
            first = SURNAMES.get(characters[0], "").split()
            syllables[0] = list(dict.fromkeys([*first, *syllables[0]]))
    syllables = [readings for readings in syllables if readings]
    if len(syllables) > LONGEST_NAME_WITH_ALL_READINGS:
        syllables = [syllables[0], *([readings[0]] for readings in syllables[1:])]
    read = [spoken for spoken in islice(product(*syllables), MOST_READINGS) if spoken]
    return NameReadings(
        tuple(dict.fromkeys("".join(syllable[0] for syllable in spoken) for spoken in read)),
        tuple(dict.fromkeys("".join(spoken) for spoken in read)),
    )


def _readings(character: str) -> list[str]:
    if character.isascii():
        return [character.lower()]
    found = pinyin(character, style=Style.NORMAL, heteronym=True, errors="ignore")
    return [str(reading) for reading in dict.fromkeys(found[0])] if found else []
