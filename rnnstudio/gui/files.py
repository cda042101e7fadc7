"""Opening and saving: what the File menu does, and files dropped on the window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QFileDialog

from rnnstudio.api import experiment
from rnnstudio.core.catalog import DATASETS
from rnnstudio.core.errors import RnnStudioError
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.paths import runs_folder
from rnnstudio.gui.fields import files_filter
from rnnstudio.reading.files import ENDINGS, read_file
from rnnstudio.results.run import Run
from rnnstudio.results.run_archive import RUN_SUFFIX, is_run_archive
from rnnstudio.results.run_files import RUN_FILE

if TYPE_CHECKING:
    from rnnstudio.gui.main_window import MainWindow


class Files:
    """The files of one window."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def open_data(self) -> None:
        """Ask for a file and show it in the form."""
        name, _ = QFileDialog.getOpenFileName(self._window, "Open your own data", "", files_filter(ENDINGS))
        if name:
            self.open_file(Path(name))

    def open_file(self, path: Path) -> None:
        """Show a series or labelled sequences in the form, ready to train."""
        try:
            chosen = experiment(str(path))
            told = self._series(path) if chosen.data.dataset == "file" else self._sequences(chosen)
        except RnnStudioError as error:
            self._window.banner.say(str(error))
            return
        self._window.banner.say(told, "Train", self._window.train)

    def _series(self, path: Path) -> str:
        """Show a file that is one series; return what was taken as the target."""
        table = read_file(path)
        target = table.default_target()
        self._window.panel.form.begin("file", file=str(path), target=target)
        table.numbers([target])  # after the form, where another column can be chosen, shows the file
        which = "" if table.preferred_target else ", its last column of numbers,"
        return (
            f"{path.name}: {len(table.cells):,} rows. {target!r}{which} was taken as the target; choose another on the "
            "left."
        )

    def _sequences(self, chosen: Experiment) -> str:
        """Show a file of labelled sequences; return what is in it."""
        self._window.panel.form.begin("sequences", file=chosen.flat()["file"])
        data = DATASETS.get("sequences").load(chosen.data, chosen.seed)
        name = Path(chosen.flat()["file"]).name
        return f"{name}: {len(data.inputs):,} sequences of {len(data.classes)} classes. {' '.join(data.notes)}".strip()

    def open_run(self) -> None:
        """Ask for a run, kept as one file or as a folder, and show it."""
        kinds = f"Runs (*{RUN_SUFFIX} {RUN_FILE})"
        title = f"Open a run: its {RUN_SUFFIX} file, or {RUN_FILE} in its folder"
        name, _ = QFileDialog.getOpenFileName(self._window, title, str(runs_folder()), kinds)
        if name:
            self.open(name)

    def open_dropped(self, dropped: QMimeData) -> None:
        """Show a dropped file or run."""
        self.open(dropped.urls()[0].toLocalFile())

    def open(self, what: str) -> None:
        """Show a run, by its name in the run list or its path, or a file of data."""
        path = Path(what)
        if is_run_archive(path) or path.is_dir() or not (path.exists() or path.suffix):
            self._window.show_run(what)
        elif path.name == RUN_FILE:
            self._window.show_run(str(path.parent))
        else:
            self.open_file(path)

    def save_run(self, run: Run | None = None) -> None:
        """Ask for a place and keep a copy of a run there; of the one shown when None."""
        chosen = run or self._window.run
        if chosen is None:
            return
        suggestion = chosen.name or chosen.experiment.recipe or chosen.experiment.data.dataset
        one_file = f"One file, to send or to double-click (*{RUN_SUFFIX})"
        name, kind = QFileDialog.getSaveFileName(
            self._window, "Save the run", f"{suggestion}{RUN_SUFFIX}", f"{one_file};;A folder (*)"
        )
        if name:
            bare = name.removesuffix(RUN_SUFFIX)
            file = bare + RUN_SUFFIX if kind == one_file else bare
            asked = file == name and kind == one_file  # the dialog has asked about that very file
            self._try(lambda: chosen.save(file, overwrite=asked), f"The run is kept in {file}.")

    def export_history(self) -> None:
        """Ask for a name and write the shown run's history as CSV."""
        self._export("Export history", "Table (*.csv)", ".csv", "The history is in {}.")

    def export_r(self) -> None:
        """Ask for a name and write an R script that trains the shown run again."""
        self._export("Export as R script", "R script (*.R)", ".R", "{} trains this run again in R.")

    def export_python(self) -> None:
        """Ask for a name and write a Python script that trains the shown run again."""
        self._export("Export as Python script", "Python script (*.py)", ".py", "{} trains this run again in Python.")

    def _export(self, title: str, kind: str, ending: str, done: str) -> None:
        run = self._window.run
        if run is None:
            return
        suggestion = f"{run.name or run.experiment.recipe or 'run'}{ending}"
        name, _ = QFileDialog.getSaveFileName(self._window, title, suggestion, kind)
        if name:
            file = name if Path(name).suffix else name + ending
            if file != name and Path(file).exists():  # which the dialog has not asked about
                self._window.banner.say(f"{file} is there already. Choose its whole name to replace it.")
                return
            self._try(lambda: run.export(file), done.format(file))

    def _try(self, work: Callable[[], object], done: str) -> None:
        try:
            work()
        except RnnStudioError as error:
            self._window.banner.say(str(error))
        else:
            self._window.banner.say(done)
            self._window.runs.reload()
