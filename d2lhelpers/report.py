"""The setup report of the course: that of `mxnet_compat`, plus everything else that the course needs."""

import shutil
from importlib import import_module, metadata

from d2lhelpers.data import cached_sources
from d2lhelpers.pretrained import PACKAGE
from mxnet_compat import report
from mxnet_compat.report import Row
from mxnet_compat.support import LOADING_ERRORS


def examine() -> list[Row]:
    """Examine everything that the course needs, for ``python -m d2lhelpers check``; the rows report any problems."""
    return [
        *report.examine(),
        _examine_d2l(),
        _examine_data(),
        examine_packages("Pretrained", [PACKAGE], "for load_pretrained()"),
        examine_packages("Jupyter", ["jupyterlab", "notebook", "nbclassic"], "to open the notebooks"),
        examine_packages("RISE", ["rise", "jupyterlab_rise"], "to present from the live notebook"),
        _examine_browser(),
    ]


def examine_packages(name: str, packages: list[str], purpose: str) -> Row:
    """Return the row for the packages that an optional feature needs."""
    found, missing = [], []
    for package in packages:
        try:
            found.append(f"{package} {metadata.version(package)}")
        except metadata.PackageNotFoundError:
            missing.append(package)
    text = ", ".join(found + [f"{package} missing" for package in missing])
    if missing:
        return Row(name, "warning", text, f"python -m pip install {' '.join(missing)}   ({purpose})")
    return Row(name, "ok", text)


def _examine_d2l() -> Row:
    try:
        import_module("d2l.mxnet")
        return Row("d2l", "ok", metadata.version("d2l"))
    except LOADING_ERRORS as error:
        missing = (error.name if isinstance(error, ModuleNotFoundError) else None) or "d2l"
        package = "d2l==1.0.3" if missing.partition(".")[0] in ("d2l", "mxnet") else missing
        row = report.failure("d2l", error, f"python -m pip install --no-deps {package}")
        return Row(row.name, "warning", row.found, row.advice)  # only comparisons with d2l need it


def _examine_data() -> Row:
    downloaded = [f"{name} (downloaded)" for name in cached_sources()]
    return Row("Data", "ok", ", ".join(["in the package", *downloaded]))


def _examine_browser() -> Row:
    programs = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "firefox")
    found = next(filter(shutil.which, programs), None)
    return Row("Browser", "ok", found or "none found; needed only to view slides and to make PDF handouts")
