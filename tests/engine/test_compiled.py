"""Programs that are kept on the disk."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from rnnstudio.engine import compiled

TRAIN = """
import rnnstudio as rs
run = rs.train("toy", units=3, updates=4, save=False, verbose=0)
print([float(v).hex() for v in run.record.loss.values])
"""


def in_a_process(home: Path) -> str:
    environment = {k: v for k, v in os.environ.items() if k != "TF_XLA_FLAGS"} | {"RNNSTUDIO_HOME": str(home)}
    done = subprocess.run([sys.executable, "-c", TRAIN], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_program_is_kept_and_a_damaged_one_is_compiled_anew_with_the_same_bits(home: Path) -> None:
    told = in_a_process(home)
    (program,) = (home / "compiled").glob("*/*.pb")
    written, whole = program.stat().st_mtime_ns, program.read_bytes()
    assert in_a_process(home) == told
    assert program.stat().st_mtime_ns == written  # read, not written again
    program.write_bytes(whole[: len(whole) // 2])
    assert in_a_process(home) == told
    assert not program.exists()


def test_the_oldest_programs_go_where_there_are_too_many(home: Path, monkeypatch) -> None:
    monkeypatch.setenv("TF_XLA_FLAGS", "--tf_xla_clustering_debug")
    monkeypatch.setattr(compiled, "_MOST_BYTES", 250)
    folder = home / "compiled" / "another processor"
    folder.mkdir(parents=True)
    for age in range(4):
        file = folder / f"{age}.pb"
        file.write_bytes(bytes(100))
        os.utime(file, (1e9 - age, 1e9 - age))
    compiled.keep_on_disk()
    assert sorted(file.name for file in folder.iterdir()) == ["0.pb", "1.pb"]
    first, second = os.environ["TF_XLA_FLAGS"].split()
    assert first == "--tf_xla_clustering_debug"
    place = Path(second.removeprefix("--tf_xla_persistent_cache_directory="))
    assert place.is_dir()
    (place / "a.pb").write_bytes(b"damaged")
    assert compiled.forget()
    assert not compiled.forget()


def test_a_place_that_the_user_chose_and_one_that_cannot_be_told_are_left(home: Path, monkeypatch) -> None:
    chosen = "--tf_xla_persistent_cache_directory=/chosen"
    monkeypatch.setenv("TF_XLA_FLAGS", chosen)
    compiled.keep_on_disk()
    assert os.environ["TF_XLA_FLAGS"] == chosen
    monkeypatch.delenv("TF_XLA_FLAGS")
    monkeypatch.setenv("RNNSTUDIO_HOME", str(home / "with blanks"))
    compiled.keep_on_disk()
    assert "TF_XLA_FLAGS" not in os.environ
    monkeypatch.setenv("RNNSTUDIO_HOME", str(home / "file"))
    (home / "file").write_text("no folder")
    compiled.keep_on_disk()
    assert "TF_XLA_FLAGS" not in os.environ
