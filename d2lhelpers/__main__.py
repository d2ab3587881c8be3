"""The commands of ``python -m d2lhelpers``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from d2lhelpers import report
from d2lhelpers.data import downloads, mirrors
from d2lhelpers.distributed import launch
from mxnet_compat import __main__ as mxnet_commands


def check(arguments: argparse.Namespace) -> int:
    """Print the setup report of the course; return 1 if something that the course requires is missing."""
    return mxnet_commands.print_report(report.examine())


def data_fetch(arguments: argparse.Namespace) -> int:
    """Download the missing files of the named data sets; raise DataError if one of them is not available."""
    for data_set in (mirrors.DATA_SETS[name] for name in arguments.names):
        for file in data_set.files:
            downloads.fetch(data_set, file)
            print(f"{'ok':<10}  {data_set.name}/{file}", flush=True)
    return 0


def data_path(arguments: argparse.Namespace) -> int:
    """Print the folder for downloads and nothing else, for use in scripts."""
    print(downloads.cache_folder())
    return 0


def data_verify(arguments: argparse.Namespace) -> int:
    """Print the state of each file in the cache; return 1 if one is damaged, or missing from a named data set."""
    accepted = {"ok"} if arguments.names else {"ok", "missing"}
    failed = 0
    for data_set in (mirrors.DATA_SETS[name] for name in arguments.names or mirrors.DATA_SETS):
        for file in data_set.files:
            state = downloads.file_state(data_set, file)
            print(f"{state:<10}  {data_set.name}/{file}")
            failed |= state not in accepted
    return int(failed)


def _data_set_name(name: str) -> str:
    # Not `choices`, because with nargs="*" Python 3.11 would reject a command without names.
    if name not in mirrors.DATA_SETS:
        raise argparse.ArgumentTypeError(f"unknown data set {name!r}: choose {' or '.join(mirrors.DATA_SETS)}")
    return name


def _add_data_commands(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name, run, count, text in (
        ("fetch", data_fetch, "+", "download data sets ahead of time, for a room without a network"),
        ("path", data_path, None, "print the folder for downloads"),
        ("verify", data_verify, "*", "check the downloaded files against their SHA-256 hashes"),
    ):
        command = commands.add_parser(name, help=text, description=text)
        if count:
            command.add_argument("names", nargs=count, type=_data_set_name, metavar="NAME", help="mnist, fashion_mnist")
        command.set_defaults(run=run)


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line; each command sets ``run`` to the function that does its work."""
    parser = argparse.ArgumentParser(prog="python -m d2lhelpers", description="Helpers for the course.")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    mxnet_commands.add_commands(commands, extra=["course"])
    commands.choices["check"].set_defaults(run=check)
    command = commands.add_parser("data", help="download MNIST and Fashion-MNIST in advance, find and verify them")
    _add_data_commands(command)
    command = commands.add_parser("launch", help="train with several processes, on this machine or on several")
    launch.add_arguments(command)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status, 0 for success or 1 for failure; incorrect usage exits with 2."""
    parser = make_parser()
    parsed = parser.parse_args(arguments)
    if not hasattr(parsed, "run"):
        parser.print_help()
        return 0
    try:
        status = parsed.run(parsed)
        sys.stdout.flush()
        return status
    except downloads.DataError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130  # as a shell reports it
    except BrokenPipeError:  # from `... | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # otherwise Python complains when it exits
        return 1


if __name__ == "__main__":
    sys.exit(main())
