"""The invented bills of a county: settled, released, reversed, corrected, held."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from claims.bill_input import BillInput, ItemInput
from claims.models import Bill, Settlement
from claims.selectors.lists import review_list
from claims.services.correction import bill_correct, correction_preview
from claims.services.held_bill import entered_as
from claims.services.preview import settlement_preview
from claims.services.settlement import settlement_confirm, settlement_release, settlement_reverse
from config import calendar
from config.local.demo_office.people import CHRONIC, SERIOUS, Invented
from config.local.demo_office.staff import Staffed
from config.local.demo_office.words import PLACES, Place, facility_code
from config.offices import roles
from config.offices.acting import run_in_office

FIRST_DAY = date(2025, 2, 1)
LAST_DAY = date(2026, 10, 31)
STAYS_OF_ONE = (1, 1, 1, 2, 2, 3, 5)


class BillMaker:
    """Enters the bills of one county, in the order of their days."""

    def __init__(self, draw: Random, county: Staffed, county_number: int) -> None:
        """Begin with the first invoice of the county."""
        self.draw, self.county, self.county_number = draw, county, county_number
        self.invoices = 0

    def make(self, people: list[Invented], persons: int) -> int:
        """Settle the bills of some people; returns how many were entered."""
        chosen = self.draw.sample(people, persons)
        entered = [
            (invented, self._bill(invented))
            for invented in chosen
            for _ in range(self.draw.choice(STAYS_OF_ONE) if invented.is_covered else 1)
        ]
        entered.sort(key=lambda pair: pair[1].discharged_on)
        bills = [self._confirm(invented, bill) for invented, bill in entered]
        self._release()
        self._reverse_one(bills)
        self._correct_one(bills)
        return len(bills)

    def make_today(self, people: list[Invented], count: int) -> int:
        """Settle a few bills today, so that today's lists are not empty; none is released."""
        covered = [invented for invented in people if invented.is_covered]
        for invented in self.draw.sample(covered, count):
            bill = replace(self._bill(invented), admitted_on=LAST_DAY, discharged_on=LAST_DAY)
            self._confirm(invented, bill, on=calendar.today())
        return count

    def _confirm(self, invented: Invented, bill: BillInput, on: date | None = None) -> Bill:
        """Enter a bill some days after the discharge, as a clerk does."""
        day = on or bill.discharged_on + timedelta(days=self.draw.randrange(1, 20))
        key = f"demo-{bill.invoice_number}"
        with calendar.clock_at(min(day, calendar.today())), self._acting(roles.CLERK):
            shown = settlement_preview(bill, invented.person)
            answer = settlement_confirm(bill, invented.person, key=key, preview_digest=shown.digest)
            return Bill.objects.get(public_id=answer["bill"])

    def _release(self) -> None:
        with self._acting(roles.REVIEWER):
            waiting = list(review_list())
            for version in waiting[: len(waiting) * 4 // 5]:
                settlement_release(version, key=f"demo-release-{version.pk}")

    def _reverse_one(self, bills: list[Bill]) -> None:
        live = self._first_of_several(bills)
        with self._acting(roles.CLERK):
            settlement_reverse(live.bill, key=f"demo-reverse-{live.pk}", reason="发票重复录入")

    def _correct_one(self, bills: list[Bill]) -> None:
        live = self._first_of_several(bills)
        figures = live.bill_version
        with self._acting(roles.SUPERVISOR):
            wanted = entered_as(figures)
            wanted = replace(wanted, total_fen=wanted.total_fen + 1_200_00)
            shown = correction_preview(live.bill, wanted)
            bill_correct(
                live.bill,
                wanted,
                key=f"demo-correct-{live.pk}",
                preview_digest=shown.digest,
                reason="漏录一张费用清单",
            )

    def _first_of_several(self, bills: list[Bill]) -> Settlement:
        """Return a paid version that others follow, so that they are settled again."""
        with self._acting(roles.CLERK):
            rows = Settlement.objects.filter(bill__in=bills, superseded_by__isnull=True)
            paid = list(
                rows.filter(outcome="paid")
                .select_related("bill__person__office", "bill_version__facility", "account")
                .order_by("pk")
            )
        last = {version.account_id: version.sequence for version in paid}
        followed = [version for version in paid if version.sequence < last[version.account_id]]
        return self.draw.choice(followed or paid)

    def _acting(self, role: str):
        return run_in_office(self.county.office, self.county.staff[role])

    def _bill(self, invented: Invented) -> BillInput:
        self.invoices += 1
        span = (LAST_DAY - FIRST_DAY).days
        discharged = FIRST_DAY + timedelta(days=self.draw.randrange(span))
        bill = BillInput(
            care_type="inpatient",
            discharged_on=discharged,
            total_fen=0,
            invoice_code=f"990100{self.county_number:02d}",
            invoice_number=f"{self.invoices:010d}",
        )
        kinds = [self._inpatient] * 6 + [self._outpatient]
        if set(invented.diseases) & set(CHRONIC):
            kinds += [self._two_disease] * 3
        if set(invented.diseases) & set(SERIOUS):
            kinds += [self._serious] * 4
        return self.draw.choice(kinds)(bill, invented)

    def _inpatient(self, bill: BillInput, _invented: Invented) -> BillInput:
        place = self.draw.choice(PLACES)
        base = {0: 2_500_00, 1: 5_000_00, 2: 12_000_00, 3: 30_000_00}[place.level]
        total = base + self.draw.randrange(base * 3)
        stay = timedelta(days=self.draw.randrange(3, 20))
        off_area = "none"
        if not place.is_local:
            off_area = self.draw.choice(
                ("in_province", "in_province_unfiled", "out_province", "out_province_residence")
            )
        bill = replace(
            bill,
            admitted_on=bill.discharged_on - stay,
            off_area=off_area,
            is_referred=self.draw.random() < 0.7,
        )
        return self._itemised(_at(bill, place), total)

    def _serious(self, bill: BillInput, invented: Invented) -> BillInput:
        disease = next(word for word in invented.diseases if word in SERIOUS)
        bill = replace(self._inpatient(bill, invented), disease=disease)
        return self._itemised(bill, bill.total_fen * 3)

    def _outpatient(self, bill: BillInput, _invented: Invented) -> BillInput:
        place = self.draw.choice([place for place in PLACES if place.is_local and place.level < 2])
        bill = replace(bill, care_type="general_outpatient")
        return self._itemised(_at(bill, place), 80_00 + self.draw.randrange(400_00))

    def _two_disease(self, bill: BillInput, invented: Invented) -> BillInput:
        disease = next(word for word in invented.diseases if word in CHRONIC)
        place = self.draw.choice([place for place in PLACES if place.is_local and place.level < 2])
        bill = replace(bill, care_type="two_disease", disease=disease)
        return self._itemised(_at(bill, place), 60_00 + self.draw.randrange(300_00))

    def _itemised(self, bill: BillInput, total_fen: int) -> BillInput:
        """Give a bill its worksheet: lines of class A, B and C that add up to the parts."""
        class_b, class_c = total_fen * 3 // 10, total_fen * 4 // 100
        items = (
            ItemInput("床位、诊查与护理", "A", total_fen - class_b - class_c),
            ItemInput("药品与检查", "B", class_b, self_pay_first_fen=class_b // 10),
            ItemInput("自费项目", "C", class_c, fully_self_paid_fen=class_c),
        )
        return replace(
            bill,
            total_fen=total_fen,
            fully_self_paid_fen=class_c,
            self_pay_first_fen=class_b // 10,
            items=items,
        )


def _at(bill: BillInput, place: Place) -> BillInput:
    return replace(bill, facility_code=facility_code(place))
