"""One mutated run, archive or data file: what is done with it, as window, terminal and scripts would.

Only the package's own errors may leave these functions.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
import warnings
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from random import Random
from typing import Any
from unittest import mock

import click

import rnnstudio as rs
from rnnstudio.cli.lists import list_
from rnnstudio.cli.report import print_run
from rnnstudio.core.errors import RnnStudioError
from rnnstudio.results import store_index
from rnnstudio.results.array_data import read_array_data
from rnnstudio.results.checkpoint_files import check_state, read_checkpoint
from rnnstudio.results.group_store import runs_and_groups
from rnnstudio.results.run_archive import open_run
from rnnstudio.results.run_check import check_run
from tests.samples import FORMATS
from tests.torture.corpus import pack_all
from tests.torture.mutations import mutate_archive, mutate_bytes, mutate_index, mutate_run

OWN = (RnnStudioError, click.ClickException)
GOOD = "toy-1"
_INDEXED = 0.25  # share of mutated runs whose store has a mutated index, too


class Case:
    """A case by its number; seed and number alone decide what it is.

    Args:
        corpus: The folder of `corpus.write_corpus`.
        work: A folder for the mutated files.
        seed: Seed of all cases.
        number: Number of the case.
    """

    def __init__(self, corpus: Path, work: Path, seed: int, number: int) -> None:
        self.rng, self.sentinel = Random(f"{seed}/{number}"), work.parent / "sentinel"
        self.corpus, self.work, self.what = corpus, work, ""
        self._has_index = self._is_lying = False
        weights = [60, 15, 20, 5 if (corpus / "group").exists() else 0]
        self._kind = self.rng.choices(["run", "archive", "data", "group"], weights)[0]

    def prepare(self) -> None:
        """Write the mutated file."""
        shutil.rmtree(self.work, ignore_errors=True)
        self.work.mkdir()
        self.path = getattr(self, f"_prepare_{self._kind}")()

    def check(self) -> str:
        """Do everything with it, and return loaded, read or refused."""
        return str(getattr(self, f"_check_{self._kind}")())

    def _prepare_run(self) -> Path:
        runs = sorted((self.corpus / "runs").iterdir())
        source, store = self.rng.choice(runs), self.work / "home" / "runs"
        store.mkdir(parents=True)
        shutil.copytree(self.corpus / "runs" / "version1-label", store / GOOD)
        shutil.copytree(source, store / "mutated")
        if self.rng.random() < _INDEXED:
            self._index(store)
        self.what = f"{source.name}: {mutate_run(store / 'mutated', self.rng, runs, self.sentinel)}"
        return store / "mutated"

    def _index(self, store: Path) -> None:
        """Write the index of a run list, and mutate it."""
        os.environ["RNNSTUDIO_HOME"] = str(store.parent)
        with suppress(*OWN), mock.patch.multiple(store_index, _FEW=1, _SETTLED_NS=-(10**18)):
            rs.runs()
        file = store / ".index.json"
        if file.exists():
            content, self._is_lying = mutate_index(file.read_bytes(), self.rng)
            file.write_bytes(content)
            self._has_index = True

    def _check_index(self, rows: list[dict[str, Any]]) -> None:
        """Check that a damaged index has changed no row, and one with a right checksum has left out none."""
        (self.work / "home" / "runs" / ".index.json").unlink(missing_ok=True)
        again = runs_and_groups()
        if self._is_lying:
            assert [row["run"] for row in rows] == [row["run"] for row in again], "other runs are listed"
        else:
            assert str(rows) == str(again), "other rows are listed"

    def _prepare_archive(self) -> Path:
        file = self.work / "mutated.rnnrun"
        if self.rng.random() < 0.5:
            folder = self._prepare_run()
            pack_all(folder, file)
            shutil.rmtree(folder)
            if self.rng.random() < 0.7:
                return file
        else:
            archives = sorted((self.corpus / "archives").iterdir())
            source = self.rng.choice(archives)
            self.what = source.name
            shutil.copyfile(source, file)
        file.write_bytes(mutate_archive(file.read_bytes(), self.rng))
        self.what += ", archive"
        return file

    def _prepare_data(self) -> Path:
        files = sorted((self.corpus / "data").iterdir())
        source = self.rng.choice(files)
        content = source.read_bytes()
        for _ in range(self.rng.choice([1, 1, 2, 3])):
            content = mutate_bytes(content, self.rng)
        file = self.work / source.name
        file.write_bytes(content)
        self.what = source.name
        return file

    def _prepare_group(self) -> Path:
        groups = self.work / "home" / "runs"
        groups.mkdir(parents=True)
        for run in sorted((self.corpus / "group").iterdir()):
            if run.is_dir():
                shutil.copytree(run, groups / run.name)
        folder = groups / "mutated"
        folder.mkdir()
        shutil.copyfile(self.corpus / "group" / "group.json", folder / "group.json")
        self.what = f"group: {mutate_run(folder, self.rng, [folder], self.sentinel)}"
        return folder

    def _check_run(self) -> str:
        os.environ["RNNSTUDIO_HOME"] = str(self.work / "home")
        rows = runs_and_groups()
        assert GOOD in [row["run"] for row in rows], "the other run is not listed"
        _table_cells(rows)
        if self._has_index:
            self._check_index(rows)
        with suppress(*OWN), redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            list_.main(["runs"], standalone_mode=False)
        for repair in (False, True) if self.rng.random() < 0.2 else ():
            check_run(self.path, repair=repair)
        return self._check_archive()

    def _check_archive(self) -> str:
        os.environ["RNNSTUDIO_HOME"] = str(self.work / "home")
        try:
            run = rs.load(self.path)
        except OWN:
            return "refused"
        use(run, self.rng, self.work)
        with suppress(*OWN), open_run(self.path) as files:
            state = read_checkpoint(files)
            if state is not None:
                check_state(state, run)
            read_array_data(files, run.info)
        return "loaded"

    def _check_group(self) -> str:
        os.environ["RNNSTUDIO_HOME"] = str(self.work / "home")
        _table_cells(runs_and_groups())
        try:
            group = rs.load(self.path)
        except OWN:
            return "refused"
        json.dumps(group.summary())
        return "loaded"

    def _check_data(self) -> str:
        name = self.path.name.partition("@")[0].replace("_", " ")
        try:
            FORMATS[name].read(self.path)
        except OWN:
            return "refused"
        return "read"


def use(run: Any, rng: Random, work: Path) -> None:
    """Use a run as front ends do."""
    uses: list[Callable[[], Any]] = [
        lambda: json.dumps(run.summary()),
        lambda: repr(run),
        run.history,
        run.plot_table,
        run.operating_points,
        lambda: [run.class_metrics, run.by_series, run.by_target, run.by_step],
        lambda: [run.conclusions, run.suggestions, run.footnote, run.requested, run.published, run.published_results],
        lambda: print_run(run, run.warnings),
        lambda: run.last_backtest and [repr(run.last_backtest), json.dumps(run.last_backtest.summary())],
        lambda: _saved_again(run, work) if rng.random() < 0.1 else None,
        lambda: run.predictions() if rng.random() < 0.1 else None,
        lambda: run.forecast(3) if rng.random() < 0.03 else None,
        lambda: [run.kept_updates, run.at(rng.choice(["best", 1, 3])) if rng.random() < 0.05 else None],
        lambda: _plots(run, work) if rng.random() < 0.1 else None,
    ]
    for one in uses:
        with suppress(*OWN), redirect_stdout(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            one()


def _plots(run: Any, work: Path) -> None:
    """Draw all plots of a run; what is raised while Qt paints reaches `sys.excepthook` alone."""
    from rnnstudio.gui.plots import PLOTS
    from rnnstudio.gui.render import draw_file, has_plot

    raised: list[BaseException] = []
    before, sys.excepthook = sys.excepthook, lambda kind, error, trace: raised.append(error)
    try:
        for plot in PLOTS:
            if has_plot(run, plot):
                with suppress(*OWN):
                    draw_file(run, plot.name, work / "plot.png")
    finally:
        sys.excepthook = before
    if raised:
        raise raised[0]


def _saved_again(run: Any, work: Path) -> None:
    """Save a run and load it again: it is the same, now with checksums."""
    path = run.save(work / "again")
    again = rs.load(path)
    assert (work / "again" / "run.json").read_text().count("sha256") > 1, "saved without checksums"
    assert str(again.metrics) == str(run.metrics), "saved with other metrics"


def _table_cells(rows: list[dict[str, Any]]) -> None:
    """Show rows in the model of the run list."""
    from PySide6.QtCore import Qt

    from rnnstudio.gui.run_table import RunTable

    model = RunTable()
    model.load(rows)
    roles = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.UserRole, Qt.ItemDataRole.ToolTipRole)
    for row in range(model.rowCount()):
        for column in range(model.columnCount()):
            for role in roles:
                model.data(model.index(row, column), role)
