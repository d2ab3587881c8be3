"""The one switch for the size of experiments."""

import pytest

from d2lhelpers import at_scale


@pytest.mark.parametrize(("setting", "expected"), [(None, 1), ("", 1), ("laptop", 1), ("full", 2)])
def test_switch(setting, expected, monkeypatch):
    monkeypatch.delenv("D2L_SCALE", raising=False)
    if setting is not None:
        monkeypatch.setenv("D2L_SCALE", setting)
    assert at_scale(laptop=1, full=2) == expected


def test_full_can_mean_all(monkeypatch):
    monkeypatch.setenv("D2L_SCALE", "full")
    assert at_scale(laptop=1500, full=None) is None


def test_unknown_scale_names_the_known_ones(monkeypatch):
    monkeypatch.setenv("D2L_SCALE", "huge")
    with pytest.raises(ValueError, match="D2L_SCALE='huge' is not known: choose laptop or full"):
        at_scale(laptop=1, full=2)
