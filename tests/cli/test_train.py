"""`rnnstudio train` for real: in processes of their own, with real signals, limits and terminals."""

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

from rnnstudio.core.experiment import compose

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals, limits and terminals as POSIX has them")


def test_json_is_one_object_and_the_plots_that_suit_are_drawn(run, home, tmp_path):
    from rnnstudio.gui.plots import PLOTS

    code, out, err = run("train", "toy", "--updates", "50", "--json", "--pictures", "pictures")
    assert code == 0, err
    told = json.loads(out, parse_constant=pytest.fail)
    assert {"run", "recipe", "outcome", "updates", "seconds", "updates_per_second"} <= set(told)
    assert {"device", "parameters", "metrics", "baseline", "published"} <= set(told)
    assert (told["run"], told["recipe"], told["outcome"], told["updates"]) == ("toy-1", "toy", "completed", 50)
    assert told["metrics"]["test_loss"] > 0
    assert told["published"][0] == {**told["published"][0], "update": 0, "published": 103.46}
    assert told["published"][0]["run"] == pytest.approx(103.46, rel=0.5)
    assert (home / "runs" / "toy-1" / "run.json").is_file()
    drawn = {f"{plot.name}.png" for plot in PLOTS if plot.suits(compose("toy", {}))}
    assert {file.name for file in (tmp_path / "pictures").iterdir()} == drawn
    assert err.splitlines()[:2] == ["Loading TensorFlow ...", "Compiling the network ..."]  # and no chatter of its own
    assert [line for line in err.splitlines()[2:] if not line.startswith(("update ", "Wrote pictures"))] == []


@posix
def test_ctrl_c_stops_and_keeps_the_run(spawn, invoke):
    with spawn("train", "echo", "--epochs", "100000") as process:
        told = next(line for line in process.stderr if line.startswith("update "))
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert " of 66,600,000  epoch " in told
    assert "Stopping; what was learned is kept. Ctrl-C again aborts." in err
    assert "stopped before its 66,600,000 updates" in " ".join(out.split())
    listed = json.loads(invoke("list", "runs", "--json").stdout)
    assert [(row["run"], row["outcome"]) for row in listed] == [("echo-1", "stopped")]
    assert listed[0]["metrics"]["train_loss"] > 0


@posix
def test_ctrl_c_while_the_network_compiles_keeps_a_run_without_updates(spawn, invoke):
    with spawn("train", "echo") as process:
        next(line for line in process.stderr if line.startswith("Compiling"))
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=30)
    assert process.returncode == 130
    assert out.startswith("echo: rnn, 4 units, ")
    assert [row["outcome"] for row in json.loads(invoke("list", "runs", "--json").stdout)] == ["stopped"]


_STUBBORN = """
import threading
from rnnstudio.cli.attend import attend
from rnnstudio.cli.progress import Lines
def work(emit, should_stop):
    print("started", flush=True)
    threading.Event().wait(60)
attend(work, Lines())
"""


@posix
def test_a_second_ctrl_c_aborts_whatever_the_thread_is_doing():
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", _STUBBORN], **pipes) as process:
        assert process.stdout.readline() == "started\n"
        process.send_signal(signal.SIGINT)
        assert process.stderr.readline().startswith("Compiling")
        assert process.stderr.readline().startswith("Stopping")
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=10)
    assert time.monotonic() - began < 2
    assert process.returncode == 130
    assert err == "Aborted; this run was not kept.\n"


@posix
def test_a_full_disk_is_told_and_the_figures_are_not_lost(run, home):
    small_files = ("env", "TF_XLA_FLAGS=", "bash", "-c", 'ulimit -f 1 && exec "$@"', "bash")
    code, out, err = run("train", "toy", "--updates", "50", "--json", before=small_files)
    assert code == 1
    told = json.loads(out)
    assert (told["run"], told["path"], told["outcome"]) == ("", "", "completed")
    assert told["metrics"]["train_loss"] > 0
    assert err.splitlines()[-1].startswith("Error: The run could not be saved in ")
    assert "Traceback" not in err
    assert list(home.rglob("*.json")) == []


@posix
def test_a_terminal_gets_a_bar_that_leaves_no_trace(spawn):
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    written = b""
    # ten seconds, because loading and compiling alone take two or three
    command = ("train", "echo", "--epochs", "1000", "--max-seconds", "10")
    with spawn(*command, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        with contextlib.suppress(OSError):  # Linux' way of saying that the other end is closed
            while more := os.read(ours, 65536):
                written += more
    os.close(ours)
    assert process.returncode == 0  # --max-seconds is no failure
    text = written.decode()
    assert "━" in text
    assert "of 666,000" in text
    assert " left" in text
    assert "updates/s" in text
    assert text.rindex("\x1b[?25h") > text.index("\x1b[?25l")  # the cursor is back
    assert "stopped before its 666,000 updates" in " ".join(text.split())


def test_a_loss_that_is_no_number_is_told_and_kept(invoke):
    result = invoke("train", "airline", "--units", "4", "--optimizer", "sgd", "--learning-rate", "1000", "--json")
    assert result.exit_code == 1
    told = json.loads(result.stdout, parse_constant=pytest.fail)
    assert (told["run"], told["outcome"]) == ("airline-1", "diverged")
    assert result.stderr.splitlines()[-1].startswith("Error: The loss became NaN or infinite at update ")


def test_pictures_that_cannot_be_drawn_cost_no_run(invoke, home, tmp_path):
    (tmp_path / "taken").write_text("a file")
    result = invoke("train", "toy", "--updates", "20", "--pictures", str(tmp_path / "taken"))
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1].startswith("Error: The pictures could not be drawn: ")
    assert (home / "runs" / "toy-1" / "run.json").is_file()


def test_a_picture_that_has_nothing_to_show_is_a_note(run, home, tmp_path):
    lone = (
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
    code, _, err = run("train", *lone, "--pictures", "pictures")
    assert code == 0
    assert "Note: The plot 'accuracy' of this run is empty. This run has no test set" in err
    assert {file.name for file in (tmp_path / "pictures").iterdir()} == {"loss.png", "forecast.png"}


def test_quiet_and_no_save_leave_nothing(invoke, home):
    result = invoke("train", "toy", "--updates", "20", "--quiet", "--no-save")
    assert (result.exit_code, result.output) == (0, "")
    assert not home.exists()


def test_a_folder_that_is_taken_is_refused_before_anything_is_trained(invoke, home, tmp_path: Path):
    (tmp_path / "photo.png").write_bytes(b"mine")
    result = invoke("train", "toy", "--updates", "20", "--save", str(tmp_path))
    assert result.exit_code == 1
    assert f"{tmp_path} exists and is not a run" in result.stderr
    assert not home.exists()
    assert (tmp_path / "photo.png").read_bytes() == b"mine"


def test_save_keeps_the_run_in_the_folder(invoke, tmp_path):
    result = invoke("train", "toy", "--updates", "20", "--save", str(tmp_path / "mine"))
    assert result.exit_code == 0, result.stderr
    assert invoke("export", str(tmp_path / "mine"), "-o", str(tmp_path / "out.csv")).exit_code == 0


def test_your_own_table_is_trained(invoke, tmp_path):
    file = tmp_path / "beer.csv"
    file.write_text("month,sales\n" + "".join(f"{i},{100 + i % 12}\n" for i in range(80)))
    flags = "--target sales --window 12 --units 4 --updates 20 --batch-size 16 --dense-units 8,4 --bidirectional"
    result = invoke("train", str(file), *flags.split())
    assert result.exit_code == 0, result.stderr
    assert result.stdout.startswith("beer.csv: bidirectional lstm, 4 units, ")
    told = "telling 'sales' of beer.csv; other columns of numbers: month (--target month)"
    assert told in " ".join(result.stdout.split())
    assert "last value: " in " ".join(result.stdout.split())
