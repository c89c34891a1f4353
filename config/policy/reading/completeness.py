"""Whether a pack answers everywhere it must, and never with two voices."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from config.calendar import DaySpan
from config.policy.answers import OFFERED, Condition, Step
from config.policy.keys import Origin, PolicyKey, Value
from config.policy.reading.combinations import Combination, combinations
from config.policy.reading.problems import Problem, nearest_word
from config.policy.region import Region
from config.policy.schema import LIMITS, SUBJECTS, KeySpec, Need
from config.policy.spans import periods, winners

_SHOWN_GAPS = 5
_PAYING = {
    "basic": ("rate", "fixed_sum"),
    "catastrophic": ("brackets",),
    "assistance": ("rate",),
    "supplementary": ("rate",),
}
# Only these know the kind of assistance a bill draws on.
_AID = ("assistance", "supplementary")

Voices = list[Value | None]
Rule = Callable[[Voices], bool]


def _is_offered(voice: Value | None) -> bool:
    return voice is not None and voice.answer.status == OFFERED


class CompletenessCheck:
    """Checks the keys of one pack against each other.

    Args:
        region: vocabularies and known days.
        keys: all keys read, by full name.
        broken: keys with values that could not be read; nothing is concluded from them.
        problems: where problems are noted.
    """

    def __init__(
        self,
        region: Region,
        keys: Mapping[str, PolicyKey],
        broken: set[str],
        problems: list[Problem],
    ) -> None:
        """Prepare the check; `run` does it."""
        self.region = region
        self.keys = keys
        self.broken = broken
        self.problems = problems

    def run(self) -> None:
        """Note every ambiguity, gap and wrong limit."""
        for key in self.keys.values():
            if key.name not in self.broken:
                self._ambiguities(key)
        for subject, specs in SUBJECTS.items():
            for spec in specs.values():
                self._need(spec)
            if "counts_into" in specs:
                self._limits(subject)
        self._first_steps()
        self._last_kind()

    def _note(self, origin: Origin | None, code: str, text: str, nearest: str = "") -> None:
        file, line = (origin.file, origin.line) if origin else (self.region.id, 0)
        self.problems.append(Problem(file, line, code, text, nearest))

    def _key(self, name: str) -> PolicyKey:
        """Return a key; an absent one is a key without values."""
        subject = name.partition(".")[0]
        origin = Origin(f"{self.region.id}/{subject}.yaml", 0)
        return self.keys.get(name) or PolicyKey(name, subject, "", None, None, (), origin)

    def _ambiguities(self, key: PolicyKey) -> None:
        noted: set[tuple[int, int]] = set()
        for combination in combinations(self.region, [key]):
            for period in periods(combination.matching[0], self.region.known_span):
                best = winners(combination.matching[0], period.start)
                if len(best) < 2:
                    continue
                first, second = best[0], best[1]
                if (id(first), id(second)) in noted:
                    continue
                noted.add((id(first), id(second)))
                self._note_two_voices(key, first, second, combination, period)

    def _note_two_voices(
        self, key: PolicyKey, first: Value, second: Value, combination: Combination, period: DaySpan
    ) -> None:
        is_same = first.selectors == second.selectors
        line = first.origin.line if first.origin else 0
        text = (
            f"{key.name}: this value and the one in line {line} both hold for {combination.text()} "
            f"from {period.start}, naming equally many selectors"
        )
        self._note(second.origin, "overlap" if is_same else "ambiguous_selectors", text)

    def _need(self, spec: KeySpec) -> None:
        others = (*spec.of, *spec.but_not)
        names = [spec.full_name, *(f"{spec.subject}.{other}" for other in others)]
        if self.broken & set(names):
            return
        if spec.need is Need.OPTIONAL:
            self._optional(spec)
            return
        if spec.need is Need.REQUIRED and spec.full_name not in self.keys:
            self._note(self._key(spec.full_name).origin, "missing_key", f"`{spec.name}` is missing")
            return
        self._gaps([self._key(name) for name in names], self._rule(spec))

    @staticmethod
    def _rule(spec: KeySpec) -> Rule:
        """Return when the first of the voices is missing."""
        of = slice(1, 1 + len(spec.of))
        but_not = slice(1 + len(spec.of), None)
        if spec.need is Need.UNLESS:
            return lambda voices: voices[0] is None and not any(voices[of])
        if spec.need is Need.WHERE_OFFERED:
            return lambda voices: (
                voices[0] is None and any(map(_is_offered, voices[of])) and not any(voices[but_not])
            )
        return lambda voices: voices[0] is None

    def _optional(self, spec: KeySpec) -> None:
        key = self.keys.get(spec.full_name)
        if key is None:
            return
        found: list[tuple[Combination, list[DaySpan]]] = []
        for combination in combinations(self.region, [key]):
            spans = list(periods(combination.matching[0], self.region.known_span))
            silent = [span for span in spans if not winners(combination.matching[0], span.start)]
            if silent and len(silent) < len(spans):
                found.append((combination, silent))
        self._note_gaps(key, found)

    def _gaps(self, keys: Sequence[PolicyKey], is_missing: Rule) -> None:
        """Note where the first of the keys is silent although it must answer."""
        found: list[tuple[Combination, list[DaySpan]]] = []
        for combination in combinations(self.region, keys):
            values = [value for matching in combination.matching for value in matching]
            silent = []
            for span in periods(values, self.region.known_span):
                best = (winners(matching, span.start) for matching in combination.matching)
                if is_missing([each[0] if each else None for each in best]):
                    silent.append(span)
            if silent:
                found.append((combination, silent))
        self._note_gaps(keys[0], found)

    def _note_gaps(self, key: PolicyKey, found: list[tuple[Combination, list[DaySpan]]]) -> None:
        for combination, silent in found[:_SHOWN_GAPS]:
            days = f"{silent[0].start} to {silent[-1].last}"
            self._note(
                key.origin, "gap", f"{key.name} has no value for {combination.text()}, {days}"
            )
        if len(found) > _SHOWN_GAPS:
            text = f"{key.name} has no value for {len(found) - _SHOWN_GAPS} more combinations"
            self._note(key.origin, "gap", text)

    def _limits(self, subject: str) -> None:
        name = f"{subject}.counts_into"
        key = self.keys.get(name)
        if key is None or name in self.broken:
            return
        defined = {
            other.removeprefix(f"{LIMITS}.")
            for other in self.keys
            if other.startswith(f"{LIMITS}.")
        }
        used: set[str] = set()
        for value in key.values:
            for limit_id in _words(value.answer.value):
                if limit_id not in defined:
                    text = f"there is no limit `{limit_id}`"
                    self._note(value.origin, "unknown_limit", text, nearest_word(limit_id, defined))
                elif subject not in _AID and "kind" in self._key(f"{LIMITS}.{limit_id}").selectors:
                    text = (
                        f"`{limit_id}` depends on the kind of assistance, which {subject} has not"
                    )
                    self._note(value.origin, "kind_not_known_here", text)
                used.add(limit_id)
        paying = [f"{subject}.{paid}" for paid in _PAYING[subject]]
        if self.broken & set(paying):
            return
        for limit_id in sorted(used & defined):
            if f"{LIMITS}.{limit_id}" not in self.broken:
                self._limit_gaps(limit_id, key, [self._key(paid) for paid in paying])

    def _limit_gaps(self, limit_id: str, counts_into: PolicyKey, paying: list[PolicyKey]) -> None:
        def is_missing(voices: Voices) -> bool:
            limit, drawn, *paid = voices
            if limit is not None or drawn is None:
                return False
            return limit_id in _words(drawn.answer.value) and any(map(_is_offered, paid))

        self._gaps([self._key(f"{LIMITS}.{limit_id}"), counts_into, *paying], is_missing)

    def _first_steps(self) -> None:
        """Bands begin at 0 except where they are absolute positions (band_basis)."""
        for value in _stepped(self.keys.get("basic.rate")) + _stepped(
            self.keys.get("basic.off_area_rate")
        ):
            self._note(value.origin, "first_step_not_zero", "the first step begins at `0 yuan`")
        basis = self.keys.get("catastrophic.band_basis")
        for value in _stepped(self.keys.get("catastrophic.brackets")):
            for other in basis.values if basis else ():
                if other.answer.value == "above_deductible" and other.span.overlap(value.span):
                    text = "the first step begins at `0 yuan`, since band_basis is above_deductible"
                    self._note(value.origin, "first_step_not_zero", text)
                    break

    def _last_kind(self) -> None:
        key = self.keys.get("assistance.kind_condition")
        last = self.region.assistance_kinds[-1]
        for value in key.values if key else ():
            is_condition = isinstance(value.answer.value, Condition)
            if is_condition and last in value.selectors.get("kind", (last,)):
                text = f"`{last}` is the last kind of assistance and must hold always"
                self._note(value.origin, "last_kind_conditional", text)


def _words(content: object) -> Iterable[str]:
    return (
        content
        if isinstance(content, tuple) and not (content and isinstance(content[0], Step))
        else ()
    )


def _stepped(key: PolicyKey | None) -> list[Value]:
    """Return the values whose first step does not begin at 0."""
    found = []
    for value in key.values if key else ():
        steps = value.answer.value
        if (
            isinstance(steps, tuple)
            and steps
            and isinstance(steps[0], Step)
            and steps[0].over_fen > 0
        ):
            found.append(value)
    return found
