"""The experiment: all settings of a run, as form, flags, R and files exchange them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, SerializeAsAny, ValidationError, field_validator, model_validator
from pydantic import Field as PydanticField

from rnnstudio.core.bounded_json import bounded_json
from rnnstudio.core.catalog import CELLS, DATASETS, RECIPES
from rnnstudio.core.errors import SettingError, UnknownNameError
from rnnstudio.core.given_settings import (
    AUTO,
    fixed_settings,
    is_auto,
    is_without_recipe,
    refuse_old_name_of_another,
    without_fixed,
)
from rnnstudio.core.optimizers import OPTIMIZERS
from rnnstudio.core.schema import Field, explain, explain_all, fields_of, one_field
from rnnstudio.core.settings import DataSettings, ModelSettings, TrainingSettings, Whole, setting
from rnnstudio.core.stateful_checks import check_stateful
from rnnstudio.core.upgrade import FORMAT_VERSION, upgrade_experiment, upgrade_settings

S = TypeVar("S", bound=BaseModel)
SEEDS = ("data_seed", "seed")  # settings of an experiment itself


class Experiment(BaseModel):
    """All settings that decide what a run computes: frozen, and written to and read from JSON.

    Attributes:
        schema_version: Version of the layout in files.
        recipe: Name of the recipe it started from; empty for none.
        data: Data set and its settings.
        model: Cell and its settings.
        training: Settings of the training.
        seed: Seed of all random numbers; the same seed on the same machine gives the same bits.
        data_seed: Seed of what is drawn for the data; -1 for that of `seed`.
        automatic: Names of the settings that are chosen from the training data when a training starts. Until then,
            their values here are defaults without a meaning; the experiment of a run has none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_version: Literal[5] = FORMAT_VERSION
    recipe: str = PydanticField("", pattern=r"^\w*$")  # part of the names of saved runs
    data: SerializeAsAny[DataSettings]
    model: SerializeAsAny[ModelSettings]
    training: TrainingSettings = TrainingSettings()
    seed: Whole = setting(0, "Seed of all random numbers: the same seed gives the same results.", ge=0, le=2**31 - 1)
    data_seed: Whole = setting(
        -1,
        "Seed of what is drawn for the data: which sequences are in which set, and generated data. -1: that of seed.",
        advanced=True,
        ge=-1,
        le=2**31 - 1,
    )
    automatic: tuple[str, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _in_the_current_format(cls, value: object) -> object:
        return upgrade_experiment(dict(value)) if isinstance(value, Mapping) else value

    @field_validator("data", mode="before")
    @classmethod
    def _data_of_its_class(cls, value: object) -> object:
        if isinstance(value, Mapping):
            return DATASETS.get(str(value.get("dataset", ""))).settings.model_validate(dict(value))
        return value

    @field_validator("model", mode="before")
    @classmethod
    def _model_of_its_class(cls, value: object) -> object:
        if isinstance(value, Mapping):
            return CELLS.get(str(value.get("cell", ""))).settings.model_validate(dict(value))
        return value

    @field_validator("automatic")
    @classmethod
    def _are_settings(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(sorted(set(names)))

    @model_validator(mode="after")
    def _fits_together(self) -> Experiment:
        if self.training.optimizer not in OPTIMIZERS:
            raise SettingError(str(UnknownNameError("optimizer", self.training.optimizer, OPTIMIZERS)), "optimizer")
        if self.model.stateful:
            check_stateful(self.data, self.model, self.training)
        return self

    @property
    def seed_of_data(self) -> int:
        """The seed of what is drawn for the data."""
        return self.seed if self.data_seed < 0 else self.data_seed

    def flat(self) -> dict[str, Any]:
        """Return all settings by flat name, including `dataset`, `cell` and `seed`; automatic ones are `auto`."""
        values = {**self.data.model_dump(), **self.model.model_dump(), **self.training.model_dump()}
        return values | {name: getattr(self, name) for name in SEEDS} | dict.fromkeys(self.automatic, AUTO)

    def with_values(self, values: Mapping[str, Any]) -> Experiment:
        """Return the experiment with these values of settings, which are no longer automatic.

        Args:
            values: Values by flat name.

        Raises:
            SettingError: Two settings contradict each other.
        """

        def changed(settings: S) -> S:
            own = {name: value for name, value in values.items() if name in type(settings).model_fields}
            return settings.model_copy(update=own) if own else settings

        try:
            return Experiment(
                recipe=self.recipe,
                data=changed(self.data),
                model=changed(self.model),
                training=changed(self.training),
                seed=self.seed,
                data_seed=self.data_seed,
                automatic=tuple(name for name in self.automatic if name not in values),
            )
        except ValidationError as error:
            raise explain(error, schema(self.data.dataset, self.model.cell)) from None

    def continuing(self, trained: Experiment) -> Experiment:
        """Return the experiment with the values of a run in place of automatic settings, to train its network further.

        Args:
            trained: The experiment of the run. A setting that it does not have stays automatic, and all stay automatic
                where it has another task, whose network has other weights.
        """
        values, own = trained.flat(), self.flat()
        if "task" in values and "task" in own and values["task"] != own["task"]:
            return self
        return self.with_values({name: values[name] for name in self.automatic if name in values})

    def to_json(self) -> str:
        """Return the experiment as JSON."""
        return self.model_dump_json(indent=2)

    @classmethod
    def from_json(cls, text: str) -> Experiment:
        """Return the experiment that `to_json` wrote.

        Raises:
            SettingError: A value is not allowed.
            UnknownNameError: A data set or cell is unknown.
        """
        try:
            plain = bounded_json(text)
        except ValueError as error:
            raise SettingError(f"An experiment must be JSON; received text that is not ({error}).") from None
        try:
            return cls.model_validate(plain)
        except ValidationError as error:
            raise explain(error, _fields_in(plain)) from None


Experiment.__module__ = "rnnstudio"  # shown in R; set here because pydantic resolves annotations in the module


def schema(dataset: str, cell: str) -> dict[str, Field]:
    """Return every setting of an experiment with this data set and cell by flat name, in the order of a form.

    >>> list(schema("airline", "lstm"))[-1]
    'seed'
    """
    return {
        **fields_of(DATASETS.get(dataset).settings, "data"),
        **fields_of(CELLS.get(cell).settings, "model"),
        **fields_of(TrainingSettings, "training"),
        **{name: one_field(name, Experiment.model_fields[name], "training") for name in SEEDS},  # section in the form
    }


def _fields_in(plain: Any) -> dict[str, Field]:
    """Return the settings of the experiment in a file; empty where its data set or cell is unknown."""
    try:
        return schema(str(plain["data"]["dataset"]), str(plain["model"]["cell"]))
    except (ValueError, LookupError, TypeError):
        return {}


def compose(start: str, overrides: Mapping[str, Any]) -> Experiment:
    """Return the experiment of a recipe, or of a data set without one, with some settings changed.

    Without a recipe, each setting that may be automatic and is not given is automatic. The settings of a recipe are
    those of its publication; where `dataset` names another data set, its settings are automatic as well.

    Args:
        start: Name of a recipe, else of a data set.
        overrides: Values by flat name; `dataset` and `cell` change what else can be set. `recipe` none takes the data
            set of a recipe alone.

    Raises:
        UnknownNameError: No such recipe, data set, cell or setting.
        SettingError: A value is not allowed, two contradict each other, or an old name belongs to another data set.

    >>> compose("airline", {"window": 7}).data.window
    7
    >>> "epochs" in compose("file", {"window": 7}).automatic, "window" in compose("file", {"window": 7}).automatic
    (True, False)
    """
    overrides = dict(overrides)
    is_free = is_without_recipe(start, overrides.pop("recipe", start))
    if start in RECIPES and not is_free:
        name, defaults = start, dict(RECIPES.get(start).defaults)
    elif start in RECIPES or start in DATASETS:
        own = str(RECIPES.get(start).defaults["dataset"]) if start in RECIPES else start
        name, defaults, is_free = "", {"dataset": own}, True
    else:
        unnamed = {"arrays"}  # cannot be loaded by name: its values come with the call
        # A caller may have meant a file: a text that is no path is looked up here.
        raise UnknownNameError("recipe, data set or file", start, {*RECIPES.names(), *DATASETS.names()} - unnamed)
    dataset = str(overrides.get("dataset", defaults["dataset"]))
    cell = str(overrides.get("cell", defaults.get("cell", "lstm")))
    fields = schema(dataset, cell)
    overrides = upgrade_settings(overrides, {*fields, *fixed_settings(dataset, cell)})
    overrides = without_fixed(overrides, dataset, cell)
    unknown = next((key for key in overrides if key not in fields and key not in ("dataset", "cell")), None)
    if unknown is not None:
        refuse_old_name_of_another(unknown, dataset, cell)
        raise UnknownNameError(f"setting for data set {dataset} and cell {cell}", unknown, [*fields, "dataset", "cell"])
    for key, value in overrides.items():
        if key in fields and isinstance(value, str) and value in fields[key].retired:
            raise SettingError(fields[key].retired[value], key)
    free = set(fields) if is_free else set()
    if dataset != defaults["dataset"]:  # the recipe's settings of its own data set do not apply
        free |= {k for k, f in fields.items() if f.section == "data"}
        defaults = {k: v for k, v in defaults.items() if k in fields and fields[k].section != "data"}
        name = ""
    values = {k: v for k, v in defaults.items() if k in fields} | {k: v for k, v in overrides.items() if k in fields}
    automatic = {k for k, f in fields.items() if f.automatic and is_auto(values.get(k, AUTO if k in free else ""))}
    values = {k: v for k, v in values.items() if k not in automatic}

    def in_section(section: str) -> dict[str, Any]:
        return {k: v for k, v in values.items() if fields[k].section == section and k not in SEEDS}

    try:
        return Experiment(
            recipe=name,
            data=DATASETS.get(dataset).settings(dataset=dataset, **in_section("data")),
            model=CELLS.get(cell).settings(cell=cell, **in_section("model")),
            training=TrainingSettings(**in_section("training")),
            **{name: values[name] for name in SEEDS if name in values},
            automatic=tuple(automatic),
        )
    except ValidationError as error:
        explained = explain(error, fields)
        if isinstance(explained, SettingError):
            explained.others = _other_errors(explained.field, values, fields, dataset, cell)
        raise explained from None


def _other_errors(
    known: str, values: Mapping[str, Any], fields: Mapping[str, Field], dataset: str, cell: str
) -> tuple[SettingError, ...]:
    """Return the errors of values that are not allowed, but that of one setting: pydantic reports one class only."""

    def of(section: str) -> dict[str, Any]:
        return {k: v for k, v in values.items() if fields[k].section == section and k not in SEEDS}

    parts: list[tuple[type[BaseModel], dict[str, Any]]] = [
        (DATASETS.get(dataset).settings, {"dataset": dataset, **of("data")}),
        (CELLS.get(cell).settings, {"cell": cell, **of("model")}),
        (TrainingSettings, of("training")),
        (Experiment, {name: values[name] for name in SEEDS if name in values}),
    ]
    found: dict[str, SettingError] = {}
    for settings, own in parts:
        try:
            settings.model_validate(own)
        except ValidationError as error:
            for problem in explain_all(error, fields):
                if isinstance(problem, SettingError) and problem.field in own:
                    found.setdefault(problem.field, problem)
    return tuple(problem for name, problem in found.items() if name != known)
