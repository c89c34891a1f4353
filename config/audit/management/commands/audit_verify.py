"""Verify the record of acts from its first event to its last anchor."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from time import perf_counter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.audit.anchors import Anchor, AnchorBroken, read_file
from config.audit.verification import Damage, Finding, verify
from config.error_sentences import sentence

_WORDS = {
    Damage.CHANGED: "event {0.event_id} was changed",
    Damage.MISSING: "event {0.event_id} is missing",
    Damage.ADDED: "event {0.event_id} was added",
    Damage.MOVED: "events stand in another order, from event {0.event_id} on",
    Damage.SEAL_CHANGED: "the seal was changed",
    Damage.SEAL_MISSING: "the seal is missing",
    Damage.ANCHOR_DIFFERS: "the seal is not the one that was anchored",
}


def in_words(finding: Finding) -> str:
    return f"batch {finding.batch}: {_WORDS[finding.damage].format(finding)}"


class Command(BaseCommand):
    help = "Compare events with seals and seals with the anchor file; place every damage."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--anchor", type=Path, help="anchor file; that of the settings if there"
        )
        parser.add_argument("--from", type=int, default=1, dest="first", help="first seal")
        parser.add_argument("--through", type=int, default=None, dest="last", help="last seal")

    def handle(self, **options: Any) -> None:
        anchors = self._anchors(options["anchor"])
        start = perf_counter()
        verdict = verify(anchors, first=options["first"], last=options["last"])
        seconds = perf_counter() - start
        rate = int(verdict.events / seconds) if seconds else 0
        self.stdout.write(
            f"{verdict.seals} seals, {verdict.events} sealed events, {len(anchors)} anchors,"
            f" {verdict.unsealed} events not sealed yet; {rate} events a second"
        )
        for finding in verdict.findings:
            self.stdout.write(in_words(finding))
        if not verdict.is_sound:
            message = f"{len(verdict.findings)} damages found"
            raise CommandError(message)
        self.stdout.write("sound")

    def _anchors(self, named: Path | None) -> list[Anchor]:
        path = named or settings.AUDIT_ANCHOR_FILE
        if named is None and not path.exists():
            self.stdout.write("No anchor file: a rewrite of everything would stay unseen.")
            return []
        try:
            return read_file(path)
        except AnchorBroken as error:
            raise CommandError(sentence(error)) from None
