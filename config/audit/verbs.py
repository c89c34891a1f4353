"""The catalogue of acts that leave an event: code, sentence, and which details may be kept.

Codes are stable for ever. A payload key that is not listed is refused, so that no event can
carry an ID number, a telephone number or a free copy of a form by accident.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from config.errors import DomainError


@dataclass(frozen=True)
class Verb:
    """One act: its sentence and the keys its payload may have."""

    sentence: str | Promise
    payload: frozenset[str]


def _verb(sentence: str | Promise, *payload: str) -> Verb:
    return Verb(sentence, frozenset(payload))


VERBS: dict[str, Verb] = {
    # sign-in and accounts
    "session.opened": _verb(_("Signed in")),
    "session.closed": _verb(_("Signed out")),
    "session.refused": _verb(_("Sign-in refused"), "username_known"),
    "session.renewed": _verb(_("Gave the second factor once more")),
    "session.office_switched": _verb(_("Went on for another office"), "office"),
    "factor.enrolled": _verb(_("Enrolled a second factor"), "kind"),
    "factor.refused": _verb(_("Second factor refused")),
    "factor.reset": _verb(_("Took a second factor away")),
    "recovery_codes.made": _verb(_("Made recovery codes")),
    "recovery_code.used": _verb(_("Used a recovery code")),
    "one_day_code.issued": _verb(_("Issued a code for one day")),
    "one_day_code.used": _verb(_("Used a code for one day")),
    "password.changed": _verb(_("Changed the own password")),
    "user.created": _verb(_("Created an account"), "fields"),
    "user.changed": _verb(_("Changed an account"), "fields"),
    "user.password_reset": _verb(_("Reset a password")),
    "user.lapsed": _verb(_("Closed an account nobody used for 90 days")),
    "membership.granted": _verb(_("Granted a role"), "role", "office", "from_on", "through_on"),
    "membership.changed": _verb(_("Changed a role"), "role", "office", "from_on", "through_on"),
    "deputy.appointed": _verb(_("Appointed a deputy"), "role", "from_on", "through_on"),
    "deputy.ended": _verb(_("Ended the appointment of a deputy"), "role"),
    "work.handed_over": _verb(_("Handed over the open work of a person"), "taker", "moved"),
    "office.created": _verb(_("Created an office"), "fields"),
    "office.changed": _verb(_("Changed an office"), "fields"),
    # policy
    "document.recorded": _verb(_("Recorded a document"), "number"),
    "document.changed": _verb(_("Changed a document"), "number", "fields"),
    "release.registered": _verb(_("Registered a policy release"), "region", "digest"),
    "release.activated": _verb(
        _("Activated a policy release"), "region", "digest", "active_from", "document"
    ),
    # people
    "person.registered": _verb(_("Registered a person"), "fields", "number_digest"),
    "person.changed": _verb(_("Changed a person"), "fields"),
    "person.searched": _verb(_("Searched for a person"), "shape", "found", "people"),
    "person.opened": _verb(_("Opened a person"), "look", "number"),
    "people.listed": _verb(_("Saw people in a list"), "list", "found", "people"),
    "id_number.revealed": _verb(_("Showed a full ID number"), "purpose", "number_digest"),
    "reading.noticed": _verb(_("Read more people than usual"), "kind", "count", "limit"),
    "reading.answered": _verb(_("Answered a notice about much reading")),
    "readers.asked": _verb(_("Asked who opened a person"), "from_on", "through_on", "found"),
    "reads.asked": _verb(_("Asked whose data an account opened"), "from_on", "through_on", "found"),
    # across offices: the asking office and the office asked keep one each
    "number.checked": _verb(
        _("Asked whether a number is registered elsewhere in the pool"), "found", "number_digest"
    ),
    "number.asked_for": _verb(
        _("Another office asked whether the person is registered"), "office", "number_digest"
    ),
    "case.handed_over": _verb(
        _("Handed a case to the office of the person"), "kind", "number", "number_digest"
    ),
    "case.received": _verb(
        _("Received a case accepted by another office"), "kind", "number", "office"
    ),
    "case.taken": _verb(_("Took a case accepted elsewhere"), "kind", "number"),
    "case.settled": _verb(_("Settled a case accepted elsewhere"), "kind", "number"),
    "case.returned": _verb(_("Returned a case accepted elsewhere"), "kind", "number"),
    "case.answered": _verb(_("The case handed over was answered"), "number", "outcome"),
    "receipt.printed": _verb(_("Printed a receipt of acceptance"), "number"),
    "person.moved_out": _verb(_("Handed a person to another office"), "office"),
    "person.moved_in": _verb(_("Received a person from another office"), "office"),
    "account.closed": _verb(_("Closed an account handed to another office")),
    "pool_report.read": _verb(_("Read the report of the pool"), "from_on", "through_on"),
    "category.recorded": _verb(_("Recorded a category"), "category", "from_on", "through_on"),
    "coverage.recorded": _verb(
        _("Recorded coverage"), "scheme", "status", "grade", "from_on", "through_on"
    ),
    "certification.recorded": _verb(_("Recorded a disease certification"), "from_on", "through_on"),
    # bills and settlements
    "facility.changed": _verb(_("Changed a facility"), "fields"),
    "bill.entered": _verb(_("Entered a bill"), "number"),
    "bill.handed_over": _verb(_("Handed a bill over"), "number", "taker"),
    "bill.held": _verb(_("Held a bill"), "number", "reasons"),
    "bill.withdrawn": _verb(_("Withdrew a held bill"), "number"),
    "bill.corrected": _verb(_("Corrected a bill"), "number", "version"),
    "settlement.confirmed": _verb(
        _("Confirmed a settlement"), "number", "version", "outcome", "fund_fen", "own_share_fen"
    ),
    "settlement.released": _verb(_("Released a settlement"), "number", "version", "kind", "office"),
    "settlement.sent_back": _verb(_("Sent a settlement back"), "number", "version"),
    "settlement.reversed": _verb(_("Reversed a settlement"), "number", "version"),
    "settlement.resettled": _verb(
        _("Settled a bill again"), "number", "version", "cause", "aid_excess_fen"
    ),
    "statement.printed": _verb(_("Printed a statement"), "number", "version", "copy"),
    "account.posted": _verb(_("Posted an entry to an account"), "kind", "amounts"),
    "account.resettled": _verb(_("Settled an account again"), "from_sequence", "changed"),
    # the machine interface
    "coverage.asked": _verb(_("Asked for a person's coverage through the interface"), "found"),
    "settlement.asked": _verb(
        _("Asked through the interface what a bill would be settled at"), "outcome"
    ),
    "statement.asked": _verb(_("Read a statement through the interface"), "number", "version"),
    "api_token.created": _verb(_("Made an interface token"), "facility", "prefix", "through_on"),
    "api_token.revoked": _verb(_("Revoked an interface token"), "facility", "prefix"),
    # operation
    "ledger.swept": _verb(_("Swept the ledger"), "invariants", "findings", "failures"),
    "operation.resumed": _verb(_("Confirmed that the restored system goes on")),
    "backup.done": _verb(_("Made a backup"), "code"),
    "backup.failed": _verb(_("A backup failed"), "code"),
    "restore_test.done": _verb(_("Tested a restore"), "code"),
    "restore_test.failed": _verb(_("A test of a restore failed"), "code"),
    # background work
    "outbox.retried": _verb(_("Tried failed work again"), "kind"),
    "run.planned": _verb(_("Planned a run"), "kind", "rows"),
    "run.approved": _verb(_("Approved a run"), "kind", "rows"),
    "run.paused": _verb(_("Paused a run"), "kind"),
    "run.resumed": _verb(_("Resumed a run"), "kind"),
    "run.cancelled": _verb(_("Cancelled a run"), "kind", "chunks"),
    "run.stopped": _verb(_("Stopped a run by itself"), "kind", "code"),
    "run.chunk_done": _verb(
        _("Did a chunk of a run"), "kind", "number", "rows_done", "rows_set_aside"
    ),
    "run.finished": _verb(
        _("Finished a run"), "kind", "outcome", "chunks", "parked", "rows_done", "rows_set_aside"
    ),
    # everything else
    "row.added": _verb(_("Added a record"), "fields"),
    "row.changed": _verb(_("Changed a record"), "fields"),
    "act.refused": _verb(_("Tried an act that is not allowed"), "act", "code"),
    "address.refused": _verb(_("Asked for a page or row that is not open"), "page", "code"),
}


def check(code: str, payload: dict[str, object]) -> Verb:
    """Return the verb of a code.

    Raises:
        DomainError: `audit.verb.unknown`, or `audit.payload.not_allowed` with the keys.
    """
    verb = VERBS.get(code)
    if verb is None:
        raise DomainError("audit.verb.unknown", verb=code)
    foreign = sorted(set(payload) - verb.payload)
    if foreign:
        raise DomainError("audit.payload.not_allowed", verb=code, keys=foreign)
    return verb
