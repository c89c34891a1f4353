"""The sentence of every step of a calculation: Chinese, English; filled with its operands."""

SENTENCES: dict[str, tuple[str, str]] = {
    "in_scope": (
        "总费用 {total} − 全自费 {fully_self_paid} − 超限价 {over_limit_price} − 先行自付 {self_pay_first} = 政策范围内 {result}",
        "total {total} - fully self-paid {fully_self_paid} - over limit price {over_limit_price}"
        " - self-pay-first {self_pay_first} = in scope {result}",
    ),
    "deductible": (
        "第 {admission} 次，本次起付线 {result}",
        "admission no. {admission}, deductible due {result}",
    ),
    "deductible_of_visit": (
        "本次起付线 {result}",
        "deductible due {result}",
    ),
    "fixed_sum": (
        "定额标准 {standard}，不超过政策范围内 {in_scope}：{result}",
        "fixed sum {standard}, at most the in-scope cost {in_scope}: {result}",
    ),
    "rate": (
        "（政策范围内 {in_scope} − 起付线 {deductible}）× {rate_ppm} = {result}",
        "(in scope {in_scope} - deductible {deductible}) x {rate_ppm} = {result}",
    ),
    "bands": (
        "（政策范围内 {in_scope} − 起付线 {deductible}）分段支付（{bands_zh}）= {result}",
        "(in scope {in_scope} - deductible {deductible}) by bands ({bands_en}) = {result}",
    ),
    "guaranteed_minimum": (
        "（政策范围内 {in_scope} − 起付线 {deductible}）× 保底比例 {floor_ppm} = {result}",
        "(in scope {in_scope} - deductible {deductible}) x guaranteed minimum {floor_ppm} = {result}",
    ),
    "basic_limits": (
        "{basic_uncapped} − 超单项限额 {item_excess} − 超年度限额 {above_cap} = {result}",
        "{basic_uncapped} - above item limit {item_excess} - above yearly cap {above_cap} = {result}",
    ),
    "unfiled_cut": (
        "未备案少支付 {result}",
        "{result} less than at the filed terms",
    ),
    "basic": ("基本医保支付 {result}", "basic insurance pays {result}"),
    "catastrophic_base": (
        "政策范围内 {in_scope} − 基本医保 {basic}，按规定调整后，本次合规费用 {result}",
        "in scope {in_scope} - basic {basic}, adjusted as the rules say: base of this bill {result}",
    ),
    "catastrophic_scale": (
        "年度累计 {before} → {catastrophic_running}，起付线 {deductible_standard}，比例 {bands_zh}：本次 {result}",
        "running base {before} -> {catastrophic_running}, deductible {deductible_standard}, {bands_en}: this bill {result}",
    ),
    "catastrophic_offset": (
        "年度累计 {catastrophic_running}，起付线 {deductible_standard}，比例 {bands_zh}，"
        "减去本年已付 {granted}：本次 {result}",
        "running base {catastrophic_running}, deductible {deductible_standard}, {bands_en},"
        " less {granted} granted this year: this bill {result}",
    ),
    "catastrophic_limits": (
        "{catastrophic_uncapped} − 超年度限额 {catastrophic_cap_cut} − 超剩余费用 {catastrophic_ceiling_cut} = {result}",
        "{catastrophic_uncapped} - above cap {catastrophic_cap_cut} - above what is left {catastrophic_ceiling_cut} = {result}",
    ),
    "catastrophic": ("大病保险支付 {result}", "catastrophic insurance pays {result}"),
    "assistance_base": (
        "政策范围内 {in_scope} − 基本医保 {basic} − 大病保险 {catastrophic}，按规定调整后，救助基数 {result}",
        "in scope {in_scope} - basic {basic} - catastrophic {catastrophic}, adjusted as the rules say: base {result}",
    ),
    "assistance_rate": (
        "救助基数 {assistance_base}（年度累计 {assistance_running}），起付标准 {standard}，比例 {tier_rate_ppm}：{result}",
        "base {assistance_base} (running {assistance_running}), deductible {standard}, rate {tier_rate_ppm}: {result}",
    ),
    "assistance_limits": (
        "{assistance_uncapped} − 超年度救助限额 {assistance_limit_cut} = {result}",
        "{assistance_uncapped} - above the yearly limit {assistance_limit_cut} = {result}",
    ),
    "assistance": ("医疗救助支付 {result}", "medical assistance pays {result}"),
    "supplementary_base": (
        "救助基数 {assistance_base} − 医疗救助 {assistance} = 倾斜救助基数 {result}",
        "base {assistance_base} - assistance {assistance} = supplementary base {result}",
    ),
    "supplementary_rate": (
        "基数 {supplementary_base}（年度累计 {supplementary_running}），起付标准 {standard}，比例 {tier_rate_ppm}：{result}",
        "base {supplementary_base} (running {supplementary_running}), threshold {standard}, rate {tier_rate_ppm}: {result}",
    ),
    "supplementary_limits": (
        "{supplementary_uncapped} − 超年度限额 {supplementary_limit_cut} = {result}",
        "{supplementary_uncapped} - above the yearly limit {supplementary_limit_cut} = {result}",
    ),
    "supplementary": ("倾斜救助支付 {result}", "supplementary assistance pays {result}"),
    "own_share": (
        "总费用 {total} − 基本 {basic} − 大病 {catastrophic} − 救助 {assistance} − 倾斜 {supplementary}"
        " − 其他 {other_aid} − 医院负担 {hospital_part} = 个人负担 {result}",
        "total {total} - basic {basic} - catastrophic {catastrophic} - assistance {assistance}"
        " - supplementary {supplementary} - other {other_aid} - hospital {hospital_part} = own share {result}",
    ),
    "own_split": (
        "自付 {own_within} + 自费 {own_outside} = 个人负担 {result}",
        "within the scope {own_within} + outside {own_outside} = own share {result}",
    ),
}
