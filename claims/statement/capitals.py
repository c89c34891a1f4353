"""Amounts in Chinese capitals (大写金额), as vouchers carry them beside the figures.

Follows the rules of the central bank for filling in bills (正确填写票据和结算凭证的基本规定):
one 零 for any run of zeros between figures, 整 after whole yuan or jiao, never after fen.
"""

from __future__ import annotations

from config.money import LIMIT_FEN

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿")
GROUP = 10_000


def yuan_in_capitals(fen: int) -> str:
    """Return an amount in Chinese capitals: `壹万贰仟叁佰肆拾伍元陆角柒分`.

    Args:
        fen: any sign; a negative amount begins with 负.

    Raises:
        ValueError: the amount is beyond what the product accepts anywhere.
    """
    if abs(fen) > LIMIT_FEN:
        raise ValueError("the amount is beyond the limit of the product")
    sign = "负" if fen < 0 else ""
    whole, rest = divmod(abs(fen), 100)
    if not whole and not rest:
        return "零元整"
    return f"{sign}{_whole_yuan(whole)}{_decimals(rest, has_yuan=whole > 0)}"


def _whole_yuan(whole: int) -> str:
    if not whole:
        return ""
    groups = []
    while whole:
        whole, group = divmod(whole, GROUP)
        groups.append(group)
    text, zero_waits = "", False
    for place in range(len(groups) - 1, -1, -1):
        group = groups[place]
        if not group:
            zero_waits = True
            continue
        if text and (zero_waits or group < GROUP // 10):
            text += DIGITS[0]
        text += _group(group) + GROUPS[place]
        zero_waits = False
    return f"{text}元"


def _group(group: int) -> str:
    """Return up to four figures; a run of zeros inside them is one 零."""
    text, zero_waits = "", False
    for place in range(3, -1, -1):
        digit = group // 10**place % 10
        if not digit:
            zero_waits = bool(text)
            continue
        text += (DIGITS[0] if zero_waits else "") + DIGITS[digit] + PLACES[place]
        zero_waits = False
    return text


def _decimals(rest: int, *, has_yuan: bool) -> str:
    jiao, fen = divmod(rest, 10)
    if not rest:
        return "整"
    if not fen:
        return f"{DIGITS[jiao]}角整"
    if not jiao:
        return (DIGITS[0] if has_yuan else "") + f"{DIGITS[fen]}分"
    return f"{DIGITS[jiao]}角{DIGITS[fen]}分"
