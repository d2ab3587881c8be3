"""The switch for the size of experiments."""

import pytest

from d2lhelpers import at_scale


@pytest.mark.parametrize(("setting", "expected"), [(None, 1), ("", 1), ("laptop", 1), ("full", None)])
def test_the_variable_chooses_one_of_two_settings(setting, expected, monkeypatch):
    monkeypatch.delenv("D2L_SCALE", raising=False)
    if setting is not None:
        monkeypatch.setenv("D2L_SCALE", setting)
    assert at_scale(laptop=1, full=None) == expected


def test_an_unknown_scale_is_an_error(monkeypatch):
    monkeypatch.setenv("D2L_SCALE", "huge")
    with pytest.raises(ValueError, match="D2L_SCALE must be laptop or full, not 'huge'"):
        at_scale(laptop=1, full=2)
