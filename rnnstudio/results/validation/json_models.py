"""The JSON files of a run as pydantic models, in the newest format: types, choices and limits of each value.

Fields that no model names are not read.
"""

from __future__ import annotations

import math
from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field, model_validator
from pydantic import JsonValue as Json

from rnnstudio.core.events import Outcome
from rnnstudio.core.setting_types import Task, TestContext
from rnnstudio.results.validation.account_models import as_account
from rnnstudio.results.validation.training_models import StoredPlan
from rnnstudio.results.validation.value_types import (
    Count,
    Exact,
    Finite,
    Metrics,
    Name,
    Names,
    NotNegative,
    Positive,
    PredictionsKind,
    Sentences,
    Share,
    Size,
    Split,
    Stamp,
    Stored,
    Text,
    shape_of,
)

_MAX_COUNT = 2**53


class StoredHistory(Stored):
    """What `History.to_dict` returns."""

    updates: Count
    updates_per_epoch: Count
    parameters: Count
    device: Text
    seconds: NotNegative
    wall_seconds: NotNegative
    outcome: Outcome | None
    error: Text
    predictions_kind: PredictionsKind
    predictions_step: Count
    weights_step: Count | None = None
    points_step: Count = 0
    step_errors_step: Count = 0
    picked: Literal["", "best", "last", "hand"] = ""


class StoredChoice(Exact):
    """A `Choice`."""

    setting: Name
    value: Json
    reason: Text = ""


class StoredTraining(Stored):
    """What going on with a training needs besides its state."""

    data_sha256: Name = ""
    started_from: Name = ""
    versions: dict[Name, Name] = Field({})
    notes: Sentences = Field([])
    processor: Name = ""
    machine: Name = ""
    instructions: Text = ""
    threads: Count = 0
    xla_flags: Text = ""
    best_update: Count | None = None
    group: StoredPlan | None = None


class StoredTarget(Exact):
    """The .rnnrun file that a training becomes."""

    path: Name
    sha256: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")]


class StoredRun(Stored):
    """`run.json`, but for the names of the other files."""

    created: Stamp
    warnings: Sentences
    history: StoredHistory
    automatic: list[StoredChoice] = Field([])
    training: StoredTraining | None = None
    file: StoredTarget | None = None


class _ListedData(Stored):
    dataset: Name
    file: Text = ""


class _ListedModel(Stored):
    cell: Name
    units: Size


class _ListedTraining(Stored):
    learning_rate: NotNegative
    patience: Count
    restore_best_weights: bool


class ListedExperiment(Stored):
    """What the run list shows of `experiment.json`; whoever opens the run reads all of it."""

    recipe: Annotated[str, Field(pattern=r"^\w*$", max_length=200)]
    data: _ListedData
    model: _ListedModel
    training: _ListedTraining
    seed: Count


class StoredDecision(Exact):
    """A `Decision`."""

    positive: Annotated[int, Field(ge=0, le=1)]
    threshold: Share | None
    is_even: bool


class StoredLag(Exact):
    """`LagErrors`."""

    error: float
    error_to_last_value: float
    last_value_error: float


class ClassRow(Exact):
    """The metrics of a class."""

    split: Split
    of_class: Name = Field(alias="class")
    support: Count
    precision: Share | None
    recall: Share | None
    f1: Share | None
    confused_with: Name
    confused: Count


class _RowWithBaseline(Stored):
    """A row of metrics, with those of the best baseline: `baseline` and numbers that begin so are there together."""

    __pydantic_extra__: dict[str, float]
    model_config = ConfigDict(strict=True, extra="allow")

    baseline: Name = ""

    @model_validator(mode="after")
    def _names_its_baseline(self) -> _RowWithBaseline:
        if not self.baseline and any(name.startswith("baseline_") for name in self.__pydantic_extra__):
            raise ValueError("has the error of a baseline without a name")
        return self


class SeriesRow(_RowWithBaseline):
    """The metrics of one of several series."""

    series: Name
    windows: Count


class TargetRow(_RowWithBaseline):
    """The metrics of one of several targets."""

    target: Name


class StoredMetrics(Stored):
    """`metrics.json`."""

    outcome: Outcome | Literal["running", "interrupted"]
    metrics: Metrics
    baseline: dict[Name, Metrics]
    decision: StoredDecision | None = None
    by_class: list[ClassRow] = Field([])
    by_series: list[SeriesRow] = Field([])
    by_target: list[TargetRow] = Field([])
    lag: StoredLag | None = None

    @model_validator(mode="after")
    def _updates_are_counted(self) -> StoredMetrics:
        has_best = {"best_val_loss", "best_test_loss"} & self.metrics.keys()
        update = self.metrics.get("best_update", math.nan if has_best else 0.0)
        if not 0 <= update <= _MAX_COUNT or update != int(update):
            raise ValueError(f"metrics.best_update must be a number of updates, received {update}")
        return self

    @model_validator(mode="after")
    def _rows_have_the_same_columns(self) -> StoredMetrics:
        columns = {tuple(row.model_dump(exclude_unset=True)) for row in self.by_target}
        if len(columns) > 1:
            raise ValueError("rows of by_target have different columns")
        return self


class StoredWindows(Exact):
    """Number of windows of each set."""

    train: Count
    val: Count
    test: Count


class StoredData(Exact):
    """`data.json`, a `DataInfo`."""

    task: Task
    features: Names
    target_names: Annotated[Names, Field(min_length=1)]
    classes: Names
    outputs: Size
    window: Size
    unit: Name
    step_name: Name
    autoregressive: bool
    one_series: bool
    windows: StoredWindows
    frame: Size = 1
    rate: NotNegative = 0.0
    period: Count = 0
    feature_units: Names = Field([])
    frequency: Name = ""
    last_time: Name = ""
    masked_features: Names = Field([])
    known: Names = Field([])
    calendar: Names = Field([])
    series: Names = Field([])
    last_times: Names = Field([])
    series_columns: Names = Field([])
    columns_as_series: bool = False
    test_context: TestContext = "inside"
    account: Annotated[dict[str, Json], AfterValidator(as_account)] = Field({})
    longest_sequence: Count = 0


class StoredScaler(Exact):
    """A `Scaler`: numbers of each feature, or of each feature of each series."""

    mean: list[Finite] | list[list[Finite]]
    scale: list[Positive] | list[list[Positive]]
    smallest: list[NotNegative] | list[list[NotNegative]] | None = None

    @model_validator(mode="after")
    def _has_one_shape(self) -> StoredScaler:
        shapes = [shape_of(values) for values in (self.mean, self.scale, self.smallest) if values is not None]
        if None in shapes or len(set(shapes)) > 1:
            raise ValueError("mean, scale and smallest must have one shape")
        return self


class StoredScalers(Stored):
    """`scaler.json`."""

    inputs: StoredScaler
    targets: StoredScaler


class StoredRefit(Stored):
    """`refit.json`."""

    scalers: StoredScalers
    updates: Count
    windows: Count
