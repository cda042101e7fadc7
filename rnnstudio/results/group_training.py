"""Training an experiment once for each of several seeds, one after the other, on the same data."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from rnnstudio.core.automatic import Resolved, resolve
from rnnstudio.core.errors import RnnStudioError, SettingError, StoreError
from rnnstudio.core.events import Event
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.fetching import reporting_to
from rnnstudio.core.paths import is_there
from rnnstudio.core.spread import seeds_from
from rnnstudio.results.group_files import save_group, save_members
from rnnstudio.results.group_store import load_group
from rnnstudio.results.last_attempts import last_attempts
from rnnstudio.results.run import Run
from rnnstudio.results.run_archive import is_run_archive
from rnnstudio.results.run_group import RunGroup
from rnnstudio.results.run_keeper import CHECKPOINT_SECONDS
from rnnstudio.results.saving import check_free
from rnnstudio.results.seed_plan import SeedPlan
from rnnstudio.results.seed_training import seed_folder
from rnnstudio.results.training import train_experiment


def train_seeds(
    experiment: Experiment | Resolved,
    count: int,
    emit: Callable[[Event], None],
    should_stop: Callable[[], bool],
    *,
    save: bool | str | os.PathLike[str] = True,
    initial_weights: Run | None = None,
    begin: Callable[[int, int], None] = lambda seed, index: None,
    checkpoint_seconds: float = CHECKPOINT_SECONDS,
) -> RunGroup:
    """Train with each seed, save the runs and their group, and return the group.

    The seeds are that of the experiment and those that follow it; the data, with their split, are those of the first.
    A training that is stopped ends the group: its run is saved, too, and is no part of it unless it is the first.
    The program that the first run compiles serves all of them, which is why they do not run in several processes.

    Args:
        experiment: The experiment, or what `resolve` made of it and its data.
        count: Number of seeds.
        emit: Called with each event of each training.
        should_stop: Called between chunks of updates; True ends the training, and the group.
        save: True for the run list, False for no saving, else a new folder for the group with its runs.
        initial_weights: The run whose weights the trainings start from; random weights when None.
        begin: Called with the seed and its index before each training.
        checkpoint_seconds: Time between two checkpoints of a run that is saved.

    Raises:
        RnnStudioError: The experiment cannot be trained, or `save` is taken. Runs that are finished are saved.
        KeyboardInterrupt: Ctrl-C ended the training; the finished runs were saved before.
    """
    seeds = seeds_from((experiment.experiment if isinstance(experiment, Resolved) else experiment).seed, count)
    folder = None if isinstance(save, bool) else _folder(Path(save).expanduser().absolute())
    if isinstance(experiment, Experiment):
        from rnnstudio.results.data_reader import DataReader  # loads pandas

        with reporting_to(emit, should_stop):
            experiment = resolve(experiment, DataReader(downloads=True).load)
    trainings = SeedTrainings(SeedPlan.of(seeds), folder, save is not False)
    for own in of_seeds(experiment.experiment, seeds):
        chosen, target = replace(experiment, experiment=own), save if folder is None else folder / seed_folder(own.seed)
        trainings.add(
            own.seed,
            partial(
                train_experiment,
                chosen,
                emit,
                should_stop,
                save=target,
                initial_weights=initial_weights,
                checkpoint_seconds=checkpoint_seconds,
                group=trainings.plan,
            ),
        )
    return trainings.run(should_stop, begin)


class SeedTrainings:
    """Trainings with several seeds, which run one after the other.

    Args:
        plan: All seeds.
        folder: Where the group is saved; None for the run list.
        saves: Whether it is saved.
        ended: Runs that have ended before.
        saved: The folder of the group of these; None where there is none.
    """

    def __init__(
        self, plan: SeedPlan, folder: Path | None, saves: bool, ended: Sequence[Run] = (), saved: Path | None = None
    ) -> None:
        self.plan, self._folder, self._saves = plan, folder, saves
        self._runs, self._saved = list(ended), saved
        self._waiting: list[tuple[int, Callable[[], Run]]] = []

    def add(self, seed: int, train: Callable[[], Run]) -> None:
        """Add the training with a seed."""
        self._waiting.append((seed, train))

    def run(self, should_stop: Callable[[], bool], begin: Callable[[int, int], None]) -> RunGroup:
        """Train, save the group after each run, and return it.

        Args:
            should_stop: Called before each training; True ends them.
            begin: Called with the seed and its index before each training.

        Raises:
            RnnStudioError: A training failed; the group of the others is saved.
            KeyboardInterrupt: Ctrl-C ended a training; likewise.
        """
        stopped: Run | None = None
        before = len(self._runs)
        try:
            for seed, train in self._waiting:
                if self._runs and should_stop():
                    break
                begin(seed, self.plan.seeds.index(seed))
                run = train()
                if run.outcome == "stopped":
                    stopped = run
                    break
                self._runs = sorted([*self._runs, run], key=lambda run: run.experiment.seed)
                if self._saves:
                    self._saved = saved_so_far(self._runs, self.plan, self._folder, self._saved)
        except (KeyboardInterrupt, RnnStudioError) as error:
            if len(self._runs) == before:  # the group is as it was
                raise
            group = self._group(None)
            if isinstance(error, KeyboardInterrupt):
                raise KeyboardInterrupt(stopped_group_sentence(group)) from None
            raise
        if len(self._runs) == before and self._waiting and self._saved is not None and self._runs:
            return load_group(self._saved)
        return self._group(stopped, evaluates=True)

    def _group(self, stopped: Run | None, *, evaluates: bool = False) -> RunGroup:
        return group_of(
            self._runs, stopped, self.plan, self._folder, save=self._saves, evaluates=evaluates, saved=self._saved
        )


def saved_so_far(runs: Sequence[Run], plan: SeedPlan, folder: Path | None, saved: Path | None) -> Path | None:
    """Save the group of the runs that are finished, for the case that the process ends before the others are.

    Args:
        runs: The finished runs.
        plan: All seeds.
        folder: Where the group is saved; None for the run list.
        saved: What this returned after the run before; None for the first.

    Returns:
        The folder of the group; None where it cannot be written, which the end of the training says.
    """
    members = [run for run in runs if run.path]
    if members:
        with suppress(StoreError):
            return save_group(members, folder, {}, saved, plan)
    return saved


def _save(group: RunGroup, folder: Path | None, saved: Path | None) -> None:
    """Save a group where it was saved with fewer runs, if it still is there; else as a new one."""
    if saved is None or not is_there(saved):
        group.save(folder)
        return
    save_members(group.runs, folder)
    save_group(group.runs, folder, group.ensemble_metrics, saved, group.plan)
    group.name, group.path = saved.name, str(saved)


def stopped_group_sentence(group: RunGroup) -> str:
    """Return the message of the KeyboardInterrupt after Ctrl-C ended a group."""
    saved = f"; the finished runs are saved as the group {group.name}" if group.name else ""
    return f"stopped{saved}"


def _folder(path: Path) -> Path:
    """Return the folder of a group that is to be saved there."""
    if is_run_archive(path):
        raise SettingError(
            f"save must be a folder for several seeds, which are a run each; received {path.name}.", "save"
        )
    check_free(path)
    return path


def of_seeds(experiment: Experiment, seeds: list[int]) -> list[Experiment]:
    """Return the experiment of each seed: the same settings and data, whose seed is that of the first.

    Args:
        experiment: The experiment of the first seed.
        seeds: The seeds.
    """
    return [experiment, *(of_seed(experiment, seed) for seed in seeds[1:])]


def of_seed(experiment: Experiment, seed: int) -> Experiment:
    """Return an experiment with another seed, and the same data."""
    return experiment.model_copy(update={"seed": seed, "data_seed": experiment.seed_of_data})


def group_of(
    runs: list[Run],
    stopped: Run | None,
    plan: SeedPlan,
    folder: Path | None = None,
    *,
    save: bool = True,
    evaluates: bool = False,
    saved: Path | None = None,
) -> RunGroup:
    """Return the group of the finished runs, saved; of the stopped one where there is no other.

    Args:
        runs: The finished runs.
        stopped: The run whose training was stopped; None for none.
        plan: All seeds.
        folder: Where the group is saved; None for the run list.
        save: Whether it is saved.
        evaluates: Whether the metrics of the mean predictions are computed.
        saved: The folder of the group, where it was saved with fewer runs.
    """
    group, count = RunGroup(runs or [run for run in (stopped,) if run is not None]), len(plan.seeds)
    group.plan = plan
    trained = next((run for run in group.runs if run._data is not None), group.runs[0])
    for run in group.runs:  # those that ended before the training went on were read from their files, without data
        run.share_data(trained)
    if len(runs) < count:
        done = f"{len(runs)} of {count} seeds" if runs else f"none of the {count} seeds"
        sentence = f"The training was stopped when {done} {'was' if len(runs) < 2 else 'were'} finished: "
        if runs and stopped is not None:
            beside = f"the run of seed {stopped.experiment.seed}, {stopped.name}, is not part of the group"
            sentence += f"{beside}." if stopped.name else "the run that was stopped is left out."
        else:
            sentence += "the group has these runs." if runs else "its only run ended before its last update."
        group.warnings.append(sentence)
    for run in group.runs:
        group.warnings += [sentence for sentence in run.warnings if sentence not in group.warnings]
        if run.outcome in ("diverged", "failed"):
            group.warnings.append(f"The training with seed {run.experiment.seed} {run.outcome}.")
    if evaluates and len(group) > 1:
        with suppress(RnnStudioError):  # such as a file that was deleted meanwhile
            group.evaluate_ensemble()
    if save:
        try:
            last_attempts(lambda: _save(group, folder, saved), StoreError)
        except StoreError as error:
            group.save_problem = str(error)
            group.warnings += [group.save_problem] if group.save_problem not in group.warnings else []
    return group
