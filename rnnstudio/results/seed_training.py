"""What there is of a training with several seeds that ended before all its seeds were trained."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rnnstudio.core.errors import RnnStudioError, SettingError, StoreError
from rnnstudio.core.paths import runs_folder
from rnnstudio.results.checked_files import RUN_FILE, RunFiles
from rnnstudio.results.group_files import read_group
from rnnstudio.results.run import Run
from rnnstudio.results.run_folder import is_locked
from rnnstudio.results.seed_plan import ENDED, SeedPlan
from rnnstudio.results.store import load
from rnnstudio.results.store_entries import GROUP_FILE


@dataclass(frozen=True)
class SeedTraining:
    """A training with several seeds that can go on.

    Attributes:
        plan: All its seeds.
        ended: The runs whose training has ended, in the order of their seeds.
        unfinished: The run with which it goes on, which was interrupted or stopped, or whose training failed; None
            where there is none.
        group: The folder of the group of the ended runs; None where there is none.
        folder: The folder of its runs; None for the run list.
    """

    plan: SeedPlan
    ended: list[Run]
    unfinished: Run | None
    group: Path | None
    folder: Path | None

    @property
    def seeds_left(self) -> list[int]:
        """The seeds that have no run, in their order."""
        known = [run.experiment.seed for run in (*self.ended, self.unfinished) if run is not None]
        return [seed for seed in self.plan.seeds if seed not in known]


def seed_training(path: Path) -> SeedTraining | None:
    """Return the training with several seeds with which a run or group goes on.

    That of a run goes on only where the run itself has not ended.

    Args:
        path: The folder or .rnnrun file of the run, or the folder of the group.

    Returns:
        None where it was a training of one run, or all its runs have ended.

    Raises:
        StoreError: It cannot be read.
    """
    is_group = (path / GROUP_FILE).is_file()
    plan = read_group(path).plan if is_group else plan_of_run(path)
    if plan is None:
        return None
    is_listed = path.resolve().parent == runs_folder().resolve()
    folder = path if is_group and not is_listed else path.resolve().parent
    members = members_of(plan, folder)
    runs = _runs_of(members)
    own = None if is_group else load(path)
    if own is not None:
        seed = own.experiment.seed
        is_member = seed in plan.seeds and (is_listed or path.resolve().name == seed_folder(seed))
        if own.record.outcome in ENDED or not is_member:
            return None
        runs[seed] = own
    check_not_running(members)
    in_order = [runs[seed] for seed in plan.seeds if seed in runs]
    ended = [run for run in in_order if run.record.outcome in ENDED]
    group = path if is_group else _group_of(plan, folder)
    if len(ended) == len(plan.seeds) and group is not None and len(read_group(group).members) == len(ended):
        return None
    unfinished = own or next((run for run in in_order if run.record.outcome not in ENDED), None)
    return SeedTraining(plan, ended, unfinished, group, None if is_listed else folder)


def check_not_running(members: Sequence[Path]) -> None:
    """Check that no other process trains a run of a training.

    Args:
        members: The folders of its runs.

    Raises:
        StoreError: One does.
    """
    for path in members:
        if is_locked(path):
            raise StoreError(
                f"{path.name}, a run of this training, is being trained or saved by another process. Wait until that "
                "has ended."
            )


def seed_folder(seed: int) -> str:
    """Return the name of the folder of a run in that of its group."""
    return f"seed-{seed}"


def seed_training_for(path: Path, updates: Any) -> SeedTraining | None:
    """Return the training with several seeds with which `resume` goes on; None where it is one run that goes on.

    Args:
        path: The folder or .rnnrun file of a run, or the folder of a group.
        updates: Number of further updates, which only one run can have; None for those that are planned.

    Raises:
        StoreError: It cannot be read.
        SettingError: It is a group without a seed that is left, or further updates are asked for.
    """
    is_group = (path / GROUP_FILE).is_file()
    if updates is None and (training := seed_training(path)) is not None:
        return training
    if not is_group:
        return None
    if updates is not None:
        raise SettingError(
            f"{path.name} is a group of runs, which goes on with the seeds that are left; further updates are for one "
            "run. Leave out updates, or resume its runs.",
            "updates",
        )
    raise SettingError(
        f"All seeds of the group {path.name} are trained. Resume one of its runs with a number of further updates, or "
        "train with other seeds.",
        "run",
    )


def plan_of_run(path: Path) -> SeedPlan | None:
    """Return the training with several seeds that a run is part of; None where it is of one run, a file, or damaged."""
    with suppress(StoreError, OSError, ValueError, AttributeError):  # loading the run says what is wrong
        return SeedPlan.in_file((RunFiles.of_folder(path).rest.get("training") or {}).get("group"))
    return None


def _runs_of(members: Sequence[Path]) -> dict[int, Run]:
    """Return the runs in folders by their seeds, of those with the same seed the one that has ended."""
    runs: dict[int, Run] = {}
    for path in members:
        with suppress(RnnStudioError):  # one that is damaged is trained again
            run = load(path)
            known = runs.get(run.experiment.seed)
            if known is None or (known.record.outcome not in ENDED and run.record.outcome in ENDED):
                runs[run.experiment.seed] = run
    return runs


def members_of(plan: SeedPlan, folder: Path) -> list[Path]:
    """Return the folders of the runs of a training, by name."""
    found = [path for path in folder.iterdir() if not path.name.startswith(".") and (path / RUN_FILE).is_file()]
    return sorted(path for path in found if plan_of_run(path) == plan)


def _group_of(plan: SeedPlan, folder: Path) -> Path | None:
    """Return the folder of the group of a training, which is beside its runs or holds them, or None."""
    for path in (folder, *sorted(folder.iterdir())):
        with suppress(StoreError):
            if (path / GROUP_FILE).is_file() and read_group(path).plan == plan:
                return path
    return None
