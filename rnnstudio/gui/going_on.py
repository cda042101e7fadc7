"""Going on with the training of a saved run, and what to do with runs whose process has ended before them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QInputDialog, QWidget

from rnnstudio.core.errors import RnnStudioError
from rnnstudio.gui.banner import Banner
from rnnstudio.gui.run_heading import shown_name
from rnnstudio.gui.run_list import RunList
from rnnstudio.gui.seed_runs import SeedRuns
from rnnstudio.results import trash, unfinished_runs
from rnnstudio.results.run import Run
from rnnstudio.results.run_group import RunGroup
from rnnstudio.results.store import load

_MAX_UPDATES = 2_000_000_000


class GoingOn(QObject):
    """Goes on with trainings.

    Args:
        window: The window, for its dialog.
        seeds: Trains.
        banner: Where interrupted runs are offered.
        show_error: Shows why a run could not be kept or deleted.
        runs: The list of runs, of which those that were interrupted are offered one after the other.
    """

    def __init__(
        self,
        window: QWidget,
        seeds: SeedRuns,
        banner: Banner,
        show_error: Callable[[RnnStudioError], None],
        runs: RunList,
    ) -> None:
        super().__init__(window)
        self._window, self._seeds, self._banner, self._show_error = window, seeds, banner, show_error
        self._runs, self._offered = runs, runs.interrupted
        self._offer_next()

    def _offer_next(self) -> None:
        if not self._offered:
            return
        path = self._offered.pop(0)
        try:
            run = load(path)
        except RnnStudioError:
            self._offer_next()  # the list of runs says what is wrong
            return
        more = f" Other interrupted runs: {len(self._offered):,}." if self._offered else ""
        name, done, planned = shown_name(run), run.record.step, run.record.updates
        self._banner.show_choice(
            f"The process of {name} ended before its training; updates saved: {done:,} of {planned:,}.{more}",
            {
                "Continue": lambda: self._seeds.resume(run),
                "Keep as it is": lambda: self._do(unfinished_runs.keep_run, path),
                "Delete": lambda: self._do(trash.delete, path),
            },
        )

    def _do(self, action: Callable[[Path], object], path: str) -> None:
        try:
            action(Path(path))
        except RnnStudioError as error:
            self._show_error(error)
            return
        self._runs.reload()
        self._offer_next()

    def ask(self, run: Run | RunGroup | None) -> None:
        """Go on with the training of a run; of one whose planned updates are done, after asking how many follow.

        Args:
            run: A saved run, or a group with seeds that are left.
        """
        if run is None:
            return
        updates = None
        if isinstance(run, Run) and run.outcome in ("completed", "early_stopped"):
            planned = max(1, run.record.updates)
            updates, chosen = QInputDialog.getInt(
                self._window,
                "Go on with the training",
                f"{shown_name(run)} has done {run.record.step:,} updates. Further updates:",
                planned,
                1,
                _MAX_UPDATES,
            )
            if not chosen:
                return
        self._seeds.resume(run, updates)
