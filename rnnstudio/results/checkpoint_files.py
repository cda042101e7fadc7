"""The files of a state of a training, in the folder of its run: `checkpoint.json` and `checkpoint.npz`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from rnnstudio.core.errors import StoreError
from rnnstudio.results.array_data import ARRAY_FILES
from rnnstudio.results.checked_files import Files, read_arrays, read_json
from rnnstudio.results.contents import RunContents
from rnnstudio.results.file_writers import arrays_writer, json_writer
from rnnstudio.results.run_archive import STATE_FILES
from rnnstudio.results.run_files import damaged
from rnnstudio.results.run_folder import Write
from rnnstudio.results.validation.network_arrays import check_state_arrays, check_weights
from rnnstudio.results.validation.training_models import StoredCheckpoint
from rnnstudio.results.validation.value_types import validated

if TYPE_CHECKING:
    from rnnstudio.engine.training_state import TrainingState

FILES_OF_TRAINING = (*STATE_FILES, *ARRAY_FILES)  # what going on with it needs


def checkpoint_writers(state: TrainingState) -> dict[str, Write]:
    """Return the functions that write a state, by the names of the files."""
    plain, arrays = STATE_FILES
    return {plain: json_writer(state.to_dict()), arrays: arrays_writer(state.to_arrays())}


def check_state(state: TrainingState, run: RunContents) -> None:
    """Check that a state is one of the training of a run.

    Raises:
        StoreError: It is of another one.
    """
    monitor, problem = state.monitor, ""
    steps = (monitor.step, monitor.best_step)
    if state.step > run.record.step or max(steps) > state.step:
        problem = f"it is of update {max(state.step, *steps):,}, and the history ends with update {run.record.step:,}"
    try:
        check_weights(state.weights, run.experiment, run.info, recurrent=True)
        if monitor.best_weights is not None:
            check_weights(monitor.best_weights, run.experiment, run.info, recurrent=True)
    except ValueError as error:
        problem = str(error)
    if problem:
        raise StoreError(f"The state of the training of {run.name} is damaged: {problem}.")


def read_state_parts(files: Files) -> tuple[dict[str, Any], dict[str, NDArray[Any]]] | None:
    """Return the values and arrays of the state among the files of a run; None where there is none.

    Raises:
        StoreError: They are damaged.
    """
    plain, arrays = STATE_FILES
    if plain not in files:
        return None
    values, parts = read_json(files, plain), read_arrays(files, arrays)
    try:
        validated(StoredCheckpoint, values, plain)
        check_state_arrays(parts)
    except Exception as error:  # what is read is not known before it is validated
        raise damaged(files, error) from None
    return values, parts


def read_checkpoint(files: Files) -> TrainingState | None:
    """Return the state among the files of a run; None where there is none.

    Raises:
        StoreError: It is damaged.
    """
    found = read_state_parts(files)
    if found is None:
        return None
    from rnnstudio.engine.training_state import TrainingState  # loads TensorFlow

    try:
        return TrainingState.from_parts(*found)
    except Exception as error:  # the arrays are not those of the values
        raise damaged(files, error) from None
