"""A headless Chromium for the checker, the handouts, and tests."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Error, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--force-device-scale-factor=1",
    "--hide-scrollbars",
    "--no-first-run",
]
ADVICE = (
    "No Chromium found. Install one (`python -m playwright install chromium`, or your system's package chromium), "
    "or name its program in the environment variable CHROMIUM."
)


class NoBrowserError(RuntimeError):
    """No browser can be started; the message says what to do."""


def find_browser() -> str | None:
    """Return the path of a Chromium: $CHROMIUM, or else one on the PATH; None leaves the choice to Playwright.

    Raises
    ------
    NoBrowserError
        If CHROMIUM names a program that does not exist.
    """
    named = os.environ.get("CHROMIUM")
    if named:
        path = shutil.which(named)
        if path is None:
            raise NoBrowserError(f"CHROMIUM={named}: no such program.")
        return path
    return next((path for path in map(shutil.which, NAMES) if path), None)


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Start a Chromium, and close it at the end.

    Raises
    ------
    NoBrowserError
        If there is none, or it does not start.
    """
    path = find_browser()
    # Chromium's sandbox does not run as root (in containers). We can do without it, because all pages are our own.
    flags = [*FLAGS, "--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else FLAGS
    with sync_playwright() as playwright:
        if path is None and not Path(playwright.chromium.executable_path).exists():
            raise NoBrowserError(ADVICE)
        try:
            browser = playwright.chromium.launch(executable_path=path, args=flags)
        except Error as error:
            raise NoBrowserError(f"{path or 'Playwright’s Chromium'} does not start: {error}") from error
        try:
            yield browser
        finally:
            browser.close()
