"""Names in every reading the desk may type."""

import pytest

from config.identity.pinyin import MOST_READINGS, read_name


@pytest.mark.parametrize(
    ("name", "full"),
    [
        ("单雄信", "shanxiongxin"),
        ("曾国强", "zengguoqiang"),
        ("仇英", "qiuying"),
        ("解缙", "xiejin"),
        ("查良", "zhaliang"),
        ("翟让", "zhairang"),
        ("盖文", "gewen"),
        ("区海", "ouhai"),
        ("尉迟恭", "yuchigong"),
        ("万俟明", "moqiming"),
        ("长孙晟", "zhangsunsheng"),
    ],
)
def test_the_surname_is_read_as_a_surname_first(name, full):
    read = read_name(name)
    assert full in read.full
    assert read.full[0][:2] == full[:2]


def test_every_reading_is_kept():
    assert {"qinyu", "tanyu"} <= set(read_name("覃玉").full)
    assert {"danyu", "shanyu"} <= set(read_name("单玉").full)
    assert {"yl", "ll"} <= set(read_name("乐龙").initials)
    # A given name has readings too: 乐 as le and yue, 行 as xing and hang.
    assert {"wangle", "wangyue"} <= set(read_name("王乐").full)


def test_initials_and_full_match():
    assert read_name("朱秀梅").initials[0] == "zxm"
    assert read_name("朱秀梅").full[0] == "zhuxiumei"


def test_dots_blanks_and_letters():
    assert read_name("买买提·艾力").initials[0] == "mmtal"
    assert read_name("朱 秀梅") == read_name("朱秀梅")
    assert read_name("Anna 李").full[0] == "annali"


def test_what_cannot_be_read_is_left_out():
    assert read_name("").full == ()
    assert read_name("李\ue000").full == ("li",)


def test_readings_stay_few():
    for name in ("曾重长行乐", "单行乐重", "乐乐乐乐"):
        assert len(read_name(name).full) <= MOST_READINGS
