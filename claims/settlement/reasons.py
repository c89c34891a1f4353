"""Why a bill is held or refused: numbered, stable for ever (settlement.md 2)."""

from __future__ import annotations

from typing import NamedTuple


class Reason(NamedTuple):
    """One numbered reason, with its sentence in both languages."""

    code: str
    sentence_zh: str
    sentence_en: str


REASONS = (
    Reason("", "", ""),
    Reason("H01", "就诊期间没有参保缴费记录", "No coverage record for the days of care."),
    Reason("H02", "存在未处理的重复参保", "An open duplicate insurance case exists."),
    Reason(
        "H03",
        "第三方责任或其他支付方金额尚未确定",
        "The part of a liable third party or other payer is not known yet.",
    ),
    Reason(
        "H04",
        "出院日期不在政策参数的有效年度内",
        "The deciding day lies outside the years the region's parameters cover.",
    ),
    Reason(
        "H05",
        "本地政策未公布该笔费用所需的参数",
        "The region's parameters do not know a value this bill needs.",
    ),
    Reason("H06", "超过手工报销截止日期", "The deadline for paper claims has passed."),
    Reason(
        "H07",
        "缺少结算所需的事实（医院等级或病种）",
        "A fact is missing: the facility's level or the disease.",
    ),
    Reason("R01", "处于待遇享受等待期", "The day of care lies in the waiting period."),
    Reason("R02", "就诊期间不享受居民医保待遇", "The person was not covered on the days of care."),
    Reason("R03", "该类医疗不属于支付范围", "This kind of care is not offered."),
    Reason(
        "R04", "未办理该病种的门诊待遇认定", "No certification for this disease on the day of care."
    ),
)
REASON_ROW = {reason.code: row for row, reason in enumerate(REASONS)}
