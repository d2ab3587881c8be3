"""Many processes on one cache, stopped and killed ones among them: whoever is left gets the right arrays."""

import contextlib
import os
import random
import signal
import threading
import time

import pytest
from mirror import (
    NAMES,
    Nursery,
    finish,
    in_turn,
    make_archives,
    sending,
    start_process,
)

PROCESSES = 30  # a classroom on one shared home
KILLS = 60

TRAIN = NAMES[:2]


@pytest.fixture(autouse=True)
def no_settings(data_folder):
    """Tests do not see the user's cache."""


@pytest.fixture(scope="module")
def large():
    """Archives of which the images take a while."""
    return make_archives(train=300)


def slow(archives, pieces=8, pause=0.05):
    return {name: sending(content, pieces=pieces, pause=pause) for name, content in archives.items()}


@pytest.fixture
def start_nursery(tmp_path):
    """A function that makes a process to fork others from."""
    with contextlib.ExitStack() as stack:

        def start(archives, *urls, first=""):
            nursery = Nursery(archives, urls, tmp_path / "output", first)
            stack.callback(nursery.close)
            return nursery

        yield start


def wait_for(condition, seconds=20):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


def files_in(folder):
    return sorted(path.name for path in folder.iterdir())


def has_begun(folder):
    """Whether part of the images has arrived."""
    return any(path.stat().st_size for path in folder.glob(".train-images.*.part"))


def test_thirty_at_once(start_mirror, start_nursery, large, data_folder):
    mirror = start_mirror(slow(large))
    nursery = start_nursery(large, mirror.url)
    assert nursery.complaints(nursery.fork(PROCESSES)) == []
    assert sorted(mirror.requests) == sorted(TRAIN)  # one download's worth
    assert files_in(data_folder) == [".lock", *TRAIN]


def test_thirty_at_once_without_locks(start_mirror, start_nursery, large, data_folder):
    """On a file system that has none, more is downloaded, but not more is left."""
    refuse = (
        "import errno, fcntl\ndef refuse(*arguments): raise OSError(errno.ENOLCK, 'No locks')\nfcntl.flock = refuse"
    )
    data_folder.mkdir(parents=True)
    (data_folder / "train-labels.gz").write_bytes(b"garbage")
    mirror = start_mirror(slow(large, 5))
    nursery = start_nursery(large, mirror.url, first=refuse)
    assert nursery.complaints(nursery.fork(PROCESSES)) == []
    assert len(mirror.requests) > len(TRAIN)
    (aside,) = data_folder.glob("*.damaged-*")
    assert aside.read_bytes() == b"garbage"
    assert files_in(data_folder) == [".lock", *TRAIN, aside.name]


def test_thirty_at_once_with_a_damaged_file(start_mirror, start_nursery, large, data_folder):
    data_folder.mkdir(parents=True)
    (data_folder / "train-labels.gz").write_bytes(b"garbage")
    mirror = start_mirror(slow(large, 3))
    nursery = start_nursery(large, mirror.url)
    assert nursery.complaints(nursery.fork(PROCESSES)) == []
    assert sorted(mirror.requests) == sorted(TRAIN)
    (aside,) = data_folder.glob("*.damaged-*")
    assert aside.read_bytes() == b"garbage"


@pytest.fixture
def stuck(start_mirror, large):
    """A mirror that sends the beginning of the images the first time, and all of them to the others.

    The first time it goes on when its `more` is set.
    """
    images, more = large["train-images.gz"], threading.Event()

    def begin(handler):
        handler.start(len(images))
        handler.send(images[:10_000])
        more.wait(60)
        handler.send(images[10_000:])

    mirror = start_mirror(large | {"train-images.gz": in_turn(begin, images)})
    mirror.more = more
    yield mirror
    more.set()


def test_holder_of_the_lock_is_killed(stuck, start_nursery, large, data_folder):
    nursery = start_nursery(large, stuck.url)
    (holder,) = nursery.fork()
    wait_for(lambda: has_begun(data_folder))
    others = nursery.fork(PROCESSES - 1)
    time.sleep(0.5)
    assert len(stuck.requests) == 2
    start = time.monotonic()
    os.kill(holder, signal.SIGKILL)
    assert nursery.complaints(others) == []
    assert time.monotonic() - start < 30  # and not for as long as a lock is waited for
    assert stuck.requests == ["train-labels.gz", "train-images.gz", "train-images.gz"]
    assert files_in(data_folder) == [".lock", *TRAIN]


def test_holder_of_the_lock_is_stopped(stuck, start_nursery, large, data_folder):
    """Ctrl+Z, or a laptop that sleeps: others go on after a while, and it goes on too when it wakes up."""
    nursery = start_nursery(large, stuck.url)
    (holder,) = nursery.fork()
    wait_for(lambda: has_begun(data_folder))
    os.kill(holder, signal.SIGSTOP)
    try:
        others = nursery.fork(PROCESSES - 1, WAIT_WITHOUT_PROGRESS=0.5)
        start = time.monotonic()
        assert nursery.complaints(others) == []
        assert time.monotonic() - start < 30
    finally:
        os.kill(holder, signal.SIGCONT)
    stuck.more.set()
    assert nursery.complaints([holder]) == []
    assert files_in(data_folder) == [".lock", *TRAIN]


def test_waiting_goes_on_while_the_file_grows(start_mirror, start_nursery, large, data_folder):
    mirror = start_mirror(slow(large, pieces=20, pause=0.1))
    nursery = start_nursery(large, mirror.url)
    (holder,) = nursery.fork()
    wait_for(lambda: has_begun(data_folder))
    (waiting,) = nursery.fork(WAIT_WITHOUT_PROGRESS=0.6, WAIT_AT_MOST=0.8)  # the whole file takes 2 seconds
    status, output = nursery.wait(waiting)
    assert status == 0
    assert output.count("waiting for it") == 1
    assert "without it" not in output
    assert nursery.complaints([holder]) == []
    assert len(mirror.requests) == 2


def test_nobody_queues_for_ever_behind_others_who_fail(start_mirror, start_nursery, large):
    def fail_slowly(handler):
        time.sleep(0.5)
        handler.send_error(404)

    nursery = start_nursery(large, start_mirror(dict.fromkeys(NAMES, fail_slowly)).url)
    start = time.monotonic()
    for pid in nursery.fork(PROCESSES, WAIT_WITHOUT_PROGRESS=0.4):
        status, output = nursery.wait(pid)
        assert status == 1
        assert "HTTP status 404" in output
    assert time.monotonic() - start < 12  # and not half a second for each


def test_killed_at_any_moment_then_run_again(start_mirror, start_nursery, large, data_folder):
    """SIGKILL, which nobody can catch, from the start of the download to its end."""
    rng = random.Random(0)
    mirror = start_mirror(slow(large, pieces=10, pause=0.01))
    nursery = start_nursery(large, mirror.url)
    killed = left = 0
    for number in range(KILLS):
        (pid,) = nursery.fork()
        time.sleep(0.2 * (number % 20 + rng.random()) / 20)
        os.kill(pid, signal.SIGKILL)
        killed += nursery.wait(pid)[0] == -signal.SIGKILL
        for name in TRAIN:  # whatever has its name is whole
            path = data_folder / name
            assert not path.exists() or path.read_bytes() == large[name]
        left += any(data_folder.glob(".*.part"))
        if number % 5 == 4 or (data_folder / TRAIN[0]).exists():
            assert nursery.complaints(nursery.fork()) == []
            assert files_in(data_folder) == [".lock", *TRAIN]
            for name in TRAIN:
                (data_folder / name).unlink()
    assert killed > KILLS * 2 // 3
    assert left > KILLS // 3


def test_interrupted_by_the_user(stuck, start_nursery, large, data_folder):
    """Ctrl+C leaves nothing: neither its file nor a lock for which the next one would wait."""
    nursery = start_nursery(large, stuck.url)
    (first,) = nursery.fork()
    wait_for(lambda: has_begun(data_folder))
    os.kill(first, signal.SIGINT)
    status, output = nursery.wait(first)
    assert status != 0
    assert "KeyboardInterrupt" in output
    assert files_in(data_folder) == [".lock", "train-labels.gz"]
    (second,) = nursery.fork()
    status, output = nursery.wait(second)
    assert status == 0
    assert "waiting" not in output


def test_old_temporary_file_of_another_machine(start_mirror, large, data_folder):
    """Its locks cannot be seen from here, so only age counts; and nothing else of the user's is touched."""
    data_folder.mkdir(parents=True)
    old, new, other = (data_folder / name for name in (
        ".train-images.gz.00000000-11111111.part", ".train-images.gz.00000000-22222222.part", ".mine.part"
    ))  # fmt: skip
    for path in (old, new, other):
        path.write_bytes(b"some")
    os.utime(old, (0, 0))
    os.utime(other, (0, 0))
    assert finish(start_process(large, [start_mirror(large).url]), large) == ""
    assert files_in(data_folder) == sorted([".lock", new.name, other.name, *TRAIN])
