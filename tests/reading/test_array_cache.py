"""The cache of parsed arrays: it is used while the source files are unchanged."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from rnnstudio.reading.formats.array_cache import Arrays, cached_arrays


@pytest.fixture
def source(tmp_path: Path) -> Path:
    file = tmp_path / "numbers.txt"
    file.write_text("1 2 3")
    return file


def parser(source: Path, calls: list[Path]) -> Callable[[], Arrays]:
    def parse() -> Arrays:
        calls.append(source)
        return {"numbers": np.array([float(cell) for cell in source.read_text().split()])}

    return parse


def test_unchanged_files_are_parsed_once(home: Path, source: Path) -> None:
    calls: list[Path] = []
    for _ in range(3):
        arrays = cached_arrays("numbers", [source], parser(source, calls))
        assert arrays["numbers"].tolist() == [1, 2, 3]
    assert len(calls) == 1
    assert [file.name for file in (home / "downloads").iterdir()] == ["numbers.parsed.npz"]


def test_changed_files_are_parsed_again(home: Path, source: Path) -> None:
    calls: list[Path] = []
    cached_arrays("numbers", [source], parser(source, calls))
    source.write_text("4 5 6")
    os.utime(source, (1, 1))
    assert cached_arrays("numbers", [source], parser(source, calls))["numbers"].tolist() == [4, 5, 6]
    assert len(calls) == 2


def test_a_damaged_cache_is_replaced(home: Path, source: Path) -> None:
    calls: list[Path] = []
    cached_arrays("numbers", [source], parser(source, calls))
    cache = home / "downloads" / "numbers.parsed.npz"
    cache.write_bytes(cache.read_bytes()[:50])
    for _ in range(2):
        assert cached_arrays("numbers", [source], parser(source, calls))["numbers"].tolist() == [1, 2, 3]
    assert len(calls) == 2
