"""What is told while a run trains and when it has ended."""

from __future__ import annotations

import time

import numpy as np
import pytest

from rnnstudio.cli.progress import Lines
from rnnstudio.cli.report import column_told, figures, headline, print_run, published, thinned, verdicts
from rnnstudio.core.events import Evaluated, Started, StepsDone
from rnnstudio.core.experiment import compose
from rnnstudio.core.published import differences_from_publication


def test_figures_stand_beside_the_naive_answers(airline_run, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    print_run(airline_run, ["Something to know."])
    text = capsys.readouterr().out
    assert all(len(line) <= 80 for line in text.splitlines())
    row = next(line.split() for line in text.splitlines() if line.startswith("test_rmse"))
    naive = [f"{answer['test_rmse']:.4g}" for answer in airline_run.baseline.values()]
    assert row[: 2 + len(naive)] == ["test_rmse", f"{airline_run.metrics['test_rmse']:.4g}", *naive]
    assert row[2 + len(naive) :] == ["thousand", "passengers"]
    assert "Something to know." in text
    assert "not saved" in text


def test_the_works_numbers_stand_beside_the_runs_at_the_same_updates(airline_run, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    print_run(airline_run, [])
    lines = capsys.readouterr().out.splitlines()
    first = next(line.split() for line in lines if line.split()[:1] == ["0"])
    loss, look = airline_run.record.loss.values[0], airline_run.record.evaluations[0]["test_loss"]
    assert first == ["0", f"{loss:.4g}", "1.163", f"{look:.4g}", "3.131"]
    assert ["400", "-", "0.0375", "-", "0.2427"] in [line.split() for line in lines]  # 60 updates do not get there


def test_settings_that_differ_from_the_work_are_told_above_its_numbers(airline_run, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    print_run(airline_run, [])
    lines = capsys.readouterr().out.splitlines()
    note = next(i for i, line in enumerate(lines) if line.startswith("settings differ from the work: units 100 -> 8"))
    assert note < next(i for i, line in enumerate(lines) if "the work" in line and i != note)


@pytest.mark.parametrize(
    ("start", "settings", "differences"),
    [
        ("echo", {"window": 3, "seed": 5, "epochs": 1}, ["window 15 -> 3"]),
        ("airline", {"cell": "gru"}, ["cell lstm -> gru"]),
        ("airline", {"seed": 9, "updates": 3, "patience": 0}, []),
        ("file", {"file": "x.csv"}, []),
    ],
)
def test_seed_and_length_of_the_training_are_no_differences_from_the_publication(start, settings, differences):
    assert [str(d) for d in differences_from_publication(compose(start, settings))] == differences


def test_the_column_told_and_the_others_are_named(tmp_path):
    file = tmp_path / "sales.csv"
    file.write_text("month,promo,sales\nm1,1,5\nm2,0,6\nSource: the till,,\n")
    assert column_told(str(file), "") == (
        "telling 'sales' of sales.csv; other columns of numbers: promo (--target promo); "
        "1 closing line without numbers left out"
    )
    assert column_told(str(file), "promo").startswith("telling 'promo' of sales.csv; other columns of numbers: sales")


def test_all_published_points_are_shown_up_to_twelve_and_ends_are_kept_beyond():
    assert thinned(range(12), 12) == list(range(12))
    few = thinned(range(0, 1000, 10), 12)
    assert len(few) == len(set(few)) == 12
    assert (few[0], few[-1]) == (0, 990)
    assert few == sorted(few)
    rows = [{"metric": "train_loss", "update": u, "published": 1.0, "run": float(u)} for u in range(100)]
    assert published(rows).row_count == 12
    assert published(rows[:12]).row_count == 12


@pytest.mark.parametrize(
    ("rmse", "sentence"),
    [
        (80.0, "test_rmse 80 is worse than the naive answer (last value: 50), which needs no network."),
        (50.0, "test_rmse 50 is no better than the naive answer (last value: 50), which needs no network."),
        (40.0, "test_rmse 40 is better than the naive answer (last value: 50) by 20%."),
    ],
)
def test_the_verdict_is_honest_about_errors(fresh_airline, rmse, sentence):
    run = fresh_airline()
    run.metrics = {"test_rmse": rmse}
    run.baseline = {"seasonal_last_value": {"test_rmse": 60.0}, "last_value": {"test_rmse": 50.0}}
    assert verdicts(run) == [sentence]


@pytest.mark.parametrize(("accuracy", "word"), [(0.3, "worse than"), (0.5, "no better than"), (0.7, "better than")])
def test_the_verdict_is_honest_about_accuracies(fresh_airline, accuracy, word):
    run = fresh_airline()
    run.metrics = {"test_accuracy": accuracy, "test_loss": 1.0}
    run.baseline = {"majority_class": {"test_accuracy": 0.5}}
    assert verdicts(run)[0].startswith(f"test_accuracy {accuracy:g} is {word} the naive answer (majority class: 0.5)")


def test_a_best_look_that_was_not_the_last_is_told(fresh_airline):
    run = fresh_airline()
    run.metrics = {"best_test_loss": 0.18, "best_update": 40.0}
    assert verdicts(run) == ["The best test_loss was 0.18, at update 40."]
    run.metrics["best_update"] = float(run.record.step)
    assert verdicts(run) == []


def test_the_headline_says_what_and_how_it_ended(airline_run):
    assert headline(airline_run).startswith("airline: lstm, 8 units, ")
    assert headline(airline_run).endswith("completed after 60 updates")
    assert figures(airline_run).row_count == 4


@pytest.fixture
def followed(airline_run):
    """Progress lines of a run that is a fifth done: 200 updates in the last second."""
    shown = Lines()
    shown.take(Started(2000, 100, 10, "CPU", airline_run.info))
    shown.take(Evaluated(0, {"test_loss": 3.0}))
    shown.take(StepsDone(0, np.full(200, 0.5, np.float32)))
    shown._clock = time.monotonic() - 1.0, 200
    shown.take(StepsDone(200, np.full(200, 0.25, np.float32)))
    return shown


def test_a_line_has_update_epoch_figures_speed_and_time_left(followed, capsys):
    followed._last = 0.0
    followed.draw()
    line = capsys.readouterr().err
    assert line.startswith("update 400 of 2,000  epoch 5 of 20  train_loss 0.25  test_loss 3  ")
    speed = float(line.split("test_loss 3  ")[1].split()[0])
    assert 150 <= speed <= 200
    assert line.endswith(" left\n")
    minutes, seconds = line.split()[-2].split(":")
    assert 8 <= int(minutes) * 60 + int(seconds) <= 11


def test_lines_come_every_two_seconds_at_most(followed, capsys):
    followed.draw()
    followed.draw()
    assert capsys.readouterr().err == ""  # made less than two seconds ago
