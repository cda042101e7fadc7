"""Commas that separate columns and can also be decimal marks are asked about; those between whole numbers are not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnstudio.core.account import Question
from rnnstudio.core.errors import DataError, SettingError
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.reading.table import Table
from rnnstudio.reading.text.text_table import read_table
from tests.properties import quick

Form = Callable[[int], str]
ROWS = 60


def table_of(folder: Path, lines: Sequence[str], **options: str) -> Table:
    file = folder / "data.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return read_table(file, ReadOptions(**options))


def rows_of(*forms: Form, rows: int = ROWS) -> list[str]:
    return [",".join(form(i) for form in forms) for i in range(rows)]


def asked_of(table: Table) -> list[Question]:
    assert table.account is not None
    return [question for question in table.account.questions if question.setting in ("header", "separator")]


def tenths(i: int) -> str:
    return f"{16 + 1.3 * i:.1f}".replace(".", ",")


def hundredths(i: int) -> str:
    return f"{(i * 37 % 50) - 20 + i % 97 / 100:.2f}".replace(".", ",")


def shortest(i: int) -> str:
    return f"{i % 9 + (7 * i % 100) / 100:.2f}".replace(".", ",").rstrip("0").rstrip(",")


def euros(i: int) -> str:
    return f"{1000 + 7 * i}".replace("1", "1.", 1) + f",{i % 100:02} €"


def halves(i: int) -> str:
    return f"{i // 2},{5 * (i % 2)}"


def whole(i: int) -> str:
    return str(i * 37 % 101)


def humidity(i: int) -> str:
    return str(30 + i * 17 % 70)


def digit(i: int) -> str:
    return str(i * 7 % 10)


def rating(i: int) -> str:
    return str(1 + i * 3 % 5)


def label(i: int) -> str:
    return str(i * i % 2)


def day(i: int) -> str:
    return f"2024-{1 + i // 28:02}-{1 + i % 28:02}"


def clock(i: int) -> str:
    return f"2024-03-01 {i // 60:02}:{i % 60:02}"


def word(i: int) -> str:
    return f"part {chr(65 + i // 26)}{chr(65 + i % 26)}"


def step(i: int) -> str:
    return str(i)


def point(i: int) -> str:
    return f"{i * 1.7:.2f}"


@pytest.mark.parametrize(
    ("above", "forms"),
    [
        (["a,b"], [tenths, hundredths]),
        (["a,b,c"], [tenths, hundredths, euros]),
        (["a,b"], [tenths, whole]),
        (["a,b"], [whole, hundredths]),
        (["a,b,c,d"], [whole, tenths, whole, whole]),
        (["date,a"], [day, tenths]),
        (["date,a,b,c"], [day, tenths, whole, hundredths]),
        (["Buchung,a"], [day, euros]),
        (["time,a,b"], [clock, halves, halves]),
        (["time,a"], [step, tenths]),
        (["n,a,b"], [step, tenths, tenths]),
        (["part,a"], [word, tenths]),
        (["part,a,b"], [word, shortest, hundredths]),
        ([",a,b"], [step, tenths, hundredths]),
        ([",a"], [step, tenths]),
        (["Report", "", "a,b,c"], [tenths, hundredths, tenths]),
        (["# of the logger", "a,b"], [tenths, hundredths]),
        (["a,b", "°C,%"], [tenths, hundredths]),
        (["shop,2019,2020"], [word, tenths, hundredths]),
        (["date,a,b", "2024-02-01,17,5"], [day, tenths, hundredths]),
        (["a,,b,"], [tenths, hundredths]),
        (["a,b,,"], [tenths, hundredths]),
        (["a,a,b,b"], [tenths, hundredths]),
        (["a (mean, in m),b"], [tenths, whole]),
        (["a [min, max],b,c"], [tenths, whole, whole]),
    ],
)  # fmt: skip
def test_names_that_do_not_fit_split_numbers_are_asked_about(
    tmp_path: Path, above: list[str], forms: list[Form]
) -> None:
    rows = rows_of(*forms)
    if "shortest" in {form.__name__ for form in forms}:
        rows = [row for row in rows if row.count(",") == max(line.count(",") for line in rows)]
    (question,) = asked_of(table_of(tmp_path, [*above, *rows]))
    assert question.setting == "header"
    assert "none" in question.choices
    assert "save the table with another separator" in question.sentence
    for answer in question.choices:
        assert not asked_of(table_of(tmp_path, [*above, *rows], header=answer))


def test_a_header_that_does_not_answer_the_question_leaves_it_open(tmp_path: Path) -> None:
    rows = rows_of(day, tenths, hundredths)
    table = table_of(tmp_path, ["date,a,b", *rows], header="1")
    with pytest.raises(SettingError, match=r"row 1 names 3 columns, row 2 has 5 cells .* Set header to none"):
        table.refuse_open_questions([])


@pytest.mark.parametrize(
    "forms", [[tenths], [hundredths], [euros], [halves], [day, tenths], [step, hundredths], [tenths, hundredths],
              [word, tenths, hundredths], [whole, hundredths], [clock, tenths, halves, euros]],
)  # fmt: skip
@pytest.mark.parametrize("rows", [8, ROWS])
def test_numbers_without_names_that_may_be_split_are_asked_about(tmp_path: Path, forms: list[Form], rows: int) -> None:
    lines = rows_of(*forms, rows=rows)
    table = table_of(tmp_path, lines)
    if forms == [euros]:  # whose commas are clear
        assert table.values(["column1"], "past")[:2, 0].tolist() == [1000.0, 1007.01]
        return
    (question,) = asked_of(table)
    assert question.setting == "separator"
    for answer in question.choices:
        again = table_of(tmp_path, lines, separator=answer)
        assert not asked_of(again)
        assert len(again.columns) == (lines[0].count(",") + 1 if answer == "comma" else 1)
    if forms in ([tenths], [hundredths], [halves]):
        values = table_of(tmp_path, lines, separator="semicolon").values(["column1"], "past")[:, 0]
        assert values.tolist() == [float(line.replace(",", ".")) for line in lines]


@pytest.mark.parametrize(
    ("above", "forms"),
    [
        (["a,b"], [whole, digit]),
        (["a,b,c,d"], [digit, digit, label, rating]),
        (["date,a,b"], [day, whole, digit]),
        (["time,a,b"], [step, digit, digit]),
        ([",a,b"], [step, whole, digit]),
        (["day,a,a"], [day, whole, humidity]),
        (["a (m),b (min. or max)"], [whole, digit]),
        (["Report, of Kiel", "", "a,b,c"], [whole, digit, humidity]),
        (["a,b", "m,kg"], [whole, digit]),
        (["a,b"], [step, whole, humidity]),
        (["a,b,c"], [word, humidity, rating, label]),
        (["date,b,c"], [step, day, whole, digit]),
        (["a,b,p"], [step, whole, digit, point]),
        (["a,b"], [lambda i: f'"{i}"', whole, digit]),
        ([], [day, whole]),
        ([], [step, whole]),
        ([], [rating, whole]),
        ([], [whole, label]),
        ([], [whole, rating, humidity]),
        ([], [humidity, humidity]),
        ([], [digit, digit, digit, digit]),
        ([], [whole, humidity, whole, humidity, whole, digit]),
        ([], [whole, digit, point]),
        ([], [lambda i: f'"{i * 7 % 13}"', digit]),
    ],
)  # fmt: skip
def test_whole_numbers_are_not_asked_about(tmp_path: Path, above: list[str], forms: list[Form]) -> None:
    lines = rows_of(*forms)
    table = table_of(tmp_path, [*above, *lines])
    assert not asked_of(table)
    assert len(table.columns) == len(forms)
    last = table.values([table.columns[-1]], "past")[:, 0]
    assert last.tolist() == [float(line.split(",")[-1]) for line in lines]


def test_names_of_rows_can_be_confirmed(tmp_path: Path) -> None:
    lines = ["a,b", *rows_of(lambda i: str(i + 1), whole, digit)]
    (question,) = asked_of(table_of(tmp_path, lines))
    assert question.choices == {"1": "the first column has no name", "none": "3 columns without names"}
    table = table_of(tmp_path, lines, header="1")
    assert table.columns == ["column1", "a", "b"]
    assert table.values(["b"], "past")[:3, 0].tolist() == [0, 7, 4]


@pytest.mark.parametrize("above", [["part,a"], ["a"], []], ids=["names", "names but one", "no names"])
def test_a_longer_first_row_is_not_left_out(tmp_path: Path, above: list[str]) -> None:
    rows = ["part AA,5,25", *rows_of(word, whole)]
    if above == ["a"]:
        above, rows = ["a,b"], ["part AA,5,25,5", *rows_of(word, whole, whole)]
    with pytest.raises(DataError, match=r"columns are expected as in the other rows; received"):
        table_of(tmp_path, [*above, *rows])


numbers = st.lists(st.tuples(*[st.decimals(-999, 999, places=2)] * 2), min_size=8, max_size=60)


@given(numbers, st.sampled_from(["", "date,", "n,", "part,", ","]))
@quick
def test_all_columns_split_are_always_asked_about(
    tmp_path: Path, pairs: list[tuple[object, object]], first: str
) -> None:
    begin = {"": lambda i: "", "date,": day, "part,": word}.get(first, step)
    rows = [f"{begin(i)}{first[-1:]}{str(a).replace('.', ',')},{str(b).replace('.', ',')}"
            for i, (a, b) in enumerate(pairs)]  # fmt: skip
    assert asked_of(table_of(tmp_path, [f"{first}a,b", *rows]))


@given(st.lists(st.tuples(*[st.integers(-99, 999)] * 3), min_size=1, max_size=60), st.sampled_from(["a", "", "day"]))
@quick
def test_whole_numbers_below_their_names_are_never_asked_about(
    tmp_path: Path, rows: list[tuple[int, ...]], first: str
) -> None:
    table = table_of(tmp_path, [f"{first},b,c", *(",".join(map(str, row)) for row in rows)])
    assert not asked_of(table)
    assert table.columns == [first or "column1", "b", "c"]
