"""Writes docs/differences.md, what differs between MXNet's NumPy interface and NumPy, from docs/differences/*.toml.

Each entry has `names` (of functions), `fault` (what MXNet does, or did), `treatment` (fixed, refused, or different),
`now` (what happens today, and what to write instead), `reference` (an issue of MXNet's), and perhaps `example`, an
expression that tests/mxnet_compat/test_differences.py evaluates.
"""

import tomllib
from typing import Any

from coursetools.project import ROOT

FOLDER = ROOT / "docs" / "differences"
PAGE = ROOT / "docs" / "differences.md"

INTRODUCTION = """\
# Differences from NumPy

MXNet's `np` looks like NumPy, but it was abandoned half finished: some functions returned wrong numbers without a word,
others damaged memory or failed on a later, innocent line. `mxnet_compat` ([what it is](mxnet-compat.md)) fixes what it
can, and makes the rest raise a Python error that says what to write instead. This page lists the deviations that our
tests have found. They call every public function of `np` with random arguments and compare the results with NumPy's,
compare gradients with finite differences, and compute the layers, losses, metrics, and optimizers of Gluon with NumPy.

The page is made from `docs/differences/` with `python -m coursetools differences`.
"""
SECTIONS = {
    "different": ("Different", "This works, but not as in NumPy.", ("function", "difference", "what to do")),
    "refused": ("Refused", "This raises a Python error.", ("function", "reason", "what to do")),
    "fixed": ("Fixed", "This works now as in NumPy.", ("function", "what MXNet did", "issue")),
}


def read_entries() -> list[dict[str, Any]]:
    """Read all entries, sorted by their first name."""
    entries = [entry for path in sorted(FOLDER.glob("*.toml")) for entry in tomllib.loads(path.read_text())["entry"]]
    return sorted(entries, key=lambda entry: entry["names"][0].lower())


def make_page() -> str:
    """Return the page's text."""
    entries = read_entries()
    parts = [INTRODUCTION]
    for treatment, (title, explanation, columns) in SECTIONS.items():
        chosen = [entry for entry in entries if entry["treatment"] == treatment]
        rows = [columns, ("---",) * 3, *map(_row, chosen)]
        table = "\n".join("| " + " | ".join(row) + " |" for row in rows)
        parts.append(f"## {title}\n\n{explanation} {len(chosen)} entries.\n\n{table}\n")
    return "\n".join(parts)


def _row(entry: dict[str, Any]) -> tuple[str, str, str]:
    names = ", ".join(f"`{name}`" if name[0].islower() and " " not in name else name for name in entry["names"])
    reference = entry.get("reference", "")
    if reference:
        repository, number = reference.split("#")
        reference = f"[#{number}](https://github.com/{repository}/issues/{number})"
    fault, now = (entry.get(key, "").replace("|", r"\|") for key in ("fault", "now"))
    if entry["treatment"] == "fixed":
        return names, f"{fault} {now}".strip(), reference
    return names, f"{fault} {reference}".strip(), now


def write() -> int:
    """Write the page."""
    PAGE.write_text(make_page())
    return 0
