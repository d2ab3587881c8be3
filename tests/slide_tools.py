"""What the tests of decks and live shows need: npm packages and a browser."""

import functools
import re
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_notebook
from support import ROOT

from coursetools import assets, browser

SAMPLES = ROOT / "tests" / "coursetools" / "samples"


def need_packages() -> Path:
    """Return the folder of npm packages; skip the test if they are missing and cannot be downloaded."""
    try:
        return assets.install_packages()
    except assets.AssetError as error:
        pytest.skip(f"reveal.js and MathJax are not installed: {error}")


def need_browser():
    """Return `browser.open_browser`; skip the test if there is no browser."""
    if reason := why_no_browser():
        pytest.skip(reason)
    return browser.open_browser


@functools.cache
def why_no_browser() -> str:
    """Return why no browser can be opened, or "" if one can."""
    try:
        with browser.open_browser():
            return ""
    except browser.NoBrowserError as error:
        return str(error)


def write_notebook(path, *cells):
    nbformat.write(new_notebook(cells=list(cells)), path)
    return path


def remote_loads(soup):
    """Addresses outside of the page's folder that it loads by itself: links for the reader do not count."""
    tags = soup.find_all(["script", "link", "img", "iframe", "source"])
    addresses = [tag.get("src") or tag.get("href") or "" for tag in tags]
    styles = " ".join(tag.get_text() for tag in soup.find_all("style"))
    addresses += re.findall(r"(?:@import\s+|url\()[\"']?([^\"')]+)", styles)
    return [address for address in addresses if re.match(r"(https?:)?//", address)]
