"""Origins of values in the reader's language."""

import re

from django.utils import translation

from config.policy.files import pack_of_files
from config.policy.origin_words import source_in_words, why_not_known
from config.policy.tree import PolicyTree


def citations(kind: str):
    trees = [PolicyTree(pack_of_files(region)) for region in ("230800_jiamusi", "500000_chongqing")]
    return [
        entry.citation for tree in trees for entry in tree.entries() if entry.citation.kind == kind
    ]


def test_a_source_is_told_in_both_languages():
    source = next(each for each in citations("source") if "Heilongjiang" in each.where)
    with translation.override("zh-hans"):
        assert source_in_words(source).startswith("2017年黑龙江省重特大疾病医疗救助报道")
    with translation.override("en"):
        assert source_in_words(source).startswith("Report on serious-disease assistance")


def test_no_english_sentence_is_left_in_chinese():
    with translation.override("zh-hans"):
        texts = [source_in_words(each) for each in citations("source")]
        texts += [why_not_known(each) for each in citations("not_known")]
    assert texts
    assert [text for text in texts if not re.search("[\u4e00-\u9fff]", text)] == []
