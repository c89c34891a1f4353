"""Compile the language catalogues in Python: gettext need not be installed."""

import os
from pathlib import Path

import polib

LOCALE_DIR = Path(__file__).resolve().parent.parent.parent / "locale"


def compile_catalogues(folder: Path = LOCALE_DIR) -> list[Path]:
    """Write a `.mo` beside every `.po` it was not made from; return what was written.

    The `.mo` bears the time of its `.po`, so a change made while one is compiled, or an older
    file brought back, is noticed the next time. Two programs may compile at once.
    """
    written = []
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        compiled = source.with_suffix(".mo")
        changed_ns = source.stat().st_mtime_ns
        if compiled.exists() and compiled.stat().st_mtime_ns == changed_ns:
            continue
        unfinished = compiled.with_suffix(f".{os.getpid()}.mo")
        polib.pofile(str(source)).save_as_mofile(str(unfinished))
        os.utime(unfinished, ns=(changed_ns, changed_ns))
        unfinished.replace(compiled)
        written.append(compiled)
    return written
