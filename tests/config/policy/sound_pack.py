"""The sound pack of the loader's tests, whole or with one passage changed."""

import shutil
from pathlib import Path

from config.policy.loader import load_notices, load_pack

HERE = Path(__file__).parent
SOUND = HERE / "packs" / "900000_sound"
NOTICES = HERE / "packs" / "notices"


def sound_pack():
    """Load the sound pack."""
    return load_pack(SOUND, load_notices([NOTICES]))


def changed_pack(folder, file, old, new):
    """Load the sound pack after replacing one passage of one file."""
    home = folder / SOUND.name
    shutil.copytree(SOUND, home)
    text = (home / file).read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
    (home / file).write_text(text.replace(old, new), encoding="utf-8")
    return load_pack(home, load_notices([NOTICES]))
