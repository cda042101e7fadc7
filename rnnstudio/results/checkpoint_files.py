"""The files of a state of a training, in the folder of its run: `checkpoint.json` and `checkpoint.npz`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rnnstudio.results.array_data import ARRAY_FILES
from rnnstudio.results.checked_files import Files, read_arrays, read_json
from rnnstudio.results.run_files import arrays_writer, json_writer
from rnnstudio.results.run_folder import Write

if TYPE_CHECKING:
    from rnnstudio.engine.training_state import TrainingState

CHECKPOINT_FILES = ("checkpoint.json", "checkpoint.npz")
FILES_OF_TRAINING = (*CHECKPOINT_FILES, *ARRAY_FILES)  # what going on with it needs


def checkpoint_writers(state: TrainingState) -> dict[str, Write]:
    """Return the functions that write a state, by the names of the files."""
    plain, arrays = CHECKPOINT_FILES
    return {plain: json_writer(state.to_dict()), arrays: arrays_writer(state.to_arrays())}


def read_checkpoint(files: Files) -> TrainingState | None:
    """Return the state among the files of a run; None where there is none.

    Raises:
        StoreError: It is damaged.
    """
    from rnnstudio.engine.training_state import TrainingState  # loads TensorFlow

    plain, arrays = CHECKPOINT_FILES
    if plain not in files:
        return None
    return TrainingState.from_parts(read_json(files, plain), read_arrays(files, arrays))
