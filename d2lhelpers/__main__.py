"""The commands of ``python -m d2lhelpers``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from d2lhelpers import launch


def check(arguments: argparse.Namespace) -> int:
    """Print what the course needs and what is there; 1 if something is missing without which it cannot run."""
    from d2lhelpers import runtime

    rows = runtime.check_setup()
    print(runtime.format_checks(rows))
    return 1 if any(row.state == "error" for row in rows) else 0


def data_fetch(arguments: argparse.Namespace) -> int:
    """Download what is missing of the named data sets; 1 if one of them is not available."""
    from d2lhelpers.data import downloads, mirrors

    failed = 0
    for data_set in (mirrors.DATA_SETS[name] for name in arguments.names):
        try:
            for file in data_set.files:
                downloads.fetch(data_set, file)
                print(f"{'ok':<10}  {data_set.name}/{file}", flush=True)
        except downloads.DataError as error:
            print(error, file=sys.stderr)
            failed = 1
    return failed


def data_path(arguments: argparse.Namespace) -> int:
    """Print the folder for downloads and nothing else, for use in scripts."""
    from d2lhelpers.data import downloads

    try:
        print(downloads.cache_folder())
    except downloads.DataError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def data_verify(arguments: argparse.Namespace) -> int:
    """Print the state of each file in the cache; 1 if one is damaged, or belongs to a named data set and is missing."""
    from d2lhelpers.data import downloads, mirrors

    accepted = {"ok"} if arguments.names else {"ok", "missing"}
    failed = 0
    for data_set in (mirrors.DATA_SETS[name] for name in arguments.names or mirrors.DATA_SETS):
        for file in data_set.files:
            state = downloads.file_state(data_set, file)
            print(f"{state:<10}  {data_set.name}/{file}")
            failed |= state not in accepted
    return int(failed)


def install(arguments: argparse.Namespace) -> int:
    """Install what the course needs; 1 if that is not possible."""
    from d2lhelpers import runtime

    if problem := runtime.unsupported_platform():  # before the import of packages that may not be there then
        print(problem, file=sys.stderr)
        return 1
    from d2lhelpers import installation

    try:
        if arguments.gpu:
            done = installation.install_gpu(arguments.without_driver)
        else:
            done = installation.install_cpu() if arguments.cpu else installation.install()
    except installation.InstallationError as error:
        print(error, file=sys.stderr)
        return 1
    print("Done. python -m d2lhelpers check      looks at the whole set-up" if done else "Everything is there already.")
    return 0


def _add_install_options(parser: argparse.ArgumentParser) -> None:
    build = parser.add_mutually_exclusive_group()
    build.add_argument("--gpu", action="store_true", help="MXNet's build for Nvidia GPUs, and CUDA 11 (2.4 GB)")
    build.add_argument("--cpu", action="store_true", help="MXNet's build without GPU, in place of one for GPUs")
    parser.add_argument(
        "--without-driver", action="store_true", help="with --gpu: prepare an image for another machine"
    )
    parser.set_defaults(run=install)


def _add_data_commands(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name, run, count, text in (
        ("fetch", data_fetch, "+", "download data sets, to be ready for a room without a network"),
        ("path", data_path, None, "print the folder for downloads"),
        ("verify", data_verify, "*", "compare the downloaded files with their SHA-256"),
    ):
        command = commands.add_parser(name, help=text, description=text)
        if count:
            command.add_argument(
                "names", nargs=count, choices=["mnist", "fashion_mnist"], metavar="NAME", help="mnist, fashion_mnist"
            )
        command.set_defaults(run=run)


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line; every command sets the function that does its work as ``run``."""
    parser = argparse.ArgumentParser(prog="python -m d2lhelpers", description="Helpers of the course.")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    command = commands.add_parser("check", help="say whether this machine can run the course, and what mends it")
    command.set_defaults(run=check)
    command = commands.add_parser("install", help="bring MXNet and d2l, and leave what is there as it is")
    _add_install_options(command)
    command = commands.add_parser("data", help="download MNIST and Fashion-MNIST beforehand, find and verify them")
    _add_data_commands(command)
    command = commands.add_parser("launch", help="train with several processes, on this machine or on several")
    launch.add_arguments(command)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 good, 1 not; wrong usage exits with 2."""
    parser = make_parser()
    parsed = parser.parse_args(arguments)
    if not hasattr(parsed, "run"):
        parser.print_help()
        return 0
    try:
        status = parsed.run(parsed)
        sys.stdout.flush()
        return status
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130  # as a shell reports it
    except BrokenPipeError:  # of `... | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else Python complains on its way out
        return 1


if __name__ == "__main__":
    sys.exit(main())
