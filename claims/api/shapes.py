"""Shapes of the answers. Every answer passes through its shape: the schema cannot lie."""

from __future__ import annotations

from rest_framework import serializers

from claims.api.fields import AmountField
from claims.models import Act
from enrollment.models import CoverageStatus

INSTANT = "%Y-%m-%d %H:%M:%S"
OUTCOMES = ["paid", "refused", "held", "reversed"]
PAYERS = ["basic", "catastrophic", "assistance", "supplementary", "other_aid"]
NOTHING_RECORDED = "none"


class MistakeAnswer(serializers.Serializer):
    """One mistake."""

    code = serializers.CharField(help_text="Stable for ever.")
    sentence = serializers.CharField(help_text="In the language of the request.")
    field = serializers.CharField(help_text="Path in the body; empty where no field is meant.")


class ErrorAnswer(serializers.Serializer):
    """Everything that is wrong with a request."""

    request_id = serializers.UUIDField(help_text="Names the request in the office's records.")
    errors = MistakeAnswer(many=True)


class ReasonAnswer(serializers.Serializer):
    """Why a bill is held or refused."""

    code = serializers.CharField(help_text="H01 to H07 hold, R01 to R04 refuse.")
    sentence = serializers.CharField()


class ClauseAnswer(serializers.Serializer):
    """Where a value comes from."""

    text = serializers.CharField()
    quote = serializers.CharField()
    is_unverified = serializers.BooleanField(help_text="The value comes from outside the notices.")


class StepAnswer(serializers.Serializer):
    """One line of the calculation."""

    code = serializers.CharField()
    sentence = serializers.CharField()
    result_amt = AmountField()
    clauses = ClauseAnswer(many=True)


class FundLineAnswer(serializers.Serializer):
    """What one payer pays (setldetail)."""

    payer = serializers.ChoiceField(PAYERS)
    fund_pay_type = serializers.CharField(
        allow_null=True, help_text="National code; null where the dictionary has none."
    )
    inscp_scp_amt = AmountField(allow_null=True, help_text="Base of this payer.")
    crt_payb_lmt_amt = AmountField(
        allow_null=True, help_text="Limit left after this bill; null where nothing limits."
    )
    fund_payamt = AmountField()
    setl_proc_info = StepAnswer(many=True)


class LimitAnswer(serializers.Serializer):
    """One limit of the year the bill draws on."""

    id = serializers.CharField()
    payers = serializers.ListField(child=serializers.CharField())
    limit_amt = AmountField(allow_null=True)
    used_amt = AmountField()
    crt_payb_lmt_amt = AmountField(allow_null=True)


class MoneyAnswer(serializers.Serializer):
    """The amounts of a settlement under the national names."""

    medfee_sumamt = AmountField(help_text="医疗费总额")
    fulamt_ownpay_amt = AmountField(help_text="全自费金额")
    overlmt_selfpay = AmountField(help_text="超限价自费费用")
    preselfpay_amt = AmountField(help_text="先行自付金额")
    inscp_scp_amt = AmountField(help_text="符合政策范围金额")
    act_pay_dedc = AmountField(help_text="实际支付起付线")
    hifp_pay = AmountField(help_text="统筹基金支出")
    hifmi_pay = AmountField(help_text="居民大病保险资金支出")
    maf_pay = AmountField(help_text="医疗救助基金支出")
    othfund_pay = AmountField(
        help_text="其他支出: supplementary assistance and other aid; setldetail tells them apart."
    )
    hosp_part_amt = AmountField(help_text="医院负担金额")
    fund_pay_sumamt = AmountField(help_text="基金支付总额, without the personal account")
    psn_part_amt = AmountField(help_text="个人负担总金额")
    acct_pay = AmountField(help_text="个人账户支出")
    psn_cash_pay = AmountField(help_text="个人现金支出")
    own_within_amt = AmountField(help_text="自付, self-pay first included")
    own_outside_amt = AmountField(help_text="自费")
    setldetail = FundLineAnswer(many=True)
    setl_proc_info = StepAnswer(many=True)
    limits = LimitAnswer(many=True)


class PreviewAnswer(serializers.Serializer):
    """What a bill would be settled at now. Nothing was stored."""

    outcome = serializers.ChoiceField(OUTCOMES)
    reasons = ReasonAnswer(many=True)
    psn_no = serializers.UUIDField(allow_null=True)
    preview_digest = serializers.CharField(
        allow_null=True, help_text="To be sent back by confirm; null without a person."
    )
    settlement = MoneyAnswer(allow_null=True, help_text="Null where the bill is held.")


class ChangedAnswer(ErrorAnswer):
    """A conflict; where the figures changed since the preview, with the preview as it is now."""

    preview = PreviewAnswer(required=False)


class VersionAnswer(serializers.Serializer):
    """A stored settlement version; the same for ever."""

    setl_id = serializers.UUIDField(help_text="结算ID")
    bill_id = serializers.UUIDField()
    bill_number = serializers.CharField()
    version = serializers.IntegerField()
    act = serializers.ChoiceField(Act.choices)
    outcome = serializers.ChoiceField(OUTCOMES)
    reasons = ReasonAnswer(many=True)
    setl_time = serializers.DateTimeField(format=INSTANT, help_text="Time of Shanghai.")
    psn_no = serializers.UUIDField()
    insutype = serializers.CharField(help_text="390 城乡居民基本医疗保险")
    med_type = serializers.CharField()
    begndate = serializers.DateField()
    enddate = serializers.DateField()
    fixmedins_code = serializers.CharField()
    bill_code = serializers.CharField()
    bill_no = serializers.CharField()
    settlement = MoneyAnswer()


class ConfirmAnswer(serializers.Serializer):
    """What a bill was settled at, or why it is held."""

    bill_id = serializers.UUIDField()
    bill_number = serializers.CharField()
    outcome = serializers.ChoiceField(OUTCOMES)
    reasons = ReasonAnswer(many=True)
    setl_id = serializers.UUIDField(allow_null=True)
    version = VersionAnswer(allow_null=True, help_text="Null where the bill is held.")


class ReverseAnswer(serializers.Serializer):
    """The zero version that stands in the bill's place now."""

    setl_id = serializers.UUIDField()
    bill_id = serializers.UUIDField()
    bill_number = serializers.CharField()
    resettled = serializers.ListField(
        child=serializers.CharField(),
        help_text="Numbers of the facility's own bills that were settled again.",
    )


class StatementAnswer(VersionAnswer):
    """A stored settlement version, and what became of it since."""

    psn_name = serializers.CharField()
    certno_last4 = serializers.CharField()
    office = serializers.CharField()
    standing = serializers.ChoiceField(["current", "superseded", "void"])
    latest_setl_id = serializers.UUIDField()
    is_released = serializers.BooleanField(help_text="Only what is released can be paid.")
    is_demonstration = serializers.BooleanField(help_text="Settled by invented rules.")


class CoverageAnswer(serializers.Serializer):
    """Whether a person is covered on a day; nothing else."""

    insutype = serializers.CharField(help_text="390 城乡居民基本医疗保险")
    day = serializers.DateField()
    status = serializers.ChoiceField(
        [*CoverageStatus.values, NOTHING_RECORDED],
        help_text="none also where the person is not registered at this office.",
    )
