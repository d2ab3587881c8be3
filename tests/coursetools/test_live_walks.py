"""The slide checker visits every slide of every notebook, live in both flavors of RISE."""

import pytest
from slide_tools import need_browser
from support import ROOT

from coursetools import slidecheck

NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9][0-9]-*.ipynb"))


@pytest.mark.live
@pytest.mark.parametrize("mode", ["classic", "lab"])
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_show_is_without_fault(path, mode, capsys):
    need_browser()
    faults = slidecheck.main(["--mode", mode, "--viewport", "1280x720", str(path)])
    assert faults == 0, capsys.readouterr().out
