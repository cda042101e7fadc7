"""Damaged files of every format are read or refused with a short message, quickly, and no other file is touched."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from rnnstudio.core.errors import RnnStudioError, SettingError
from tests.samples import FORMATS

# `make fuzz` tries more of both.
many_examples = settings(max_examples=60, deadline=5000, suppress_health_check=[HealthCheck.function_scoped_fixture])
random_examples = settings(max_examples=30, deadline=2000, suppress_health_check=[HealthCheck.function_scoped_fixture])


@cache
def samples(name: str) -> list[bytes]:
    """Return the valid files of a format, always the same ones; some formats contain the time of writing."""
    return FORMATS[name].samples()


@st.composite
def damaged(draw: st.DrawFn, name: str) -> bytes:
    """Return a valid file with bytes that are changed, removed, inserted, repeated or cut off at the end."""
    raw = bytearray(draw(st.sampled_from(samples(name))))
    for _ in range(draw(st.integers(1, 6))):
        position = draw(st.integers(0, max(0, len(raw) - 1)))
        inserted = draw(
            st.binary(max_size=12) | st.sampled_from([b"\xff" * 4, b"\0" * 8, b"\x7f\xff\xff\xff", b"9" * 9])
        )
        match draw(st.sampled_from(["flip", "change", "change", "insert", "remove", "cut", "repeat"])):
            case "flip":
                raw[position : position + 1] = bytes([draw(st.integers(0, 255))])
            case "change":
                raw[position : position + len(inserted)] = inserted
            case "insert":
                raw[position:position] = inserted
            case "remove":
                del raw[position : position + draw(st.integers(1, 40))]
            case "cut":
                del raw[max(1, position) :]
            case _:
                raw[position:position] = raw[position : position + 30]
    return bytes(raw)


_AUDIT_LOGS: list[list[str]] = []


def _audit(event: str, args: Any) -> None:
    if _AUDIT_LOGS and event in ("open", "os.remove", "subprocess.Popen", "os.system"):
        for log in _AUDIT_LOGS:
            log.append(f"{event} {args[0]} {args[1] if len(args) > 1 else ''}")


sys.addaudithook(_audit)


@pytest.fixture
def audit_log() -> Iterator[list[str]]:
    """Files that are opened, and programs that are started, during a test."""
    log: list[str] = []
    _AUDIT_LOGS.append(log)
    yield log
    _AUDIT_LOGS.remove(log)


def touched_by_reading(name: str, folder: Path, raw: bytes, audit_log: list[str]) -> list[str]:
    """Read a file, check the message if it is refused, and return what else was opened, started or written."""
    file = folder / f"a{FORMATS[name].ending}"
    file.write_bytes(raw)
    del audit_log[:]
    try:
        FORMATS[name].read(file)
    except RnnStudioError as error:
        message = str(error)
        names_column = isinstance(error, SettingError)  # as questions about a column do
        assert names_column or file.name in message
        assert 0 < len(message) < 900
        assert message.rstrip("…").endswith((".", ")", "?"))
    allowed = (str(folder), "/lib/python", "site-packages", "/zoneinfo/")  # of modules and clock changes
    touched = [entry for entry in audit_log if not any(place in entry for place in allowed)]
    if file.read_bytes() != raw:
        touched.append(f"{file} was written")
    return touched + [str(other) for other in folder.iterdir() if other != file]


@pytest.mark.parametrize("name", FORMATS)
def test_valid_files_are_read(tmp_path: Path, name: str) -> None:
    for i, raw in enumerate(samples(name)):
        file = tmp_path / f"a{i}{FORMATS[name].ending}"
        file.write_bytes(raw)
        assert FORMATS[name].read(file) is not None


@pytest.mark.parametrize("name", FORMATS)
@given(data=st.data())
@many_examples
def test_damaged_files_are_read_or_refused(
    tmp_path: Path, audit_log: list[str], name: str, data: st.DataObject
) -> None:
    assert touched_by_reading(name, tmp_path, data.draw(damaged(name)), audit_log) == []


@pytest.mark.parametrize("name", FORMATS)
@given(raw=st.binary(max_size=400))
@example(raw=b"")
@random_examples
def test_random_bytes_are_read_or_refused(tmp_path: Path, audit_log: list[str], name: str, raw: bytes) -> None:
    assert touched_by_reading(name, tmp_path, raw, audit_log) == []
