"""python -m d2lhelpers data: what an instructor does to prepare a room, and a room without a network."""

import os
import subprocess
import sys
from types import MappingProxyType

import pytest
from mirror import LOGIN_PAGE, NAMES, finish, make_archives, make_data_set, open_to_all, start_process

from d2lhelpers.__main__ import main
from d2lhelpers.data import mirrors


@pytest.fixture(autouse=True)
def no_settings(data_folder, impatient):
    """Tests see neither the user's cache nor the user's patience."""


@pytest.fixture
def others():
    return make_archives(5, 3)


@pytest.fixture
def two_sets(monkeypatch, archives, others):
    """A function that gives both data sets small files, at the mirrors given."""

    def use(url, other_url):
        both = make_data_set(archives, [url]), make_data_set(others, [other_url], "fashion_mnist", "Tiny Fashion-MNIST")
        monkeypatch.setattr(mirrors, "DATA_SETS", MappingProxyType({data_set.name: data_set for data_set in both}))

    return use


def run(capfd, *arguments):
    status = main(["data", *arguments])
    return status, *capfd.readouterr()


def test_fetch(start_mirror, two_sets, archives, others, data_folder, capfd):
    two_sets(start_mirror(archives).url, start_mirror(others).url)
    status, output, errors = run(capfd, "fetch", "mnist", "fashion_mnist")
    assert (status, errors) == (0, "")
    lines = output.splitlines()
    assert lines[0] == f"fetched   mnist/train-images.gz  {len(archives['train-images.gz']):,} bytes"
    assert lines[4] == f"complete  Tiny MNIST in {data_folder}"
    assert lines[9] == f"complete  Tiny Fashion-MNIST in {data_folder.parent / 'fashion_mnist'}"
    assert len(lines) == 10
    # Once more: all is there.
    status, output, errors = run(capfd, "fetch", "mnist")
    assert (status, errors) == (0, "")
    assert [line.split()[0] for line in output.splitlines()] == ["there"] * 4 + ["complete"]


def test_fetch_goes_on_with_the_next_one(start_mirror, two_sets, others, capfd):
    two_sets(start_mirror(dict.fromkeys(NAMES, LOGIN_PAGE)).url, start_mirror(others).url)
    status, output, errors = run(capfd, "fetch", "mnist", "fashion_mnist")
    assert status == 1
    assert output.splitlines()[-1].startswith("complete  Tiny Fashion-MNIST")
    assert "Tiny MNIST: no mirror delivered train-images.gz" in errors
    assert "delivered a web page" in errors
    assert "D2L_DATASET=digits" in errors


def test_verify(start_mirror, two_sets, archives, others, data_folder, capfd):
    two_sets(start_mirror(archives).url, start_mirror(others).url)
    status, output, _ = run(capfd, "verify")
    assert status == 0  # nothing is there, and nobody has said that it should be
    assert [line.split()[0] for line in output.splitlines()] == ["missing"] * 8
    assert run(capfd, "verify", "mnist")[0] == 1
    run(capfd, "fetch", "mnist")
    assert run(capfd, "verify")[0] == 0
    assert run(capfd, "verify", "mnist")[:2] == (0, "".join(f"ok          mnist/{name}\n" for name in NAMES))
    (data_folder / "train-labels.gz").write_bytes(b"garbage")
    (data_folder / "t10k-labels.gz").unlink()
    (data_folder / "t10k-labels.gz").mkdir()
    for arguments in ([], ["mnist"]):
        status, output, errors = run(capfd, "verify", *arguments)
        assert status == 1
        assert [line.split()[0] for line in output.splitlines()[:4]] == ["ok", "damaged", "ok", "unreadable"]
        assert "t10k-labels.gz should be a file" in errors
    assert (data_folder / "train-labels.gz").read_bytes() == b"garbage"  # it only looks


def test_path(data_folder, capfd):
    assert run(capfd, "path") == (0, f"{data_folder.parent}\n", "")
    assert not data_folder.exists()


@pytest.mark.parametrize("command", ["fetch", "verify"])
def test_unknown_name(command, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["data", command, "mnist", "digits"])
    assert stopped.value.code == 2
    assert "there is no data set 'digits' to download: choose mnist or fashion_mnist" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["fetch"]])
def test_incomplete_command(arguments, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["data", *arguments])
    assert stopped.value.code == 2
    assert "required" in capsys.readouterr().err


def test_no_home(monkeypatch, capsys):
    monkeypatch.setenv("D2L_DATA_DIR", "~nobody-of-this-name/data")
    assert main(["data", "path"]) == 1
    assert "D2L_DATA_DIR" in capsys.readouterr().err


def call(*arguments, **environment):
    """The command as a user gives it."""
    return subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "d2lhelpers", "data", *arguments],
        capture_output=True, env={**os.environ, **environment}, timeout=60,
    )  # fmt: skip


def test_mxnet_is_not_waited_for(data_folder):
    done = call("verify")
    assert done.returncode == 0
    imported = {line.rpartition(b"|")[2].strip().decode() for line in done.stderr.splitlines()}
    assert "d2lhelpers.data.cache" in imported
    assert not imported & {"mxnet", "matplotlib", "IPython"}


def test_folder_whose_name_is_no_text(tmp_path):
    folder = os.fsencode(tmp_path) + b"/\xff\xfe"
    assert call("path", D2L_DATA_DIR=os.fsdecode(folder)).stdout == folder + b"\n"


def test_folder_on_a_stick(
    start_mirror, two_sets, archives, others, dead_url, data_folder, tmp_path, monkeypatch, capfd
):
    """Fetched on one machine, copied, and read on another one: without a network, and where nobody may write."""
    two_sets(start_mirror(archives).url, start_mirror(others).url)
    assert main(["data", "fetch", "mnist", "fashion_mnist"]) == 0
    capfd.readouterr()
    assert main(["data", "path"]) == 0
    stick = tmp_path / "usb stick"
    subprocess.run(["cp", "-r", capfd.readouterr().out.rstrip("\n"), stick], check=True)
    subprocess.run(["chmod", "-R", "a-w", stick], check=True)
    before = sorted((path, path.stat().st_mtime_ns) for path in stick.rglob("*"))
    try:
        monkeypatch.setenv("D2L_DATA_DIR", str(stick))
        user = "import os\nif os.getuid() == 0: os.setuid(65534)"  # root may write everywhere
        open_to_all(tmp_path)
        assert finish(start_process(archives, [dead_url], first=user), archives) == ""
    finally:
        subprocess.run(["chmod", "-R", "u+w", stick], check=True)
    assert sorted((path, path.stat().st_mtime_ns) for path in stick.rglob("*")) == before


def test_stopped_by_the_user(monkeypatch, capfd):
    def stop(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr("d2lhelpers.data.downloads.fetch", stop)
    assert run(capfd, "fetch", "mnist") == (130, "", "stopped\n")


@pytest.mark.parametrize("command", ["path", "verify"])
def test_nobody_reads_what_is_printed(command):
    """As in `... | head`."""
    reader, writer = os.pipe()
    os.close(reader)
    run = subprocess.run(
        [sys.executable, "-m", "d2lhelpers", "data", command], stdout=writer, stderr=subprocess.PIPE, text=True
    )
    os.close(writer)
    assert (run.returncode, run.stderr) == (1, "")
