"""Opens notebooks as slide shows: `python -m coursetools.present [NN] [--front lab] [--options="..."]`.

The classic notebook's RISE starts the show by itself (slides/jupyter), JupyterLab's opens as a page of its own.
"""

import argparse
import os
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

import nbformat
from nbformat.sign import NotebookNotary

from coursetools.decks import NotebookError, find_notebooks
from coursetools.project import NOTEBOOKS
from coursetools.rise import MODULES, PATHS, SETTINGS

# Nothing that covers the first slide: no banner that advertises Jupyter's next version, no news.
QUIET = {
    "classic": ("--NotebookApp.show_banner=False",),
    "lab": ("--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate", "--LabApp.news_url=None"),
}
HOME_PAGES = {"classic": "--NotebookApp.default_url", "lab": "--LabApp.default_url"}
ROOT_HELP = """\
Jupyter does not start as root: anyone who reaches it could change the whole machine. Use another account. In a
container, allow root, and say where Jupyter listens:
  make present NB=12 OPTIONS="--allow-root --ip=0.0.0.0"
"""


def trust(paths: Sequence[Path]) -> None:
    """Sign notebooks, so that the classic notebook does not call them "Not Trusted" and hide some outputs."""
    notary = NotebookNotary()
    for path in paths:
        notary.sign(nbformat.read(path, as_version=4))


def command_line(front: str, notebook: Path | None, options: Sequence[str]) -> list[str]:
    """Return the command that starts Jupyter; it opens the notebook as a show, or the list of notebooks if None."""
    command = [sys.executable, "-m", MODULES[front], f"--ServerApp.root_dir={NOTEBOOKS}", *QUIET[front]]
    if notebook is not None:
        command.append(f"{HOME_PAGES[front]}=/{PATHS[front]}/{notebook.name}")
    return command + list(options)


def main(arguments: Sequence[str] | None = None) -> None:
    """Start Jupyter; this process becomes the server."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NN", help="a notebook's number (default: list all notebooks)")
    parser.add_argument("--front", choices=tuple(MODULES), default="classic")
    parser.add_argument("--options", type=shlex.split, default=[], help="options for Jupyter")
    chosen = parser.parse_args(arguments)
    try:
        paths = find_notebooks(NOTEBOOKS, chosen.names)
    except NotebookError as error:
        sys.exit(str(error))
    if len(chosen.names) > 1:
        sys.exit(f"A show has one notebook, not {' '.join(chosen.names)}. Without a number, all of them are listed.")
    if os.getuid() == 0 and "--allow-root" not in chosen.options:
        sys.exit(ROOT_HELP)
    trust(paths)
    show = paths[0] if chosen.names else None
    if show:
        print(
            f"Opening {show.name} as a slide show. Until the first slide, its page says what it is doing.", flush=True
        )
    environment = os.environ | {name: str(SETTINGS) for name in ("JUPYTER_CONFIG_PATH", "JUPYTER_PATH")}
    os.execve(sys.executable, command_line(chosen.front, show, chosen.options), environment)


if __name__ == "__main__":
    main()
