"""Sentences of the error codes of this app; `config.error_sentences` shows them."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CLAIMS_SENTENCES: dict[str, str | Promise] = {
    # what was entered
    "claims.bill.word_unknown": _("“%(text)s” is not one of the choices."),
    "claims.bill.amount_absurd": _("No bill is larger than %(limit_fen)s yuan."),
    "claims.bill.total_is_zero": _("The total must be more than zero."),
    "claims.bill.parts_over_total": _(
        "The parts come to %(parts_fen)s yuan, more than the total of %(total_fen)s yuan."
    ),
    "claims.bill.aid_over_total": _("Other aid and the hospital's part exceed the total."),
    "claims.bill.aid_over_rest": _(
        "Other aid and the hospital's part exceed what is left to pay by %(excess_fen)s yuan."
    ),
    "claims.bill.other_aid_without_payer": _("State who pays the other aid."),
    "claims.bill.day_missing": _("Enter the day."),
    "claims.bill.day_unreadable": _("“%(text)s” is not a day. Write it as 2026-01-31."),
    "claims.bill.admission_missing": _("Enter the day of admission; cover is asked for it."),
    "claims.bill.visit_is_one_day": _("A visit has one day; leave the day of admission empty."),
    "claims.bill.days_reversed": _("The discharge lies before the admission."),
    "claims.bill.stay_too_long": _("A stay longer than %(days)s days needs several bills."),
    "claims.bill.discharge_in_the_future": _("The discharge lies in the future."),
    "claims.bill.received_on_missing": _("Enter the day the paper claim was received."),
    "claims.bill.received_on_impossible": _(
        "A paper claim is received after the discharge and not in the future."
    ),
    "claims.bill.care_before_birth": _("The care begins before the person was born."),
    "claims.bill.care_after_death": _("The care begins after the recorded death of the person."),
    "claims.bill.disease_does_not_fit": _(
        "The disease “%(text)s” cannot be named for this kind of care."
    ),
    "claims.bill.origin_of_the_platform": _(
        "The national platform settled this bill; it is received, not entered."
    ),
    "claims.bill.facility_missing": _("Choose the facility."),
    "claims.bill.facility_unknown": _("There is no facility with the code “%(text)s”."),
    "claims.bill.off_area_contradicts_facility": _(
        "The facility and the statement on care outside the area contradict each other."
    ),
    "claims.bill.invoice_unreadable": _("Use digits and capital letters, 20 at most."),
    "claims.bill.invoice_fixed": _(
        "A correction keeps its invoice. Reverse the bill and enter the other invoice."
    ),
    "claims.bill.text_too_long": _("At most %(limit)s characters."),
    "claims.bill.text_unreadable": _("The text holds characters that cannot be shown."),
    "claims.bill.too_many_items": _("A worksheet has at most %(limit)s lines."),
    "claims.bill.items_do_not_add_up": _(
        "The lines come to %(lines_fen)s yuan, the bill says %(part_fen)s yuan."
    ),
    "claims.bill.item_without_name": _("Name the item, in at most 120 characters."),
    "claims.bill.item_parts_over_amount": _("The parts of line %(line)s exceed its amount."),
    "claims.bill.item_class_c_is_self_paid": _("Line %(line)s: class C is fully self-paid."),
    "claims.bill.item_class_a_has_self_pay": _("Line %(line)s: class A has no self-pay first."),
    "claims.reason.missing": _("State the reason."),
    "claims.facts.grade_unknown": _(
        "The grade “%(grade)s” recorded for the person is not one of the region's."
    ),
    # published examples
    "claims.case.no_list": _("%(file)s holds no list of cases."),
    "claims.case.no_list_here": _("“%(text)s” is not a list."),
    "claims.case.no_mapping": _("“%(text)s” is not a set of keys with values."),
    "claims.case.missing_key": _("The key “%(key)s” is missing."),
    "claims.case.unknown_key": _("There is no key “%(keys)s” here."),
    "claims.case.unknown_event": _("None of the keys “%(keys)s” names an event."),
    "claims.case.unknown_bill": _("No bill “%(bill)s” stands before this event."),
    "claims.case.bill_twice": _("A bill “%(bill)s” was entered before. Correct it instead."),
    "claims.case.no_place": _(
        "Bill “%(bill)s” is held or reversed; it cannot be reversed or corrected."
    ),
    "claims.case.unknown_accumulator": _("The rules of the region know no limit “%(names)s”."),
    "claims.case.unknown_figure": _("A settlement has no figure “%(names)s”."),
    "claims.case.unknown_region": _(
        "There is no policy pack for region %(region)s. There are: %(known)s"
    ),
    "claims.case.unknown_word": _("“%(text)s” is none of: %(known)s."),
    "claims.case.bare_amount": _(
        "Write the amount “%(text)s” in words, for example 49000.00 yuan."
    ),
    "claims.case.no_day": _("“%(text)s” is not a day. Write it as 2026-01-31."),
    "claims.case.no_whole_number": _("“%(text)s” is not a whole number."),
    # what stands in the way
    "claims.invoice.in_use": _("This invoice was already entered in the pool. %(number)s"),
    "claims.account.busy": _("Somebody else is working on this person's account. Try again."),
    "claims.account.elsewhere": _("This person's account is kept by another office."),
    "claims.case.draft_exists": _(
        "A bill of this person is half entered already. Finish or drop it first."
    ),
    "claims.account.moved": _("The person moved to another office; this account goes on there."),
    "claims.move.bills_held": _(
        "%(count)s held bills of this person must be settled or withdrawn before the transfer."
    ),
    "claims.move.release_waits": _(
        "%(count)s settlements of this person must be released or reversed before the transfer."
    ),
    "claims.account.broken": _(
        "The account contradicts itself (%(rule)s, bill %(number)s). Nothing was stored."
    ),
    "claims.account.later_bill_held": _(
        "Bill %(number)s follows and could then not be settled (%(reason)s). Nothing was stored."
    ),
    "claims.settlement.changed_since_preview": _(
        "The figures changed since they were shown. Please look at them again."
    ),
    "claims.settlement.not_live": _("This bill has no settlement, or it was reversed."),
    "claims.settlement.of_the_platform": _(
        "The national platform settled this bill; only it can change the settlement."
    ),
    "claims.correction.held": _(
        "The corrected bill would be held (%(reason)s). Reverse it and enter it again."
    ),
    "claims.bill.not_held": _("This bill is not held."),
    "claims.release.same_person": _("Who confirmed a settlement cannot release it."),
    "claims.statement.no_pdf": _(
        "This machine cannot make PDF files. Print this page from the browser."
    ),
    "claims.release.done": _("This settlement was released before."),
    "claims.release.not_current": _("A newer version has taken the place of this one."),
    "claims.entry.opening_needs_two": _("An opening balance needs a second person."),
    "claims.entry.opening_after_bills": _(
        "An opening balance stands before the first bill; this account has bills."
    ),
    "claims.entry.corrects_nothing": _("Name the entry of this account that is corrected."),
    "claims.entry.empty": _("Enter at least one amount."),
    "claims.entry.accumulator_unknown": _("The rules in force know no “%(name)s”."),
    "claims.entry.amount_absurd": _("The amount of “%(name)s” is not possible."),
    "claims.transaction.missing": _("The act was not started properly. Nothing was stored."),
    "claims.transaction.wrong_isolation": _(
        "The act was not started properly. Nothing was stored."
    ),
}
