"""Entry of ``chancery`` and ``python -m chancery``."""

import gc
import sys

from chancery.interfaces.cli.program import run

__all__ = ["main"]

# Reading the program makes a hundred thousand objects that stay, a page or a line of a statement objects that go by
# themselves. Python looks for circles among them after every 2,000, which takes a tenth of a start.
OBJECTS_BETWEEN_COLLECTIONS = 20_000


def main() -> None:
    """Run the command line and leave with its exit code."""
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
