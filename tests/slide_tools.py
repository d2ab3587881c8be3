"""What the tests of the slides share: the scripts of slides/ as modules, and what they need of the machine."""

import sys
from pathlib import Path

import pytest
from support import ROOT

SLIDES = ROOT / "slides"
FIXTURES = ROOT / "tests" / "slides"
if str(SLIDES) not in sys.path:  # the scripts import one another by name, as they do when they are run
    sys.path.insert(0, str(SLIDES))

import assets  # noqa: E402
import browser  # noqa: E402


def need_packages() -> Path:
    """Return the folder of npm packages; skip the test where they are not there and cannot be fetched."""
    try:
        return assets.install_packages()
    except assets.AssetError as error:
        pytest.skip(f"reveal.js and MathJax are not installed: {error}")


def need_browser():
    """Return `browser.open_browser`; skip the test where there is no browser."""
    try:
        with browser.open_browser():
            return browser.open_browser
    except browser.NoBrowserError as error:
        pytest.skip(str(error))
