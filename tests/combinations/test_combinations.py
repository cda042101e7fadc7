"""Metrics, tables and predictions of random combinations of settings are those recomputed from the text of the file.

`make combinations` checks 200 of them.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rnnstudio.core.experiment import schema
from tests.combinations.run import check
from tests.combinations.sequences_case import SequencesCase
from tests.combinations.series_case import SeriesCase
from tests.without_xla import in_python

NOT_DRAWN = {  # settings of the reading of files, which tests/reading draws, and those without a part in numbers
    "dataset", "file", "time", "decimal_mark", "thousands_mark", "missing_values", "variable", "header", "separator",
    "encoding", "doubles", "classes", "cell", "group", "rotation_std",
}  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def _python() -> Iterator[None]:
    with in_python():
        yield


@pytest.mark.parametrize("first", range(1000, 9000, 1000))
def test_numbers_are_those_recomputed_from_the_file(first: int) -> None:
    """Combinations that the program refuses are drawn again; a quarter are separate sequences."""
    begin = first + (3 if first % 4000 == 0 else first // 1000 % 3)
    outcomes = (check(number) for number in range(begin, begin + 400, 4))
    outcome, sentence = next(own for own in outcomes if own[0] != "refused")
    assert outcome == "correct", sentence


def test_every_setting_has_a_part_in_the_combinations() -> None:
    chosen: set[str] = set()
    for number in range(200):
        chosen |= {*SeriesCase.drawn(number).settings, *SequencesCase.drawn(number).settings}
    for dataset, cell in (("file", "lstm"), ("sequences", "gru"), ("file", "rnn")):
        assert set(schema(dataset, cell)) - chosen <= NOT_DRAWN
