"""Readers of files from elsewhere: whatever the bytes, an array or a sentence, soon, and no other file touched."""

from __future__ import annotations

import gzip
import io
import pickle
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from rnnstudio.core.errors import DataError
from rnnstudio.reading.archives import Archive
from rnnstudio.reading.har import parse_recordings
from rnnstudio.reading.idx import read_idx, read_npz
from rnnstudio.reading.pickles import read_pickle

many = settings(max_examples=300, deadline=2000, suppress_health_check=[HealthCheck.function_scoped_fixture])
NUMBERS = st.sampled_from(["<f8", ">f4", "<f2", "i1", ">i4", "<u8", "?", "<c8", "<U3", "S2"]).map(np.dtype)


def zip_of(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def saved(**these: Any) -> bytes:
    out = io.BytesIO()
    np.savez(out, **these)
    return out.getvalue()


def all_members(file: Path) -> None:
    with Archive(file, file.name) as archive:
        for name in archive.names:
            archive.read(name)


HAR = {
    f"UCI HAR Dataset/{part}/{name}_{part}.txt": text
    for part, people in (("train", b"1\n"), ("test", b"2\n"))
    for name, text in {
        "y": b"1\n",
        "subject": people,
        **{
            f"Inertial Signals/{kind}_{axis}": b" 1.0e-1" * 128 + b"\n"
            for kind in ("body_acc", "body_gyro", "total_acc")
            for axis in "xyz"
        },
    }.items()
}
SEEDS: dict[str, tuple[str, Callable[[Path], Any], list[bytes]]] = {
    "pickle": (
        "a.pkl",
        read_pickle,
        [pickle.dumps({"x": [np.arange(4.0), (1, None, "a")], 3: np.float32(2)}, protocol) for protocol in range(6)],
    ),
    "idx": ("a-idx", read_idx, [b"\0\0\x0d\2" + struct.pack(">2I6f", 2, 3, *range(6))]),
    "idx.gz": ("a-idx.gz", read_idx, [gzip.compress(b"\0\0\x08\1" + struct.pack(">I", 50) + bytes(range(50)))]),
    "npz": ("a.npz", read_npz, [saved(x=np.arange(6).reshape(2, 3), y=np.array(["a"]))]),
    "zip": ("a.zip", all_members, [zip_of({"a/b.txt": b"text" * 50, "c.txt": b"more"})]),
    "har": ("har.zip", parse_recordings, [zip_of(HAR), zip_of({"UCI HAR Dataset.zip": zip_of(HAR)})]),
}


@pytest.mark.parametrize("kind", SEEDS)
def test_what_is_whole_is_read(tmp_path: Path, kind: str) -> None:
    name, read, seeds = SEEDS[kind]
    for seed in seeds:
        (tmp_path / name).write_bytes(seed)
        read(tmp_path / name)


@pytest.mark.parametrize("kind", SEEDS)
@given(drawn=st.data())
@many
def test_damaged_files_are_read_or_refused_in_a_sentence(tmp_path: Path, kind: str, drawn: st.DataObject) -> None:
    name, read, seeds = SEEDS[kind]
    raw = bytearray(drawn.draw(st.sampled_from(seeds)))
    for _ in range(drawn.draw(st.integers(1, 6))):
        place = drawn.draw(st.integers(0, max(0, len(raw) - 1)))
        match drawn.draw(st.sampled_from(["flip", "cut", "put", "repeat"])):
            case "flip" if raw:
                raw[place] = drawn.draw(st.integers(0, 255))
            case "cut":
                del raw[place : place + drawn.draw(st.integers(1, 40))]
            case "put":
                raw[place:place] = drawn.draw(st.binary(max_size=12))
            case "repeat":
                raw[place:place] = raw[place : place + 30]
    judge(tmp_path, name, bytes(raw), read)


@pytest.mark.parametrize("kind", SEEDS)
@given(raw=st.binary(max_size=400))
@example(raw=b"")
@many
def test_any_bytes_are_read_or_refused_in_a_sentence(tmp_path: Path, kind: str, raw: bytes) -> None:
    name, read, _ = SEEDS[kind]
    judge(tmp_path, name, raw, read)


def judge(folder: Path, name: str, raw: bytes, read: Callable[[Path], Any]) -> None:
    file = folder / name
    file.write_bytes(raw)
    sentence = name
    try:
        read(file)
    except DataError as error:
        sentence = str(error)
    assert name in sentence
    assert len(sentence) < 900
    assert file.read_bytes() == raw
    assert [f.name for f in folder.iterdir()] == [name]


@given(NUMBERS.flatmap(lambda kind: arrays(kind, array_shapes(min_dims=0, max_dims=4, min_side=0))), st.integers(0, 5))
@many
def test_every_array_survives_being_pickled(tmp_path: Path, array: Any, protocol: int) -> None:
    file = tmp_path / "a.pkl"
    file.write_bytes(pickle.dumps(array, protocol))
    found = read_pickle(file)
    assert found.dtype == array.dtype.newbyteorder("=")
    np.testing.assert_array_equal(found, array)


PARTS = st.sampled_from(["..", ".", "a", "b.txt", "", "C:", "~"])


@given(st.lists(PARTS, min_size=1, max_size=4), st.sampled_from("/\\"))
@many
def test_a_name_that_is_taken_stays_within_any_folder(tmp_path: Path, parts: list[str], slash: str) -> None:
    name = slash.join(parts)
    file = tmp_path / "a.zip"
    file.write_bytes(zip_of({name: b"x"}) if name else zip_of({}))
    folder = Path("/somewhere/deep")
    try:
        with Archive(file, "a.zip") as archive:
            taken = archive.names
    except DataError:
        return
    for member in taken:
        place = Path(*folder.parts, *member.replace("\\", "/").split("/"))
        depth = 0
        for part in member.replace("\\", "/").split("/"):
            depth += {"..": -1, ".": 0, "": 0}.get(part, 1)
            assert depth >= 0
        assert folder in (place, *place.parents)
