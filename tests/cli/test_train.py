"""`rnnstudio train` in other processes, with real signals, limits and terminals."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rnnstudio.api import load
from rnnstudio.core.experiment import compose

pytestmark = pytest.mark.usefixtures("uncompiled")

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals, limits and terminals as POSIX has them")


def test_json_is_one_object_and_the_plots_that_suit_are_drawn(run, home, tmp_path):
    from rnnstudio.gui.plots import PLOTS

    code, out, err = run("train", "toy", "--updates", "50", "--json", "--plots", "plots")
    assert code == 0, err
    summary = json.loads(out, parse_constant=pytest.fail)
    assert {"run", "recipe", "outcome", "updates", "seconds", "updates_per_second"} <= set(summary)
    assert {"device", "parameters", "metrics", "baseline", "published"} <= set(summary)
    assert (summary["run"], summary["recipe"]) == ("toy-1", "toy")
    assert (summary["outcome"], summary["updates"]) == ("completed", 50)
    assert summary["metrics"]["test_loss"] > 0
    assert summary["published"][0] == {**summary["published"][0], "update": 0, "published": 103.46}
    assert summary["published"][0]["run"] == pytest.approx(103.46, rel=0.5)
    assert (home / "runs" / "toy-1" / "run.json").is_file()
    drawn = {f"{plot.name}.png" for plot in PLOTS if plot.suits(compose("toy", {}))}
    assert {file.name for file in (tmp_path / "plots").iterdir()} == drawn
    assert err.splitlines()[:2] == ["Loading TensorFlow ...", "Compiling the network ..."]  # and no other messages
    assert [line for line in err.splitlines()[2:] if not line.startswith(("update ", "Wrote plots"))] == []


@posix
def test_ctrl_c_stops_and_keeps_the_run(spawn, invoke):
    with spawn("train", "echo", "--epochs", "100000") as process:
        progress = next(line for line in process.stderr if line.startswith("update "))
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert " of 66,600,000  epoch " in progress
    assert "Stopping; the run is saved. Press Ctrl-C again to abort." in err
    assert "stopped before its 66,600,000 updates" in " ".join(out.split())
    listed = json.loads(invoke("list", "runs", "--json").stdout)
    assert [(row["run"], row["outcome"]) for row in listed] == [("echo-1", "stopped")]
    assert listed[0]["metrics"]["train_loss"] > 0


@posix
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_signal_that_ends_the_process_keeps_the_run(spawn, invoke, name):
    with spawn("train", "echo", "--epochs", "100000") as process:
        next(line for line in process.stderr if line.startswith("update "))
        process.send_signal(getattr(signal, name))
        process.communicate(timeout=30)
    assert process.returncode == 128 + getattr(signal, name)
    listed = json.loads(invoke("list", "runs", "--json").stdout)
    assert [(row["run"], row["outcome"]) for row in listed] == [("echo-1", "stopped")]


@posix
def test_ctrl_c_during_compilation_keeps_a_run_without_updates(spawn, invoke):
    with spawn("train", "echo") as process:
        next(line for line in process.stderr if line.startswith("Compiling"))
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=30)
    assert process.returncode == 130
    assert out.startswith("echo: rnn, 4 units, ")
    assert [row["outcome"] for row in json.loads(invoke("list", "runs", "--json").stdout)] == ["stopped"]


_IGNORES_STOP = """
import threading
from rnnstudio.cli.foreground import run_in_foreground
from rnnstudio.cli.progress import Lines
def work(emit, should_stop):
    print("started", flush=True)
    threading.Event().wait(60)
run_in_foreground(work, Lines())
"""


@posix
def test_a_second_ctrl_c_aborts_a_thread_that_does_not_stop():
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", _IGNORES_STOP], **pipes) as process:
        assert process.stdout.readline() == "started\n"
        process.send_signal(signal.SIGINT)
        assert process.stderr.readline().startswith("Compiling")
        assert process.stderr.readline().startswith("Stopping")
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=10)
    assert time.monotonic() - began < 2
    assert process.returncode == 130
    assert err == "Aborted; what was trained since the last checkpoint is lost.\n"


@pytest.fixture
def full_disk(monkeypatch):
    """No file can have more than 1000 bytes."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)  # Python would cut off the modules that it stores
    resource = pytest.importorskip("resource", reason="limits of file sizes as POSIX has them")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.usefixtures("full_disk")
def test_a_full_disk_is_reported_and_the_metrics_are_printed(invoke, home):
    result = invoke("train", "toy", "--updates", "5", "--json")
    assert result.exit_code == 1
    summary = json.loads(result.stdout)
    assert (summary["run"], summary["path"], summary["outcome"]) == ("", "", "completed")
    assert summary["metrics"]["train_loss"] > 0
    assert result.stderr.splitlines()[-1].startswith("Error: The run could not be saved in ")
    assert "Traceback" not in result.stderr
    assert list(home.rglob("*.json")) == []


@posix
def test_a_terminal_shows_a_bar_that_is_removed_at_the_end(spawn):
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    written = b""
    command = ("train", "echo", "--epochs", "1000", "--max-seconds", "60")
    with spawn(*command, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        with contextlib.suppress(OSError):  # Linux reports a closed terminal as an error
            while more := os.read(ours, 65536):
                shown = b"updates/s" in written
                written += more
                if not shown and b"updates/s" in written:
                    process.send_signal(signal.SIGINT)
    os.close(ours)
    assert process.returncode == 130
    text = written.decode()
    assert "━" in text
    assert "of 666,000" in text
    assert " left" in text
    assert "updates/s" in text
    assert text.rindex("\x1b[?25h") > text.index("\x1b[?25l")  # the cursor is visible again
    assert "stopped before its 666,000 updates" in " ".join(text.split())


def test_the_end_of_the_time_is_not_a_failure(invoke):
    result = invoke("train", "toy", "--updates", "1000000", "--max-seconds", "0.2", "--quiet", "--json", "--no-save")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["outcome"] == "stopped"


def test_a_diverged_run_is_reported_and_saved(invoke):
    result = invoke("train", "airline", "--units", "4", "--optimizer", "sgd", "--learning-rate", "1000", "--json")
    assert result.exit_code == 1
    summary = json.loads(result.stdout, parse_constant=pytest.fail)
    assert (summary["run"], summary["outcome"]) == ("airline-1", "diverged")
    assert result.stderr.splitlines()[-1].startswith("Error: The loss became NaN or infinite at update ")


def test_a_run_is_saved_although_its_plots_cannot_be_drawn(invoke, home, tmp_path):
    (tmp_path / "taken").write_text("a file")
    result = invoke("train", "toy", "--updates", "2", "--plots", str(tmp_path / "taken"))
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1].startswith("Error: The plots could not be drawn: ")
    assert (home / "runs" / "toy-1" / "run.json").is_file()


def test_an_empty_plot_is_a_note(invoke, tmp_path, qapp):
    arguments = (
        "airline",
        "--test-fraction",
        "0",
        "--patience",
        "0",
        "--no-restore-best-weights",
        "--updates",
        "5",
        "--units",
        "3",
    )
    result = invoke("train", *arguments, "--plots", str(tmp_path / "plots"))
    assert result.exit_code == 0
    assert "Note: The plot 'accuracy' of this run is empty. This run has no test set" in result.stderr
    assert {file.name for file in (tmp_path / "plots").iterdir()} == {"loss.png", "forecast.png"}


def test_quiet_and_no_save_write_nothing(invoke, home):
    result = invoke("train", "toy", "--updates", "2", "--quiet", "--no-save")
    assert (result.exit_code, result.output) == (0, "")
    assert not home.exists()


def test_a_folder_with_other_files_is_refused_before_the_training(invoke, home, tmp_path: Path):
    (tmp_path / "photo.png").write_bytes(b"mine")
    result = invoke("train", "toy", "--updates", "20", "--save", str(tmp_path))
    assert result.exit_code == 1
    assert f"{tmp_path} exists and is not a run" in result.stderr
    assert not home.exists()
    assert (tmp_path / "photo.png").read_bytes() == b"mine"


def test_save_writes_the_run_into_the_folder(invoke, tmp_path):
    result = invoke("train", "toy", "--updates", "2", "--save", str(tmp_path / "mine"))
    assert result.exit_code == 0, result.stderr
    assert invoke("export", str(tmp_path / "mine"), "-o", str(tmp_path / "out.csv")).exit_code == 0


def test_your_own_table_trains(invoke, tmp_path):
    file = tmp_path / "beer.csv"
    file.write_text("promo,sales\n" + "".join(f"{i % 5},{100 + i % 12}\n" for i in range(80)))
    flags = "--target sales --window 12 --units 4 --updates 2 --batch-size 16 --dense-units 8,4 --bidirectional"
    result = invoke("train", str(file), *flags.split())
    assert result.exit_code == 0, result.stderr
    assert result.stdout.startswith("beer.csv: bidirectional lstm, 4 units, ")
    target = "predicting 'sales' of beer.csv from its own past; others that can be predicted: promo (--target promo)"
    assert target in " ".join(result.stdout.split())
    assert "repeating the value 12 steps before (" in " ".join(result.stdout.split())


def test_old_flags_and_json_do_not_disturb_each_other(invoke, tmp_path, qapp):
    flags = f"--updates 1 --order once --pictures {tmp_path / 'plots'} --json --no-save --quiet"
    result = invoke("train", "toy", *flags.split())
    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)["updates"] == 1
    warnings = [line for line in result.stderr.splitlines() if line.startswith("Warning: ")]
    assert warnings == ["Warning: --pictures is now --plots.", "Warning: --order is now --sampling."]
    assert (tmp_path / "plots" / "loss.png").is_file()


def test_a_training_starts_from_the_weights_of_a_saved_run(invoke):
    assert invoke("train", "toy", "--updates", "30", "--learning-rate", "0.1", "--quiet").exit_code == 0
    result = invoke("train", "toy", "--updates", "1", "--initial-weights", "toy-1", "--json")
    assert result.exit_code == 0, result.stderr
    before, after = load("toy-1"), load("toy-2")
    assert after.record.loss.values[0] < before.record.loss.values[0] / 2
    assert json.loads(result.stdout)["warnings"] == [
        "Training started from the weights of toy-1, which neither the settings nor an exported script include."
    ]
    other = invoke("train", "toy", "--units", "5", "--initial-weights", "toy-1")
    assert other.exit_code == 2
    assert other.stderr.splitlines()[-1].startswith("Error: initial_weights ")
