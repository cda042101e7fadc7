"""A saved run takes its data from the file again, and refuses a file that is not read as in the training."""

from __future__ import annotations

import re

import numpy as np
import pytest

import rnnstudio as rs


def _text(rows, separator=";"):
    days = np.datetime64("2024-01-01") + np.arange(rows)
    return f"day{separator}load\n" + "".join(f"{day}{separator}{7 + i % 5}\n" for i, day in enumerate(days))


def test_the_data_of_a_saved_run_are_those_of_the_training(tmp_path):
    file = tmp_path / "load.csv"
    file.write_text(_text(80))
    run = rs.train(str(file), window=4, units=2, updates=1, verbose=0)
    again = rs.load(run.path)
    assert again.info.account["separator"] == "semicolon"
    np.testing.assert_array_equal(again.data().inputs, run.data().inputs)
    np.testing.assert_array_equal(rs.load(run.path).forecast(3, start=20), run.forecast(3, start=20))

    file.write_text(_text(85, separator=","))
    for use in (lambda run: run.data(), lambda run: run.forecast(3, start=20)):
        sentence = (
            "load.csv is not read as in the training: 80 rows then, 85 rows now. Put the file of the training back"
        )
        with pytest.raises(rs.DataError, match=re.escape(sentence)):
            use(rs.load(run.path))
    file.write_text(_text(80, separator=","))
    with pytest.raises(rs.DataError, match="separator 'semicolon' then, 'comma' now"):
        rs.load(run.path).data()
