"""Writes the first cell of every notebook, which installs the course, and the link that opens Colab."""

import re
import sys

import nbformat

from coursetools.notebooks import from_source, keep_outputs, select, verify
from coursetools.project import NOTEBOOKS, PROJECT, SOURCES, colab_address, read_repository

LINK = """\
# %% [markdown] slideshow={{"slide_type": "skip"}} tags=["colab"]
# [Open this notebook in Colab]({address})

"""
# The first code cell of every notebook. It imports mxnet_compat, so MXNet can be imported afterwards, even in a kernel
# that was started before the course was installed.
FIRST_CELL = """\
# %% slideshow={{"slide_type": "skip"}} tags=["install", "remove-cell"]
{comment}
try:
    from mxnet_compat.install import install_missing
except ModuleNotFoundError:
{imports}

{find}    subprocess.run([sys.executable, "-m", "pip", "install", "-q", {package}], check=True)
    from mxnet_compat.install import install_missing
installed = install_missing("course")

"""
FROM_REPOSITORY = {
    "comment": "# Installs the course if necessary, for example on Colab. That takes about a minute.",
    "imports": "    import subprocess\n    import sys",
    "find": '    course = "https://github.com/{repository}/archive/refs/heads/main.zip"\n',
    "package": "course",
}
FROM_WHEEL = {
    "comment": "# Installs the course if necessary, for example on Colab. That takes about a minute.\n"
    "# First upload dist/d2lhelpers-*.whl (made by `make wheel`) next to this notebook.",
    "imports": "    import glob\n    import subprocess\n    import sys",
    "find": '    wheels = glob.glob("d2lhelpers-*.whl")\n'
    "    if not wheels:\n"
    '        sys.exit("Upload d2lhelpers-*.whl next to this notebook, then run this cell again.")\n',
    "package": "max(wheels)",
}


def write_first_cells(repository: str | None) -> int:
    """Write the cell that installs the course into every notebook with code, and the link that opens it in Colab.

    Nothing is executed: if the course is installed, the cell does nothing, so only execution counts change.
    """
    if repository:
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]*/[\w.-]*\w", repository, re.ASCII):
            sys.exit(f"{repository!r} is not a repository on GitHub: write it as OWNER/NAME.")
        text = PROJECT.read_text()
        PROJECT.write_text(re.sub(r'(?<=^repository = ")[^"]*', repository, text, count=1, flags=re.MULTILINE))
    repository = read_repository(PROJECT)
    for source in select(SOURCES, "*.py", []):
        text = with_first_cell(source.read_text(encoding="utf-8"), source.stem, repository)
        source.write_text(text, encoding="utf-8")
        target = NOTEBOOKS / f"{source.stem}.ipynb"
        nbformat.write(keep_outputs(from_source(source), nbformat.read(target, as_version=4), source.stem), target)
    print(f"The first cells install the course from {repository or 'the wheel that `make wheel` makes'}.")
    return verify()


def with_first_cell(text: str, name: str, repository: str) -> str:
    """Return a notebook's source with the cell that installs the course inserted before its first code cell.

    An existing cell or link is replaced. A page without code stays as it is.
    """
    cells = re.split(r"^(?=# %%)", text, flags=re.MULTILINE)
    cells = [cell for cell in cells if not re.match(r'# %%.* tags=\["(install|colab)"', cell)]
    first = next((index for index, cell in enumerate(cells) if re.match(r"# %%(?! \[markdown\])", cell)), None)
    if first is not None:
        link = LINK.format(address=colab_address(repository, name)) if repository else ""
        cells.insert(first, link + first_cell(repository))
    return "".join(cells)


def first_cell(repository: str) -> str:
    """Return the cell that installs the course, from its repository or from a wheel next to the notebook."""
    parts = FROM_REPOSITORY if repository else FROM_WHEEL
    return FIRST_CELL.format(**{**parts, "find": parts["find"].format(repository=repository)})
