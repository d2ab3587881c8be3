"""Live slide shows for the checker: a Jupyter server for copies of notebooks, and how to step through a RISE show."""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType

from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from coursetools.project import SLIDES

START_SECONDS = 60
# Classic RISE reads a notebook's own settings only if the notebook happens to be loaded by then. This folder has the
# same settings for all notebooks of the server, and an extension that starts the show.
SETTINGS = SLIDES / "jupyter"
MODULES = {"classic": "nbclassic", "lab": "jupyterlab"}
PATHS = {"classic": "nbclassic/notebooks", "lab": "rise"}

# Editors and sliders are drawn when their slide is shown. This waits until the slide's size and content have stayed the
# same three times in a row, 100 ms apart, but no longer than three seconds.
SETTLED = """
async () => {
  const slide = document.querySelector(".slides > section.present > section.present");
  const look = () => [slide.scrollHeight, slide.scrollWidth, slide.innerHTML.length].join();
  let before = look();
  for (let same = 0, count = 0; same < 3 && count < 30; count += 1) {
    await new Promise(done => setTimeout(done, 100));
    const now = look();
    same = now === before ? same + 1 : 0;
    before = now;
  }
}
"""

# Requests a slide until it is shown. Once is not enough, because reveal.js updates the address with a delay: on a busy
# machine, the address of the previous slide can overwrite ours.
GO_TO = """
name => {
  const present = document.querySelector(".slides > section.present > section.present")?.id;
  if (present !== name && location.hash !== "#/" + name) location.hash = "/" + name;
  return present === name;
}
"""


class ServerError(RuntimeError):
    """The Jupyter server does not start; the message contains the end of its log."""


def free_port() -> int:
    """Return a TCP port of this machine that is not in use."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class RiseServer:
    """A Jupyter server on localhost, as a context manager. It serves copies, so the notebooks' folder stays unchanged.

    Parameters
    ----------
    mode : {"classic", "lab"}
        The front end.
    notebooks : sequence of Path
        The notebooks to serve. If there is a rise.css in their folder, it is served as well.
    """

    def __init__(self, mode: str, notebooks: Sequence[Path]) -> None:
        self.mode = mode
        self.notebooks = notebooks
        self.token = secrets.token_hex(16)
        self.port = free_port()

    def __enter__(self) -> "RiseServer":
        self.folder = tempfile.TemporaryDirectory(prefix="rise-")
        root = Path(self.folder.name)
        served = root / "notebooks"
        served.mkdir()
        for path in self.notebooks:
            shutil.copy(path, served)
            if (path.parent / "rise.css").exists():
                shutil.copy(path.parent / "rise.css", served)
        # The user's own settings, trusted notebooks, and history are not used.
        environment = os.environ | {
            name: str(root / name.lower())
            for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
        }
        environment |= {"JUPYTER_CONFIG_PATH": str(SETTINGS), "JUPYTER_PATH": str(SETTINGS)}
        self.log = (root / "server.log").open("w+")
        command = [
            sys.executable,
            "-m",
            MODULES[self.mode],
            "--no-browser",
            "--allow-root",
            "--ip=127.0.0.1",
            f"--port={self.port}",
            "--ServerApp.port_retries=0",
            f"--ServerApp.root_dir={served}",
            f"--IdentityProvider.token={self.token}",
        ]
        if self.mode == "lab":
            command.append("--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate")
        self.process = subprocess.Popen(command, env=environment, stdout=self.log, stderr=subprocess.STDOUT)
        try:
            self.wait_until_up()
        except ServerError:
            self.__exit__(None, None, None)
            raise
        return self

    def wait_until_up(self) -> None:
        """Wait until the server answers; raise ServerError if it ends or takes too long."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api?token={self.token}", timeout=5):
                    return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.2)
        self.log.seek(0)
        raise ServerError(f"`python -m {MODULES[self.mode]}` does not start:\n{self.log.read()[-2000:]}")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.terminate()  # the server shuts down its kernels
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()
        self.folder.cleanup()

    def address(self, notebook: Path) -> str:
        """Return the address of a notebook."""
        return f"http://127.0.0.1:{self.port}/{PATHS[self.mode]}/{notebook.name}?token={self.token}"


def walk_classic(page: Page, url: str) -> Iterator[str]:
    """Open a notebook in the classic interface, where RISE starts by itself, and show each slide; yield its id."""
    page.goto(url)
    page.wait_for_selector("body.rise-enabled .reveal .slides section section.present", timeout=60_000)
    page.evaluate("new Promise(done => MathJax.Hub.Queue(() => done(null)))")
    page.wait_for_timeout(2500)
    yield from walk_sections(page)


def walk_lab(page: Page, url: str) -> Iterator[str]:
    """Open a notebook in JupyterLab's RISE, and show each slide in turn; yield its id."""
    page.goto(url)
    page.wait_for_selector(".reveal .slides section section.present", timeout=60_000)
    page.wait_for_timeout(4000)  # editors and formulas are drawn one by one, with no sign of when all are done
    yield from walk_sections(page)


def walk_sections(page: Page) -> Iterator[str]:
    """Show each slide of a running RISE show in turn, with all of its fragments; yield its id."""
    page.add_style_tag(
        content=".fragment { opacity: 1 !important; visibility: visible !important; }"
        ".reveal .slides section, body * { transition: none !important; }"
    )
    names = page.evaluate(
        "[...document.querySelectorAll('.reveal .slides section section[id]')]"
        ".filter(section => section.children.length).map(section => section.id)"
    )
    for name in names:
        try:
            page.wait_for_function(GO_TO, arg=name, timeout=15_000, polling=100)
        except PlaywrightTimeout:
            raise RuntimeError(f"RISE does not show slide {name}") from None
        page.evaluate(SETTLED)
        yield name
