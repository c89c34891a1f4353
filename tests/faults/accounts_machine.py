"""A model of two accounts against the real ones: random acts, a bad broker, a moving clock.

The model knows little on purpose: which pages were shown, which keys were acknowledged with which
answer, and which effects are owed. What the money is, the offline checker decides at the end.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, rule

from claims.models import EntryKind, Outcome, Settlement
from claims.selectors.ledger import current_versions
from claims.selectors.lists import held_list
from claims.selectors.year import account_year
from claims.services.account import EntryInput, account_post, account_resettle
from claims.services.correction import bill_correct, correction_preview
from claims.services.held_bill import bill_settle, bill_settle_preview, bill_withdraw
from claims.services.preview import settlement_preview
from claims.services.send_back import settlement_send_back
from claims.services.settlement import settlement_confirm, settlement_release, settlement_reverse
from config import calendar
from config.calendar import SHANGHAI
from config.errors import DomainError
from config.offices import scope
from config.offices.acting import run_in_office
from config.outbox import services as outbox
from enrollment.services.spells import category_spell_add, coverage_spell_add
from tests.config.outbox import consumers
from tests.factories.claims import bill
from tests.factories.enrollment import make_person
from tests.faults.checker import check

EFFECT = "test.sequence"
START = datetime(2025, 12, 31, 22, 0, tzinfo=SHANGHAI)
PICK = st.integers(0, 99)
TOTALS = st.sampled_from([8_000_00, 30_000_00, 90_000_00, 300_000_00])
DAYS = st.sampled_from([date(2024, 12, 31), date(2025, 1, 1), date(2025, 7, 1), date(2025, 12, 31)])


class Broker:
    """Carries wake-ups badly: some are lost, some come twice, late, or in another order."""

    def __init__(self) -> None:
        self.messages: list[str] = []

    def send_task(self, name: str) -> None:
        self.messages.append(name)


class Accounts(RuleBasedStateMachine):
    """Two people of one county; `desk` and `broker` are set on the class made for a test."""

    desk: Any = None
    broker: Any = None
    pages = Bundle("pages")

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.people: list[Any] = []
        self.answers: dict[str, Any] = {}
        self.owed: list[str] = []
        self.refused: Counter[str] = Counter()

    def act(self, role: str, what: Any) -> Any:
        """Do an act at the model's instant; a refusal in words is an answer like any other."""
        user = getattr(self.desk, role)
        with calendar.clock_at(self.now), run_in_office(self.desk.east, user):
            try:
                return what()
            except DomainError as refusal:
                self.refused[refusal.code] += 1
                if refusal.code == "claims.account.broken":
                    raise
                return None

    @initialize()
    def begin(self) -> None:
        with run_in_office(self.desk.east, self.desk.clerk):
            self.people = [make_person(self.desk.east), make_person(self.desk.east, covered=False)]

    @rule(target=pages, who=st.integers(0, 1), total=TOTALS, day=DAYS)
    def show(self, who: int, total: int, day: date) -> Any:
        person = self.people[who]
        entered = bill(total_fen=total, admitted_on=day, discharged_on=day)
        shown = self.act("clerk", lambda: settlement_preview(entered, person))
        return entered, person, shown.digest if shown else "", uuid4().hex

    @rule(page=pages)
    def press(self, page: Any) -> None:
        """Confirm a page: at once, late, or again after it was confirmed."""
        entered, person, digest, key = page

        def confirmed() -> dict:
            with transaction.atomic():
                done = settlement_confirm(entered, person, key=key, preview_digest=digest)
                outbox.emit(EFFECT, key, f"{EFFECT}:{key}")
                return done

        answer = self.act("clerk", confirmed)
        if key in self.answers:
            assert answer == self.answers[key], "the same key, another answer"
        elif answer is not None:
            self.answers[key] = answer
            self.owed.append(key)

    @rule(which=PICK)
    def reverse(self, which: int) -> None:
        if live := self._live(which):
            self.act("clerk", lambda: settlement_reverse(live.bill, key=uuid4().hex, reason="演练"))

    @rule(which=PICK, total=TOTALS, day=DAYS)
    def correct(self, which: int, total: int, day: date) -> None:
        live = self._live(which)
        if live is None:
            return
        entered = replace(
            bill(total_fen=total, admitted_on=day, discharged_on=day),
            invoice_code=live.bill.invoice_code,
            invoice_number=live.bill.invoice_number,
        )

        def corrected() -> None:
            digest = correction_preview(live.bill, entered).digest
            key = uuid4().hex
            bill_correct(live.bill, entered, key=key, preview_digest=digest, reason="演练")

        self.act("clerk", corrected)

    @rule(which=PICK, is_sent_back=st.booleans())
    def review(self, which: int, is_sent_back: bool) -> None:
        live = self._live(which)
        if live is None:
            return
        key = uuid4().hex
        if is_sent_back:
            self.act("reviewer", lambda: settlement_send_back(live, key=key, reason="演练"))
        else:
            self.act("reviewer", lambda: settlement_release(live, key=key))

    @rule(who=st.integers(0, 1), amount=st.integers(-500_00, 500_00).filter(bool))
    def grant(self, who: int, amount: int) -> None:
        entered = EntryInput(EntryKind.GRANT, {"basic_cap": amount}, "drill")
        key = uuid4().hex
        self.act("supervisor", lambda: account_post(self.people[who], 2025, entered, key=key))

    @rule(who=st.integers(0, 1), place=st.integers(1, 4))
    def resettle(self, who: int, place: int) -> None:
        def again() -> None:
            account = account_year(self.people[who], 2025).account
            if account is not None:
                account_resettle(account, place, key=uuid4().hex, reason="演练")

        self.act("supervisor", again)

    @rule(who=st.integers(0, 1), day=DAYS)
    def recategorise(self, who: int, day: date) -> None:
        last = day + timedelta(days=30)
        person = self.people[who]
        self.act("clerk", lambda: category_spell_add(person, "minimum_living", day, last))

    @rule(is_withdrawn=st.booleans(), is_covered=st.booleans())
    def held(self, is_withdrawn: bool, is_covered: bool) -> None:
        """Take up the oldest held bill: its fact may be known now, or it is withdrawn."""

        def taken_up() -> None:
            row = held_list().filter(bill__person__in=self.people).order_by("pk").first()
            if row is None:
                return
            if is_withdrawn:
                bill_withdraw(row.bill, key=uuid4().hex, reason="演练")
                return
            if is_covered:
                coverage_spell_add(row.bill.person, "covered", date(2019, 1, 1))
            digest = bill_settle_preview(row.bill).digest
            bill_settle(row.bill, key=uuid4().hex, preview_digest=digest)

        self.act("clerk", taken_up)

    @rule(minutes=st.sampled_from([-60, -1, 1, 119, 121, 24 * 60, 59 * 24 * 60]))
    def pass_time(self, minutes: int) -> None:
        """Move the clock: over midnight, over the year's end, into a leap month, or back."""
        self.now += timedelta(minutes=minutes)

    @rule(which=PICK, times=st.integers(0, 2))
    def deliver(self, which: int, times: int) -> None:
        """Deliver one message: not at all, once or twice, in whatever order."""
        if not self.broker.messages:
            return
        self.broker.messages.pop(which % len(self.broker.messages))
        for _time in range(times):
            with scope.leave():
                outbox.sweep()

    def teardown(self) -> None:
        """Check everything: every effect owed came once, every account equals its replay."""
        self.broker.messages.clear()
        with scope.leave():
            outbox.sweep()
        came = [key for key in consumers.done if key in set(self.owed)]
        assert sorted(came) == sorted(self.owed), "an effect is missing or came twice"
        if not self.people:
            return
        log = [
            {"operation": "press", "key": key, "status": "ok", "answer": answer}
            for key, answer in self.answers.items()
        ]
        with run_in_office(self.desk.east, self.desk.clerk):
            problems = check([person.pk for person in self.people], log)
        assert problems == []

    def _live(self, which: int) -> Settlement | None:
        with run_in_office(self.desk.east, self.desk.clerk):
            rows = current_versions().filter(bill__person__in=self.people)
            rows = rows.exclude(outcome=Outcome.REVERSED).select_related("bill__person__office")
            found = list(rows.order_by("pk"))
        return found[which % len(found)] if found else None
