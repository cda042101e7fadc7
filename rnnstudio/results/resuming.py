"""Going on with the training of a saved run: as if it had never stopped, or beyond its end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rnnstudio.core.arguments import whole_number
from rnnstudio.core.automatic import Resolved
from rnnstudio.core.calibration_windows import with_calibration
from rnnstudio.core.errors import DataError, SettingError, StoreError
from rnnstudio.core.events import Event
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.sequence import SequenceData
from rnnstudio.library.datasets.arrays import ArraySettings, from_arrays
from rnnstudio.results.array_data import read_array_data
from rnnstudio.results.checkpoint_files import check_state, read_checkpoint, read_state_parts
from rnnstudio.results.data_digest import check_digest
from rnnstudio.results.data_of_run import data_of_run
from rnnstudio.results.file_target import FileTarget, folder_that_becomes
from rnnstudio.results.machine import machine
from rnnstudio.results.run import Run
from rnnstudio.results.run_archive import is_run_archive, open_run
from rnnstudio.results.run_files import versions
from rnnstudio.results.run_folder import is_locked
from rnnstudio.results.run_keeper import CHECKPOINT_SECONDS, RunKeeper
from rnnstudio.results.run_reading import read_run
from rnnstudio.results.saving import run_name
from rnnstudio.results.training import kept
from rnnstudio.results.training_target import Target

if TYPE_CHECKING:
    from rnnstudio.engine.training_state import TrainingState


def resume_run(
    folder: Path,
    emit: Callable[[Event], None],
    should_stop: Callable[[], bool],
    *,
    updates: Any = None,
    arrays: tuple[Any, Any] | None = None,
    checkpoint_seconds: float = CHECKPOINT_SECONDS,
) -> Run:
    """Go on with the training of a saved run in its folder, and return the run.

    That of a .rnnrun file is in the run list meanwhile, and takes the place of the file at the end.

    Args:
        folder: The folder or .rnnrun file of the run.
        emit: Called with each event of the training, and with what follows it.
        should_stop: Called between chunks of updates; True ends the training.
        updates: Number of further updates; None for those that are planned and not done.
        arrays: The `x` and `y` of a run of arrays that were too large to be saved with it.
        checkpoint_seconds: Time between two checkpoints.

    Raises:
        StoreError: It cannot be read or written, another process trains it, or it has no state of its training.
        SettingError: All its updates are done and `updates` is None, or its loss diverged.
        DataError: Its data cannot be loaded, or are not those of its training.
        KeyboardInterrupt: Ctrl-C ended the training; the run was saved before.
    """
    more = _further_updates(updates)
    keeper = _keeper(folder, checkpoint_seconds)
    try:
        with open_run(folder) as files:
            with _opening():
                run, state = Run.of(read_run(files)), read_checkpoint(files)
                saved = read_array_data(files, run.info)
            run.name, run.path = run_name(folder), str(folder)
            if state is not None:
                check_state(state, run)
            check_can_go_on(run, state is not None, more)
            data = _data_of(run, saved, arrays)
            if keeper.folder is None:
                keeper.unpack(files)
        experiment, state, notes = _going_on(run, state, more)
        stored = _stored(run, state)
        assert keeper.folder is not None
        if run.moments is not None:
            run.moments.path = keeper.folder
        keeper.goes_on(
            run,
            [*run.training.get("notes", []), *notes, *_notes_on_machine(run)],
            stored,
            0 if state is None else state.step,
        )
    except BaseException:
        keeper.fail("")
        keeper.release()
        raise
    from rnnstudio.engine.train import train  # loads TensorFlow
    from rnnstudio.engine.training_state import Continuation

    continuation = None if state is None else Continuation.of(state, run.record, stored)

    def work(checkpoints: RunKeeper | None) -> Any:
        return train(
            Resolved(experiment, data, tuple(run.choices)),
            emit,
            should_stop,
            continuation=continuation,
            checkpoints=checkpoints,
        )

    target = Target(keeper.folder, keeper.file)
    return kept(work, keeper, target, str(run.training.get("started_from", "")), emit, should_stop, run.info)


def check_run_can_go_on(path: Path, updates: Any = None, argument: str = "updates") -> None:
    """Refuse a run whose training cannot go on, as `resume_run` does, but before TensorFlow is loaded.

    Args:
        path: The folder or .rnnrun file of the run.
        updates: Number of further updates; None for those that are planned and not done.
        argument: What the user calls this number, for messages.

    Raises:
        StoreError: It cannot be read, another process trains it, or it has no state of its training.
        SettingError: `updates` is not allowed, all updates are done and it is None, or the loss diverged.
    """
    more = _further_updates(updates, argument)
    keeper = _keeper(path, CHECKPOINT_SECONDS)
    try:
        with _opening(), open_run(path) as files:
            run = Run.of(read_run(files))
            run.name = run_name(path)
            check_can_go_on(run, read_state_parts(files) is not None, more, argument)
    finally:
        keeper.release()


def _further_updates(updates: Any, argument: str = "updates") -> int | None:
    return None if updates is None else whole_number(updates, argument, 1, 2_000_000_000)


@contextmanager
def _opening() -> Iterator[None]:
    """Say of a file that is no archive of a run what `load` says of it."""
    try:
        yield
    except DataError as error:
        raise StoreError(f"The run cannot be opened. {error}") from None


def data_to_train(path: Path, arrays: tuple[Any, Any] | None) -> SequenceData:
    """Return the data of a saved run, for another training with them.

    Args:
        path: The folder or .rnnrun file of the run.
        arrays: The `x` and `y` of a run of arrays that were too large to be saved with it.

    Raises:
        StoreError: It cannot be read.
        DataError: Its data cannot be loaded, or are not those of its training.
    """
    with open_run(path) as files:
        run = Run.of(read_run(files))
        run.name = run_name(path)
        return _data_of(run, read_array_data(files, run.info), arrays)


def _keeper(path: Path, seconds: float) -> RunKeeper:
    """Return what keeps the training of the run at a path, whose folder is locked; that of a file is not made yet.

    Raises:
        StoreError: The file cannot be read, or another process trains the run.
    """
    if is_run_archive(path) and path.is_file():
        _check_no_other(path)
        with _opening():
            return RunKeeper(None, seconds=seconds, file=FileTarget.of_file(path))
    keeper = RunKeeper(path, seconds=seconds)
    keeper.lock()
    return keeper


def _check_no_other(file: Path) -> None:
    """Check that no run of the run list becomes a file when its training ends.

    Raises:
        StoreError: One does.
    """
    folder = folder_that_becomes(file)
    if folder is None:
        return
    if is_locked(folder):
        raise StoreError(f"{file.name} is being trained, as {folder.name} of the run list. Wait until that has ended.")
    raise StoreError(
        f"{folder.name} of the run list has what a training of {file.name} has done since, and becomes this file when "
        f"its training ends. Resume {folder.name}, or delete it first."
    )


def _stored(run: Run, state: TrainingState | None) -> tuple[int, ...]:
    """Return the updates up to a state whose weights are in the folder of a run."""
    if run.moments is None or state is None:
        return ()
    return tuple(step for step in run.moments.steps if step <= state.step)


def check_can_go_on(run: Run, has_state: bool, more: int | None, argument: str = "updates") -> None:
    """Refuse a run whose training cannot go on.

    Args:
        run: The run.
        has_state: Whether it was saved with a state of its training.
        more: Number of further updates; None for those that are planned and not done.
        argument: What the user calls this number, for messages.

    Raises:
        StoreError: It was saved without a state of its training.
        SettingError: All its updates are done and no further ones are asked for, or its loss diverged.
    """
    done, outcome = run.record.step, run.record.outcome
    if outcome == "diverged":
        raise SettingError(
            f"The training of {run.name} diverged after {done:,} updates, and would again. Train with a smaller "
            "learning_rate, or start from its weights with initial_weights.",
            "updates",
        )
    if not has_state and outcome is not None:
        raise StoreError(
            f"{run.name} was saved without a state of its training, as by an earlier version. Start a training from "
            "its weights with initial_weights."
        )
    if more is None and outcome in ("completed", "early_stopped"):
        how = "ended early, without an improvement" if outcome == "early_stopped" else "is complete"
        raise SettingError(
            f"The training of {run.name} {how} after {done:,} updates. Say how many further ones: {argument} 500, say.",
            "updates",
        )


def _data_of(run: Run, saved: SequenceData | None, arrays: tuple[Any, Any] | None) -> SequenceData:
    """Return the data of a run.

    Raises:
        DataError: They cannot be loaded, or are not those of its training.
    """
    if run.experiment.data.dataset != "arrays":
        data = data_of_run(run.experiment, run.info)
    elif arrays is not None:
        settings, classes = run.experiment.data, list(run.info.classes)
        assert isinstance(settings, ArraySettings)
        data = from_arrays(*arrays, settings, run.experiment.seed_of_data, classes)
    elif saved is not None:
        data = saved
    else:
        raise DataError(
            f"{run.name} was trained on arrays that are not saved with it, and its training needs them to go on: pass "
            "them as x and y to rs.resume() in Python or rnn_resume() in R, or a data frame as data in R."
        )
    data = with_calibration(data, run.experiment.training.levels)
    advice = ", or start a training on the new ones from its weights with initial_weights"
    check_digest(data, run.training.get("data_sha256", ""), run.name, advice)
    return data


def _going_on(
    run: Run, state: TrainingState | None, more: int | None
) -> tuple[Experiment, TrainingState | None, list[str]]:
    """Return experiment and state of the training that goes on, and what is to be said about it."""
    from rnnstudio.engine.plan import evaluation_interval

    experiment, record = run.experiment, run.record
    if more is None:
        return experiment, state, []
    total, training = record.step + more, experiment.training
    if total == record.updates:
        return experiment, state, []
    every = evaluation_interval(training.evaluate_every, record.updates_per_epoch, record.updates)
    training = training.model_copy(update={"updates": total, "evaluate_every": every})
    if record.outcome == "early_stopped" and state is not None:  # patience counts anew
        state = replace(state, monitor=replace(state.monitor, without_improvement=0))
    how = "extended" if total > record.updates else "shortened"
    notes = [f"The training was {how} from {record.updates:,} to {total:,} planned updates after {record.step:,}."]
    if training.schedule == "cosine":
        notes.append(
            f"From there on its learning rate follows the cosine of {total:,} updates, so that it changed at once."
        )
    return experiment.model_copy(update={"training": training}), state, notes


def _notes_on_machine(run: Run) -> list[str]:
    """Return a sentence where the last bits may differ from those of a training without a stop."""
    before = {name: run.training[name] for name in machine() if name in run.training} | run.training.get("versions", {})
    now = machine() | versions()
    changed = [name for name, value in before.items() if now.get(name) != value]
    if not changed:
        return []
    return [f"The training went on with other values of {', '.join(changed)}, so the last bits may differ."]
