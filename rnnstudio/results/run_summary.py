"""What the run list shows of a run: the values of its JSON files, validated, without its arrays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rnnstudio.core.chosen_on_test import chosen_on_test
from rnnstudio.core.errors import StoreError
from rnnstudio.core.upgrade import upgrade_run
from rnnstudio.results.checked_files import CHECKED_VERSION, RUN_FILE, RunFiles, read_json
from rnnstudio.results.run_files import REFIT_FILE, damaged
from rnnstudio.results.run_folder import is_locked
from rnnstudio.results.run_notes import notes_at
from rnnstudio.results.validation.json_models import ListedExperiment, StoredMetrics, StoredRun
from rnnstudio.results.validation.value_types import validated


def read_summary(folder: Path) -> dict[str, Any]:
    """Return the summary of a run for the run list, as plain values, without reading its arrays.

    Raises:
        StoreError: The folder is damaged, or of a newer version.
    """
    return read_with_sources(folder)[0]


def read_with_sources(folder: Path) -> tuple[dict[str, Any], list[str]]:
    """Return the summary of a run, and the names of the files that it was read from, `run.json` first.

    Raises:
        StoreError: The folder is damaged, or of a newer version.
    """
    files = RunFiles.of_folder(folder)
    try:
        summary = _validated_summary(folder, files)
        return summary, [RUN_FILE, *(files.stored_name(f"{name}.json") for name in ("metrics", "experiment"))]
    except StoreError:
        raise
    except Exception as error:  # what is read is not known before it is validated
        raise damaged(files, error) from None


def _validated_summary(folder: Path, files: RunFiles) -> dict[str, Any]:
    plain = {name: read_json(files, f"{name}.json") for name in ("metrics", "experiment")}
    plain |= {name: files.rest[name] for name in ("history", "warnings")}
    upgraded = upgrade_run(plain, files.version)
    run = validated(StoredRun, {**files.rest, **upgraded}, RUN_FILE)
    metrics = validated(StoredMetrics, upgraded["metrics"], "metrics.json").metrics
    experiment = validated(ListedExperiment, upgraded["experiment"], "experiment.json")
    if run.history.outcome is None and files.version < CHECKED_VERSION:
        raise ValueError(f"in {RUN_FILE}, history.outcome is missing")
    return {
        "run": folder.name,
        "path": str(folder),
        "created": run.created,
        "recipe": experiment.recipe,
        "dataset": experiment.data.dataset,
        "file": Path(experiment.data.file).name,
        "cell": experiment.model.cell,
        "units": experiment.model.units,
        "learning_rate": experiment.training.learning_rate,
        "seed": experiment.seed,
        "outcome": run.history.outcome or ("running" if is_locked(folder) else "interrupted"),
        "seconds": run.history.wall_seconds,
        "metrics": metrics,
        "refit": REFIT_FILE in files,
        "chosen_on_test": chosen_on_test(
            patience=experiment.training.patience,
            restores_best=experiment.training.restore_best_weights,
            sets={name.partition("_")[0] for name in metrics},
            picked=run.history.picked,
        ),
        **notes_at(folder).to_row(),
        "problem": "",
    }
