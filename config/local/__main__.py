"""`python -m config.local up|down|reset|status|catalogue`."""

import argparse
import sys

from config.local import demo
from config.local.catalogue import compile_catalogues
from config.local.refusal import Refusal
from config.local.servers.place import DEMO, alone

ANOTHER_ACCOUNT = (
    "if another account made the folder var/ of this checkout, run the command as that account, "
    "or let it run `make reset` first."
)


def main() -> int:
    """Run one command; a refusal is printed plainly and ends with 1."""
    acts = {"up": demo.up, "down": demo.down, "reset": demo.reset}
    parser = argparse.ArgumentParser(prog="python -m config.local", description=__doc__)
    parser.add_argument("act", choices=[*acts, "status", "catalogue"])
    act = parser.parse_args().act
    try:
        if act == "status":
            return 0 if demo.status() else 1
        if act == "catalogue":
            compile_catalogues()
            return 0
        with alone(DEMO):
            acts[act]()
    except Refusal as refusal:
        print(f"\nStopped here. {refusal}", file=sys.stderr)
        return 1
    except PermissionError as failure:
        print(f"\nStopped here. {failure}\n  What to do: {ANOTHER_ACCOUNT}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted. `make demo` goes on where it was.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
