"""The command line: ``python -m mxnet_compat check`` and ``install``."""

import argparse
import sys
from collections.abc import Sequence

from mxnet_compat import report


def check(arguments: argparse.Namespace) -> int:
    """Print the setup report; return 1 if it contains an error."""
    return print_report(report.examine())


def print_report(rows: Sequence[report.Row]) -> int:
    """Print the rows of a setup report; return 1 if one of them is an error."""
    print(report.format_rows(rows))
    return int(any(row.state == "error" for row in rows))


def install(arguments: argparse.Namespace) -> int:
    """Install MXNet and the requested extras; return 1 if that fails."""
    from mxnet_compat import install as installer  # needs `packaging`, which `check` does not

    try:
        if arguments.gpu:
            done = installer.install_gpu(*arguments.extra, without_driver=arguments.without_driver)
        elif arguments.cpu:
            done = installer.install_cpu(*arguments.extra)
        else:
            done = installer.install_missing(*arguments.extra)
    except installer.InstallationError as error:
        print(error, file=sys.stderr)
        return 1
    print("Done. To check the setup: python -m mxnet_compat check" if done else "Everything is already installed.")
    return 0


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", extra: Sequence[str] = ()) -> None:
    """Add the commands to a parser; each sets ``run`` to the function that does its work."""
    command = commands.add_parser("check", help="say whether MXNet can run on this machine, and what to do if not")
    command.set_defaults(run=check)
    command = commands.add_parser("install", help="install MXNet without changing what is already installed")
    build = command.add_mutually_exclusive_group()
    build.add_argument("--gpu", action="store_true", help="install the build for Nvidia GPUs, with CUDA 11 (2.4 GB)")
    build.add_argument("--cpu", action="store_true", help="install the build without GPU support; remove the other one")
    command.add_argument(
        "--without-driver", action="store_true", help="with --gpu: require no driver, for preparing an image"
    )
    command.add_argument(
        "--extra",
        action="append",
        default=list(extra),
        metavar="NAME",
        help="also install what this extra requires, such as course",
    )
    command.set_defaults(run=install)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status, 0 for success or 1 for failure; incorrect usage exits with 2."""
    parser = argparse.ArgumentParser(prog="python -m mxnet_compat", description="MXNet on current Python and NumPy.")
    add_commands(parser.add_subparsers(title="commands", metavar="COMMAND"))
    parsed = parser.parse_args(arguments)
    if not hasattr(parsed, "run"):
        parser.print_help()
        return 0
    return int(parsed.run(parsed))


if __name__ == "__main__":
    sys.exit(main())
