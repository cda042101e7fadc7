"""Keeping a run whose process has ended before it as it is.

Going on with its training is `rnnstudio.results.resuming`, and deleting it `rnnstudio.results.trash`.
"""

from __future__ import annotations

from pathlib import Path

from rnnstudio.results.checkpoint_files import FILES_OF_TRAINING
from rnnstudio.results.file_target import FileTarget, in_run_file
from rnnstudio.results.run_archive import open_run
from rnnstudio.results.run_files import created_in, write_run
from rnnstudio.results.run_folder import locked
from rnnstudio.results.run_reading import read_run
from rnnstudio.results.saving import not_saved


def keep_run(folder: Path) -> None:
    """Make a run that was interrupted a stopped one, with the weights of its last checkpoint, or the best so far.

    Its training can go on later.

    Raises:
        StoreError: A process trains it, or it cannot be read or written.
    """
    try:
        with locked(folder, seconds=0.0):
            with open_run(folder) as files:
                run, target = read_run(files), FileTarget.of_run(files)
            if run.record.outcome is None:
                run.record.outcome = "stopped"
                step = f"update {run.record.step if run.record.weights_step is None else run.record.weights_step:,}"
                what = f"weights and metrics are those of {step}"
                if run.weights and not run.metrics:
                    what = f"the weights are those of {step}, which were not evaluated"
                run.warnings.append(f"The process ended before the training did; {what}.")
                more = in_run_file(target)
                write_run(run, folder, created=created_in(folder), keep=FILES_OF_TRAINING, more=more)
    except OSError as error:
        raise not_saved(folder.parent, error) from None
