"""The JSON files of trainings, backtests and groups as pydantic models, in the newest format."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, model_validator
from pydantic import JsonValue as Json

from rnnstudio.core.setting_types import Task, TestContext
from rnnstudio.results.validation.value_types import (
    Count,
    Exact,
    Metrics,
    Name,
    Names,
    NotNegative,
    Sentences,
    Size,
    Stamp,
    Stored,
)


class StoredBacktest(Stored):
    """`backtest.json`."""

    steps: Size
    origins: Size
    every: Size
    refit: bool
    period: Count
    run: Name
    scales: list[tuple[Name, Name, float | None]]
    settings: dict[Name, Json]
    notes: Sentences

    @model_validator(mode="before")
    @classmethod
    def _scales_are_triples(cls, plain: Any) -> Any:
        if isinstance(plain, Mapping) and isinstance(plain.get("scales"), list):
            return {**plain, "scales": [tuple(s) if isinstance(s, list) else s for s in plain["scales"]]}
        return plain


class StoredMonitor(Exact):
    """What is known of the evaluations of a training."""

    step: Annotated[int, Field(ge=-1)]
    metrics: Metrics | None
    bar: float
    best: float
    best_step: Annotated[int, Field(ge=-1)]
    best_metrics: Metrics | None
    without_improvement: Count


class StoredCheckpoint(Stored):
    """`checkpoint.json`."""

    step: Count
    starts_fitted: bool
    monitor: StoredMonitor


class StoredArrays(Exact):
    """`arrays.json`: what `SequenceData` holds beside its arrays."""

    task: Task
    window: Size
    frame: Size
    test_context: TestContext
    target_offset: Count
    target_steps: Size
    rate: NotNegative
    frequency: Name
    notes: Sentences
    classes: Names
    features: Names
    feature_units: Names
    target_names: Annotated[Names, Field(min_length=1)]
    unit: Name
    step_name: Name
    period: Count
    autoregressive: bool
    missing_targets: bool
    masked_features: Names
    known: Names
    calendar: Names
    series: Names
    series_columns: Names
    columns_as_series: bool


class StoredPlan(Exact):
    """A `SeedPlan`."""

    id: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
    seeds: Annotated[list[Annotated[int, Field(ge=0, le=2**31 - 1)]], Field(min_length=1, max_length=10_000)]

    @model_validator(mode="after")
    def _seeds_differ(self) -> StoredPlan:
        if len(set(self.seeds)) < len(self.seeds):
            raise ValueError("a seed is there twice")
        return self


class GroupMember(Stored):
    """A run of a group."""

    run: Name
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)]
    created: Stamp = ""
    weights: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


class StoredGroup(Stored):
    """`group.json`."""

    group_version: Count
    runs: Annotated[list[GroupMember], Field(min_length=1, max_length=10_000)]
    ensemble: Metrics = Field({})
    training: StoredPlan | None = None

    @model_validator(mode="after")
    def _has_seeds_of_its_training(self) -> StoredGroup:
        if self.training is not None and not {member.seed for member in self.runs} <= set(self.training.seeds):
            raise ValueError("a run has a seed that its training has not")
        return self
