"""``python -m catalogue``, and the command ``catalogue``: the command line, begun."""

from __future__ import annotations

import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run the command line; who interrupts it while it is still being loaded is told so, too."""
    try:
        from catalogue.cli import main as begin
    except KeyboardInterrupt:
        print("catalogue: interrupted; nothing was begun", file=sys.stderr)
        sys.exit(130)
    begin()


if __name__ == "__main__":
    main()
