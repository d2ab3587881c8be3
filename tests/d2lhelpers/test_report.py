"""The setup report of the course (report.py)."""

import sys

from d2lhelpers import report


def test_the_report_covers_what_the_course_needs():
    rows = {row.name: row for row in report.examine()}
    assert list(rows)[:5] == ["Python", "NumPy", "MXNet", "Threads", "GPU"]
    assert list(rows)[5:] == ["d2l", "Data", "Pretrained", "Jupyter", "RISE", "Browser"]
    assert [row for row in rows.values() if row.state == "error"] == []
    assert rows["Data"].found.startswith("in the package")


def test_missing_packages_are_a_warning():
    row = report.examine_packages("RISE", ["pytest", "no-such-package"], "to present")
    assert (row.state, row.advice) == ("warning", "python -m pip install no-such-package   (to present)")
    assert "no-such-package missing" in row.found


def test_a_missing_d2l_is_a_warning(monkeypatch):
    monkeypatch.setitem(sys.modules, "d2l.mxnet", None)
    (row,) = [row for row in report.examine() if row.name == "d2l"]
    assert (row.state, row.advice) == ("warning", "python -m pip install --no-deps d2l==1.0.3")
