"""Mutated runs, archives and data files, a part of `make torture`: nothing but the package's own errors."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.torture.corpus import write_corpus
from tests.torture.mutated import SLOW_SECONDS, digest, run_case

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes")
COUNT = 70


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mutated") / "corpus"
    write_corpus(folder, trained=False)
    return folder


def test_mutated_files_are_read_or_refused(corpus: Path, tmp_path: Path) -> None:
    sentinel = tmp_path / "sentinel"
    sentinel.mkdir()
    (sentinel / "secret.json").write_text('{"secret": 1}')
    before = digest(sentinel), digest(corpus)
    reports = [run_case(corpus, tmp_path, 0, number) for number in range(COUNT)]
    assert [(report["what"], report["error"]) for report in reports if "error" in report] == []
    assert [report["what"] for report in reports if report["seconds"] > 4 * SLOW_SECONDS] == []
    assert (digest(sentinel), digest(corpus)) == before
    outcomes = {report["outcome"] for report in reports}
    assert {"loaded", "refused"} <= outcomes
