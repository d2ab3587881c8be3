"""The commands of ``python -m d2lhelpers``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence


def check(arguments: argparse.Namespace) -> int:
    """Print what the course needs and what is there; 1 if something is missing without which it cannot run."""
    from d2lhelpers import runtime

    rows = runtime.check_setup()
    print(runtime.format_checks(rows))
    return 1 if any(row.state == "error" for row in rows) else 0


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line; every command sets the function that does its work as ``run``."""
    parser = argparse.ArgumentParser(prog="python -m d2lhelpers", description="Helpers of the course.")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    command = commands.add_parser("check", help="say whether this machine can run the course, and what mends it")
    command.set_defaults(run=check)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 good, 1 not; wrong usage exits with 2."""
    parser = make_parser()
    parsed = parser.parse_args(arguments)
    if not hasattr(parsed, "run"):
        parser.print_help()
        return 0
    return parsed.run(parsed)


if __name__ == "__main__":
    sys.exit(main())
