import re

import pytest
from django.utils import translation

from config.policy.entry_words import entry_in_words, in_words
from config.policy.files import pack_of_files, regions_of_files
from config.policy.tree import PolicyTree


@pytest.mark.parametrize("region", regions_of_files())
def test_every_value_of_our_packs_is_said_in_chinese(region):
    with translation.override("zh-hans"):
        shown = [entry_in_words(entry) for entry in PolicyTree(pack_of_files(region)).entries()]
    texts = [text for row in shown for text in (row.name, row.selectors, row.text)]
    # What follows a colon is a remark of the pack's author.
    assert [text for text in texts if re.search("[a-z]{2,}", text.split(": The ")[0])] == []


def test_codes_become_words_and_the_rest_stays():
    with translation.override("zh-hans"):
        assert in_words("care_type inpatient, level 0 or 1") == "医疗类别 住院, 医疗机构级别 0 或 1"
    with translation.override("en"):
        assert in_words("kind large_cost, x_1") == "assistance for large cost, x_1"


def test_an_invented_value_says_so_in_chinese():
    with translation.override("zh-hans"):
        entry = PolicyTree(pack_of_files("990000_qinghe")).entries()[0]
        assert entry_in_words(entry).source == "演示数值（虚构）"
