"""A file before it is trained on: what is read, and why it could not be trained on."""

from __future__ import annotations

import numpy as np
import pytest

from rnnstudio import api
from rnnstudio.core.errors import RnnStudioError
from rnnstudio.results.import_check import check_import
from rnnstudio.results.import_file import read_beginning, read_whole


@pytest.fixture
def load_file(tmp_path):
    file = tmp_path / "load.csv"
    file.write_text("day,load,state\n" + "".join(f"2024-01-{i % 28 + 1:02},{i % 7},{'ab'[i % 2]}\n" for i in range(28)))
    return file


def test_a_short_file_has_no_beginning_of_its_own(load_file):
    assert read_beginning(str(load_file), {}) is None
    file = read_whole(str(load_file), {})
    assert file.complete
    assert file.account == api.inspect(load_file)


def test_the_beginning_of_a_long_file_is_not_complete(tmp_path):
    file = tmp_path / "long.csv"
    file.write_text("v\n" + "".join(f"{i}.5\n" for i in range(100_000)))
    beginning = read_beginning(str(file), {"header": "none"})
    assert not beginning.complete
    assert beginning.account.header == ()
    assert 0 < beginning.account.rows < 100_000


@pytest.mark.parametrize(
    ("dataset", "settings", "words"),
    [
        ("file", {"target": "load", "window": 4}, ""),
        ("file", {"target": "load", "window": 50}, "window"),
        ("file", {"target": "load", "window": 0}, "window"),
        ("file", {"target": "wind", "window": 5}, "has no column 'wind'"),
        ("file", {"task": "label", "target": "state", "features": ["load"], "window": 4}, ""),
        ("sequences", {"sequence": "state", "target": "day"}, "must be the same in all rows of a sequence"),
    ],
)
def test_the_reason_is_the_one_that_a_training_gives(load_file, dataset, settings, words):
    settings = {"file": str(load_file), **settings}
    problem = check_import(read_whole(str(load_file), {}), dataset, settings).problem
    assert words in str(problem or "")
    assert (problem is None) == (words == "")
    if problem is not None:
        with pytest.raises(RnnStudioError) as refusal:
            api.train(dataset, **settings, save=False, verbose=0)
        assert str(refusal.value) == str(problem)


def test_labelled_sequences_have_an_account_without_rows(tmp_path):
    np.savez(tmp_path / "a.npz", x=np.zeros((6, 5, 2)), y=np.arange(6) % 2)
    file = read_whole(str(tmp_path / "a.npz"), {})
    assert file.table is None
    assert file.account.sequences == 6
    assert check_import(file, "sequences", {"file": str(tmp_path / "a.npz")}).problem is None
