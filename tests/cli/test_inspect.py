"""`rnnstudio inspect` shows how a file is read, what is assumed and what is open; `train` refuses what is open."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest

from rnnstudio.core.automatic import resolve
from rnnstudio.core.catalog import load_data
from rnnstudio.core.experiment import compose

SHOP = "Datum;Umsatz;Aktion\n" + "".join(
    f"{i % 28 + 1:02d}.{i // 28 + 1:02d}.2024;{90 + i % 7},5;{i % 2}\n" for i in range(56)
)
OPEN = "day;visits\n" + "".join(f"mon;{i + 1}.026\n" for i in range(60))


def test_the_account_is_text_or_json(invoke, tmp_path):
    file = tmp_path / "shop.csv"
    file.write_text(SHOP)
    text = invoke("inspect", str(file)).stdout
    assert text.startswith(
        "shop.csv: text table, 56 rows, 3 columns; utf-8, separator semicolon, header in row 1\nTime: Datum, "
    )
    assert "Predicted by default: Umsatz" in text
    account = json.loads(invoke("inspect", str(file), "--json").stdout)
    assert [column["kind"] for column in account["columns"]] == ["time", "number", "number"]
    assert account["columns"][0]["written"] == "day.month.year"


def test_the_settings_that_a_training_would_choose_are_shown_with_their_reasons(invoke, tmp_path):
    file = tmp_path / "shop.csv"
    file.write_text(SHOP)
    chosen = resolve(compose("file", {"file": str(file)}), load_data).choices
    shown = invoke("inspect", str(file), "--settings").stdout
    assert shown.startswith(invoke("inspect", str(file)).stdout)
    lines = [line for line in shown.splitlines() if line.startswith("Automatic: ")]
    assert len(lines) == sum(bool(choice.reason) for choice in chosen)
    window = next(choice for choice in chosen if choice.setting == "window")
    assert f"Automatic: Window {window.value}: {window.reason}" in lines
    plain = json.loads(invoke("inspect", str(file), "--settings", "--json").stdout)
    assert plain["automatic"] == [asdict(choice) for choice in chosen]


@pytest.mark.usefixtures("uncompiled")
def test_an_open_question_is_shown_and_a_training_refused_until_it_is_answered(invoke, tmp_path):
    file = tmp_path / "visits.csv"
    file.write_text(OPEN)
    assert "Open: The numbers in column 'visits', such as 1.026," in invoke("inspect", str(file)).stdout
    assert "Open" not in invoke("inspect", str(file), "--thousands-mark", "point").stdout
    refused = invoke("train", str(file), "--updates", "1")
    assert refused.exit_code == 2
    assert "Set thousands_mark to none (1.026 is 1.026) or point (1.026 is 1026)." in " ".join(refused.stderr.split())
    flags = ("--thousands-mark", "point", "--window", "5", "--units", "2", "--updates", "1")
    assert invoke("train", str(file), *flags).exit_code == 0


def test_a_file_that_cannot_be_read_is_one_sentence(invoke, tmp_path):
    result = invoke("inspect", str(tmp_path / "none.csv"))
    assert result.exit_code == 2
    assert result.stderr.startswith("Error: There is no file ")


def test_a_gap_that_a_training_refuses_is_open_and_flags_answer_it(invoke, tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("day,sales\n" + "".join(f"{i},{'' if 50 <= i < 80 else i * i % 17}\n" for i in range(150)))
    shown = " ".join(invoke("inspect", str(file)).stdout.split())
    assert "Open: a.csv has no values for 30 steps in a row, from row 52, column 'sales' on; " in shown
    assert "Set max_gap to 30 (these steps are filled from the past)." in shown
    for flags in (["--max-gap", "30"], ["--missing", "drop"]):
        assert "Open:" not in invoke("inspect", str(file), *flags).stdout
