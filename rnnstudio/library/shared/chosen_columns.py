"""Which columns of a table are inputs and which one is predicted, and their values in one series of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.account import Question
from rnnstudio.core.calendar_inputs import calendar_values
from rnnstudio.core.errors import DataError, SettingError
from rnnstudio.core.labels import number_classes
from rnnstudio.core.names import names_in
from rnnstudio.library.shared.input_names import InputSettings, chosen_calendar, chosen_inputs
from rnnstudio.library.shared.known_events import empty_events_note, events_without_gaps
from rnnstudio.library.shared.series_columns import SeriesColumns, place_in, series_columns, with_plan
from rnnstudio.library.shared.settings import MissingSettings, rule_of
from rnnstudio.library.shared.target_columns import columns_to_predict, named_targets, only_target
from rnnstudio.reading.categories import column_of, learn_categories
from rnnstudio.reading.table import Table


class ColumnSettings(InputSettings, MissingSettings, Protocol):
    """The settings that name columns, and those about missing values."""

    @property
    def target(self) -> str:
        """The columns to predict, separated by commas; the default of the table when empty."""

    @property
    def model_fields_set(self) -> set[str]:
        """The settings that the caller gave."""


@dataclass(frozen=True)
class ChosenColumns:
    """The columns of a table that a network reads and predicts.

    Attributes:
        task: forecast, regress or label.
        columns: The input columns.
        targets: The columns to predict; one of classes.
        classes: Names of the classes; empty for values.
        notes: Sentences about what was assumed.
        known: Those of the input columns that are known ahead.
        calendar: Inputs from the times of the rows, which follow the columns.
        reads_past: Whether the past of the column to predict is an input.
    """

    task: Literal["forecast", "regress", "label"]
    columns: tuple[str, ...]
    targets: tuple[str, ...]
    classes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    calendar: tuple[str, ...] = ()
    reads_past: bool = False

    @property
    def features(self) -> tuple[str, ...]:
        """All inputs but the further ones of masked columns."""
        return (*self.columns, *self.calendar)

    @property
    def autoregressive(self) -> bool:
        """Whether the targets are later inputs."""
        return not self.classes and self.features == self.targets

    @property
    def target_offset(self) -> int:
        """Samples from an input to its target, where each step has a target."""
        return 1 if self.task != "forecast" and self.reads_past else 0

    @property
    def about(self) -> dict[str, Any]:
        """Fields of `SequenceData`."""
        about: dict[str, Any] = {"target_names": self.targets, "calendar": self.calendar}
        if self.task == "forecast":
            about["known"] = (*self.known, *self.calendar)
        return about | ({"classes": self.classes} if self.classes else {"autoregressive": self.autoregressive})

    def of_table(
        self, table: Table, settings: MissingSettings, name: str, masked: tuple[int, ...] | None = None
    ) -> SeriesColumns:
        """Return inputs and targets of one series after its missing values were handled.

        Args:
            table: The rows of the series.
            settings: What is done about missing values.
            name: What messages call the series.
            masked: Columns that get two further features; None for those the rule gives them.

        Raises:
            DataError: A cell is not a number, or a value is missing and missing values are refused.
            SettingError: A gap is too long.
        """
        plan = None
        if self.known:
            table, plan = self._without_plan(table, name)
        columns = [*self.columns, *self.targets]
        targets: NDArray[Any] | None = None
        if self.classes:
            labels = table.texts(self.targets[0])
            has_class = labels != "" if labels.dtype.kind == "U" else np.ones(len(labels), bool)
            targets = np.full(len(labels), -1, np.int32)
            if has_class.any():
                where = f"{self.targets[0]} of {table.name}"
                targets[has_class] = number_classes(labels[has_class], where, self.classes)[0]
            inputs = table.values(self.columns, settings.missing)
        else:
            values = table.values(columns, settings.missing)
            inputs = values[:, : len(self.columns)]
            targets = None if self.autoregressive else values[:, len(self.columns) :]
        inputs = events_without_gaps(inputs, table, self.columns, self.known)
        if self.calendar:
            assert table.times is not None
            inputs = np.concatenate([inputs, calendar_values(table.times, self.calendar)], axis=1)
        places = [*self.columns, *self.targets[:1] * len(self.calendar), *self.targets]
        rule, place = rule_of(settings), place_in(table, places)
        series = series_columns(inputs, targets, self.features, rule, place, name, masked, table.added_rows)
        return series if plan is None else with_plan(series, plan, name)

    def _without_plan(self, table: Table, name: str) -> tuple[Table, NDArray[np.float64]]:
        """Return the rows up to the last value to predict, and what is known of those after it, `(P, K)`."""
        values = table.values([*self.targets, *self.known], "past")
        count = len(self.targets)
        observed = np.flatnonzero(~np.isnan(values[:, :count]).all(axis=1))
        if not len(observed):
            raise DataError(f"{name} has no value to predict: the column {self.targets[0]!r} is empty.")
        end = int(observed[-1]) + 1
        of_calendar = np.empty((len(values) - end, 0))
        if self.calendar and table.times is not None:
            of_calendar = calendar_values(table.times[end:], self.calendar)
        known = events_without_gaps(values[end:, count:], table, self.known, self.known)
        return table.first_rows(end), np.concatenate([known, of_calendar], axis=1)


def chosen_columns(
    table: Table,
    settings: ColumnSettings,
    task: str,
    classes: Sequence[str],
    trained: slice | NDArray[np.bool_] | None,
    series: Sequence[str] = (),
) -> tuple[Table, ChosenColumns]:
    """Return a table with inputs in place of columns of text, and the columns that the settings choose.

    The inputs are the columns that the setting `features` names, for task forecast with the target itself and what is
    known ahead; by default the target, or for task label all other numeric columns. With tasks regress and label the
    target is an input where `features` names it, or nothing else: the inputs of a step then predict the next one.

    Args:
        table: The table.
        settings: Names of columns.
        task: forecast, regress or label.
        classes: Names of the classes in order; sorted when empty.
        trained: The rows of the training set, from which the values of columns of text are learned; None where these
            rows are not known yet.
        series: Columns that name series, which are no inputs by default.

    Raises:
        DataError: A column is missing, or there is no class.
        SettingError: No column of classes is named, or none at all where one seems to hold classes; or one that seems
            to hold them without a task.
    """
    others = [*names_in(settings.features), *names_in(settings.known)]
    if task != "label":
        if not settings.target and table.account and (question := table.account.target_question):
            raise SettingError(f"{question.sentence} {question.advice}", question.setting)
        named = named_targets(settings.target, table.columns)
        assumed = table.account.notes_beside([*named, *others]) if table.account else ()
        if "task" not in settings.model_fields_set:
            for target in named:
                _refuse_classes_as_numbers(table, target)
        targets = columns_to_predict(table, settings.target, all_columns=False)
        note = "" if named or not table.account else table.account.target_note
        kind: Literal["forecast", "regress"] = "forecast" if task == "forecast" else "regress"
        inputs = chosen_inputs(settings, task, targets)
        inputs = targets if set(inputs) == set(targets) else inputs or targets
        table, features, learned = learn_categories(table, inputs, trained)
        known = tuple(f for f in features if column_of(table, f) in names_in(settings.known))
        calendar, of_calendar = chosen_calendar(settings, table, targets)
        copies = [sentence for target in targets for sentence in _copies_of(table, features, target)]
        notes = (*assumed, *filter(None, [note]), *learned, *copies, *of_calendar, *empty_events_note(table, known))
        reads_past = not set(targets).isdisjoint(features)
        return table, ChosenColumns(kind, tuple(features), tuple(targets), (), notes, known, calendar, reads_past)
    only = only_target(settings.target, table.columns, task)
    assumed = table.account.notes_beside([only, *others]) if table.account else ()
    if not only:
        raise SettingError(
            f"target must name the column of classes for task label. The columns of {table.name}: "
            f"{', '.join(table.columns[:20])}.",
            "target",
        )
    table.check_columns([only])
    inputs = chosen_inputs(settings, task, [only])
    features = inputs or [c for c in table.numeric_columns() if c not in (only, *series)]
    if not features:
        raise table.no_numbers_error()
    table, features, learned = learn_categories(table, features, trained)
    labels = table.texts(only)
    has_class = labels != "" if labels.dtype.kind == "U" else np.ones(len(labels), bool)
    if not has_class.any():
        raise DataError(f"{table.name} has no class in the column {only!r}.")
    _, names = number_classes(labels[has_class], f"{only} of {table.name}", classes)
    calendar, of_calendar = chosen_calendar(settings, table, [only])
    notes = (*assumed, *learned, *of_calendar)
    return table, ChosenColumns(
        "label", tuple(features), (only,), names, notes, calendar=calendar, reads_past=only in inputs
    )


def _refuse_classes_as_numbers(table: Table, target: str) -> None:
    """Refuse a column that seems to hold classes where the caller does not say what is predicted of it.

    Raises:
        SettingError: The column seems to hold classes.
    """
    if table.account is None or target not in table.account.class_columns:
        return
    choices = {"label": "its classes are predicted"}
    if table.account.column(target).kind != "text":
        choices["forecast"] = "its next values are predicted, as numbers"
    question = Question("task", choices, f"In {table.name}, the column to predict, {target!r}, seems to hold classes.")
    raise SettingError(f"{question.sentence} {question.advice}", question.setting)


def _copies_of(table: Table, features: Sequence[str], target: str) -> list[str]:
    """Return a sentence about each input with the values of the column to predict."""
    if table.account is None:
        return []
    same = {column.name: column.same_as or column.name for column in table.account.columns}
    return [
        f"The input {name!r} has the same values as the column to predict, {target!r}."
        for name in features
        if name != target and same.get(name, name) == same.get(target, target)
    ]
