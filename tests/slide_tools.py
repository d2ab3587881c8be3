"""What the tests of decks and shows need of the machine."""

from pathlib import Path

import pytest
from support import ROOT

from coursetools import assets, browser

SAMPLES = ROOT / "tests" / "coursetools" / "samples"


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
