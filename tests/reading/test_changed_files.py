"""A file that changes, is replaced or removed while it is read is refused with one sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import numpy as np
import pytest

from rnnstudio.core.errors import DataError
from rnnstudio.reading.changed_files import unchanged
from rnnstudio.reading.files import read_file
from rnnstudio.reading.sequence_files import read_sequences

ROWS = "".join(f"{i},{i * i % 97}\n" for i in range(20_000))
TS = "@classLabel true up down\n@data\n" + "1,2,3:up\n3,2,1:down\n" * 3_000


@contextmanager
def another_program(change: Callable[[], object]) -> Iterator[None]:
    """Change a file again and again on another thread, at least once, until the block ends."""
    ended, started = Event(), Event()

    def work() -> None:
        while not ended.is_set():
            change()
            started.set()
            ended.wait(0.001)

    thread = Thread(target=work)
    thread.start()
    started.wait()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def append(file: Path, text: str) -> None:
    """Append to a file."""
    with file.open("a") as stream:
        stream.write(text)


def replace(file: Path, text: str) -> None:
    """Replace a file as programs do that write a new one first."""
    new = file.with_suffix(".new")
    new.write_text(text)
    new.replace(file)


@pytest.mark.parametrize(
    ("name", "content", "change", "read"),
    [
        ("a.csv", "time,load\n" + ROWS, lambda file: append(file, "7,7\n"), read_file),
        ("a.csv", "time,load\n" + ROWS, lambda file: append(file, "broken"), read_file),
        ("a.csv", "time,load\n" + ROWS, lambda file: replace(file, "time,load\n" + ROWS[: len(ROWS) // 2]), read_file),
        ("a_TRAIN.ts", TS, lambda file: append(file, "3,2,1:down\n"), read_sequences),
    ],
)
def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path, name, content, change, read):
    file = tmp_path / name
    file.write_text(content)
    with (
        another_program(lambda: change(file)),
        pytest.raises(DataError, match=rf"^{name} changed while it was read.*Read it again"),
    ):
        read(file)


def test_the_partner_of_a_training_file_may_not_change_either(tmp_path):
    (tmp_path / "a_TRAIN.ts").write_text(TS)
    (tmp_path / "a_TEST.ts").write_text(TS)
    with (
        another_program(lambda: append(tmp_path / "a_TEST.ts", "3,2,1:down\n")),
        pytest.raises(DataError, match=r"a_TEST\.ts changed while it was read"),
    ):
        read_sequences(tmp_path / "a_TRAIN.ts")


def test_an_array_file_that_grows_is_no_damaged_file(tmp_path):
    file = tmp_path / "a.npz"
    np.savez(file, x=np.arange(2_000_000.0))
    with (
        another_program(lambda: np.savez(file, x=np.arange(2_000_000.0))),
        pytest.raises(DataError, match=r"a.npz changed while it was read"),
    ):
        read_file(file)


def test_a_file_that_is_removed_while_it_is_read_is_said_to_be_gone(tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("1\n2\n")
    with pytest.raises(DataError, match=r"a\.csv was moved or deleted while it was read"), unchanged(file):
        file.unlink()


@pytest.mark.parametrize("name", ["gone.csv", "\0"])
def test_a_file_that_was_never_there_has_its_own_error(tmp_path, name):
    with pytest.raises(DataError, match="There is no file"):
        read_file(tmp_path / name)
