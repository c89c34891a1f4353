"""One offline checker for every fault test: reads what is stored, believes nothing.

It knows the law (settlement.md), the kernel for a replay and the reference in exact fractions
for a second one; it does not know the services. It returns what is wrong, in words.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

from claims.models import (
    AccountEntry,
    Act,
    Adjustment,
    Bill,
    InvoiceUse,
    Settlement,
    SettlementRelease,
)
from claims.models.settlement import FUND_PARTS, PAYER_PARTS, SCOPE_PARTS
from claims.selectors.facts import stored_facts
from claims.selectors.rule_books import book_of, kernel_accumulators, stored_accumulators
from claims.services.versions import row_digest
from claims.settlement.columns import PARTS, TRACE
from claims.settlement.desk import replay_account
from config.audit.models import ActKey, AuditEvent
from config.money import plain_yuan
from config.policy.files import pack_of_files
from config.policy.selectors import release_tree
from enrollment.models import CategorySpell, CoverageSpell, DiseaseCertification, Person
from tests.reference.ledger import settle_person
from tests.reference.rulebook import Rulebook

STATUS_VERBS = ("category.recorded", "coverage.recorded", "certification.recorded")


def check(people: Sequence[int], log: Iterable[dict] = ()) -> list[str]:
    """Return everything that is wrong with the accounts of these people; empty is good.

    Args:
        people: ids; called inside a scope that sees their office.
        log: what the operations answered, if there is a log.
    """
    versions = _versions(people)
    chains: dict[int, list[Settlement]] = defaultdict(list)
    for version in versions:
        chains[version.bill_id].append(version)
    current = [chain[-1] for chain in chains.values()]
    live = [version for version in current if version.outcome != "reversed"]
    return [
        *_chain_problems(chains),
        *(problem for version in versions for problem in _version_problems(version)),
        *_adjustment_problems(chains),
        *_release_problems(versions),
        *_invoice_problems(people, live),
        *_replay_problems(live),
        *_entry_problems(live),
        *_reference_problems(live),
        *_log_problems(list(log), versions),
    ]


def _versions(people: Sequence[int]) -> list[Settlement]:
    rows = Settlement.objects.filter(bill__person_id__in=people)
    return list(
        rows.select_related("bill", "bill_version", "account").order_by("bill_id", "version")
    )


def _chain_problems(chains: dict[int, list[Settlement]]) -> Iterable[str]:
    for chain in chains.values():
        numbers = [version.version for version in chain]
        if numbers != list(range(1, len(chain) + 1)):
            yield f"bill {chain[0].bill}: versions {numbers}"
        before = [None, *[version.pk for version in chain[:-1]]]
        if [version.supersedes_id for version in chain] != before:
            yield f"bill {chain[0].bill}: a version supersedes another than the one before it"


def _version_problems(version: Settlement) -> Iterable[str]:
    amounts = {name: getattr(version, name) for name in ("total_fen", *SCOPE_PARTS, *PAYER_PARTS)}
    if min(amounts.values()) < 0:
        yield f"{version}: a part is negative"
    for parts in (SCOPE_PARTS, PAYER_PARTS):
        if sum(amounts[name] for name in parts) != version.total_fen:
            yield f"{version}: {parts} do not sum to the total"
    if version.own_within_fen + version.own_outside_fen != version.own_share_fen:
        yield f"{version}: own share is not within and outside"
    if version.account_paid_fen + version.cash_fen != version.own_share_fen:
        yield f"{version}: own share is not account and cash"
    if version.row_digest != row_digest(version):
        yield f"{version}: the row was altered"


def _adjustment_problems(chains: dict[int, list[Settlement]]) -> Iterable[str]:
    legs: dict[tuple[int, str], int] = {
        (row.to_settlement_id, row.payer): row.amount_fen
        for row in Adjustment.objects.filter(to_settlement__bill_id__in=chains)
    }
    for chain in chains.values():
        for before, after in pairwise(chain):
            for column in FUND_PARTS:
                difference = getattr(after, column) - getattr(before, column)
                if legs.pop((after.pk, column.removesuffix("_fen")), 0) != difference:
                    yield f"{after}: the adjustment of {column} is not its difference"
    yield from (f"an adjustment without a difference: {leg}" for leg in legs)


def _release_problems(versions: list[Settlement]) -> Iterable[str]:
    makers = {version.pk: version.actor_id for version in versions}
    for row in SettlementRelease.objects.filter(settlement_id__in=makers):
        if row.maker_id != makers[row.settlement_id]:
            yield f"release of {row.settlement_id}: another maker than the version's"
        if row.kind == "person" and row.actor_id == row.maker_id:
            yield f"release of {row.settlement_id}: made and released by one person"


def _invoice_problems(people: Sequence[int], live: list[Settlement]) -> Iterable[str]:
    used = Counter((row.bill.invoice_code, row.bill.invoice_number) for row in live)
    yield from (f"invoice {invoice} is settled {n} times" for invoice, n in used.items() if n > 1)
    taken = Counter(
        InvoiceUse.objects.filter(kind="taken").values_list("bill_public_id", flat=True)
    )
    for public_id in Bill.objects.filter(person_id__in=people).values_list("public_id", flat=True):
        if taken[public_id] != 1:
            yield f"bill {public_id} took its invoice {taken[public_id]} times"


def _replay_problems(live: list[Settlement]) -> Iterable[str]:
    """Replay each account from nothing through the kernel: figures, trace and openings."""
    accounts: dict[int, list[Settlement]] = defaultdict(list)
    for version in live:
        accounts[version.account_id].append(version)
    for account_id, versions in accounts.items():
        versions.sort(key=lambda version: version.sequence)
        book = book_of({version.release_id for version in versions})
        entries = list(AccountEntry.objects.filter(account_id=account_id).order_by("pk"))
        state, counted = {}, 0
        for version in versions:
            state = _moved_by(state, entries, counted, version.entries_through)
            counted = version.entries_through
            if version.opening != state:
                yield f"{version} (account {account_id}): it does not stand on what came before"
            opening = kernel_accumulators(book, state)
            settled, closing = replay_account(book, [stored_facts(version)], opening)
            figures = settled[0].figures
            wrong = [name for name in PARTS if getattr(version, f"{name}_fen") != figures[name]]
            if wrong or version.trace_fen != [figures[name] for name in TRACE]:
                yield f"{version} (account {account_id}): the replay differs at {wrong or 'the trace'}"
            state = stored_accumulators(book, closing)


def _entry_problems(live: list[Settlement]) -> Iterable[str]:
    """Hold each version to the entries that were posted before it; the record knows the order."""
    accounts = {version.account_id for version in live}
    entries = AccountEntry.objects.filter(account__in=accounts).values_list("pk", "account_id")
    targets = {str(pk): account for pk, account in entries}
    posted = _events_of(["account.posted"], targets)
    # Only what is recorded when a version is written; a release of it comes later.
    written = _events_of(
        ["settlement.confirmed", "settlement.resettled"], {str(v.public_id) for v in live}
    )
    corrected = _corrections({str(version.bill.public_id) for version in live})
    for version in live:
        event = written.get(str(version.public_id))
        if version.act == Act.CORRECT:
            event = corrected.get((str(version.bill.public_id), version.bill_version.version))
        if event is None:
            continue  # written by an office above, whose events are its own
        before = [
            int(pk) for pk, at in posted.items() if targets[pk] == version.account_id and at < event
        ]
        if version.entries_through != max(before, default=0):
            yield f"{version}: it counts other entries than were posted before it"


def _corrections(bills: Iterable[str]) -> dict[tuple[str, int], int]:
    """Return the number of the event of each correction, by bill and version of its figures."""
    rows = AuditEvent.objects.filter(
        verb="bill.corrected", target_id__in=list(bills), outcome=AuditEvent.Outcome.DONE
    )
    return {
        (bill, payload["version"]): number
        for bill, payload, number in rows.values_list("target_id", "payload", "pk")
    }


def _events_of(verbs: list[str], targets: Iterable[str]) -> dict[str, int]:
    """Return the number of the first event of each target."""
    rows = AuditEvent.objects.filter(
        verb__in=verbs, target_id__in=list(targets), outcome=AuditEvent.Outcome.DONE
    )
    first: dict[str, int] = {}
    for target, number in rows.order_by("pk").values_list("target_id", "pk"):
        first.setdefault(target, number)
    return first


def _moved_by(state: dict, entries: list[AccountEntry], after: int, through: int) -> dict:
    """Return accumulators moved by the entries of a span."""
    moved = dict(state)
    for entry in entries:
        if after < entry.pk <= through:
            for name, amount in entry.amounts.items():
                moved[name] = moved.get(name, 0) + amount
    return {name: value for name, value in sorted(moved.items()) if value}


def _reference_problems(live: list[Settlement]) -> Iterable[str]:
    """Settle each person's live bills again by the reference, in their order.

    The reference knows bills alone, and a person as they are today: who has entries beside the
    bills, or was given a status after a bill, is left to the replay.
    """
    others = set(AccountEntry.objects.values_list("account__person_id", flat=True))
    begun = min((version.at for version in live), default=None)
    if begun is not None:
        dated = AuditEvent.objects.filter(verb__in=STATUS_VERBS, at__gt=begun)
        ids = dated.values_list("target_id", flat=True)
        others |= set(Person.objects.filter(public_id__in=list(ids)).values_list("pk", flat=True))
    people: dict[int, list[Settlement]] = defaultdict(list)
    for version in live:
        people[version.bill.person_id].append(version)
    for person_id, versions in people.items():
        if person_id in others:
            continue
        versions.sort(key=lambda version: (version.account_id, version.sequence))
        book = Rulebook.of(release_tree(versions[0].release_id), pack_of_files(versions[0].region))
        case = {"person": _case_person(person_id, versions), "events": _events(versions)}
        settled = settle_person(book, case).current
        for version in versions:
            each = settled[version.bill.number]
            figures = {name: getattr(version, f"{name}_fen") for name in PARTS}
            wrong = [
                name
                for name, figure in figures.items()
                if each.figures.get(name) is not None and each.figures[name] != figure
            ]
            if (each.outcome, each.reason) != (version.outcome, version.reason_code) or wrong:
                yield f"{version}: the reference differs at {wrong or each.outcome}"


def _case_person(person_id: int, versions: list[Settlement]) -> dict:
    def spells(model, column: str, word: str) -> list[dict]:
        return [
            {word: getattr(row, column), "from": row.from_on}
            | ({"through": row.through_on} if row.through_on else {})
            for row in model.objects.filter(person_id=person_id)
        ]

    return {
        "born_on": Person.objects.get(pk=person_id).birth_on,
        "grade": versions[0].grade,
        "categories": spells(CategorySpell, "category", "category"),
        "certified": spells(DiseaseCertification, "disease", "disease"),
        "cover": spells(CoverageSpell, "status", "status"),
    }


def _events(versions: list[Settlement]) -> list[dict]:
    return [
        {
            "bill": version.bill.number,
            "care_type": version.bill_version.care_type,
            "level": version.level,
            "admitted_on": version.bill_version.admitted_on,
            "discharged_on": version.bill_version.discharged_on,
            "off_area": version.bill_version.off_area,
            "referred": version.bill_version.referred,
            "disease": version.bill_version.disease,
            "third_party": version.bill_version.third_party,
            "kind": version.bill_version.kind,
            "received_on": version.bill_version.received_on,
        }
        | {
            name: f"{plain_yuan(getattr(version.bill_version, f'{name}_fen'))} yuan"
            for name in (
                "total",
                "fully_self_paid",
                "over_limit_price",
                "self_pay_first",
                "other_aid",
                "hospital_part",
            )
        }
        for version in versions
    ]


def _log_problems(log: list[dict], versions: list[Settlement]) -> Iterable[str]:
    """Compare the log: nothing acknowledged is missing, nothing refused is there, nothing twice."""
    written = {version.request_key for version in versions}
    kept = set(ActKey.objects.values_list("key", flat=True))
    # A refused request may have been sent again under the same key, and then have worked.
    acknowledged = {line["key"] for line in log if line["status"] == "ok"}
    stored = {str(version.public_id) for version in versions}
    for line in log:
        if line["status"] == "broken":
            yield f"{line['operation']} {line['key']} broke: {line['code']}"
        answer = line.get("answer") or {}
        if (
            line["status"] == "ok"
            and answer.get("settlement")
            and answer["settlement"] not in stored
        ):
            yield f"{line['operation']} {line['key']} was acknowledged and is missing"
        if line["status"] == "ok" and line["key"] not in kept and "category" not in answer:
            yield f"{line['operation']} {line['key']} was acknowledged and its key is missing"
        if line["status"] == "refused" and line["key"] in (written | kept) - acknowledged:
            yield f"{line['operation']} {line['key']} was refused and is there"
    first = [(row.actor_id, row.request_key) for row in versions if row.version == 1]
    yield from (f"key {key} wrote {n} bills" for key, n in Counter(first).items() if n > 1)
    entries = Counter(AccountEntry.objects.values_list("actor_id", "request_key"))
    yield from (f"key {key} posted {n} entries" for key, n in entries.items() if n > 1)
