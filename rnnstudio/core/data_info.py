"""The description of a run's data that is saved with the run, without the numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from rnnstudio.core.account_changes import plain_account
from rnnstudio.core.errors import SettingError, UnknownNameError
from rnnstudio.core.labels import class_name
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.series_ends import last_times
from rnnstudio.core.setting_types import TASKS_PER_SEQUENCE, Task, TestContext
from rnnstudio.core.wording import enumeration, listed

_MAX_NAMES = 6  # columns in a sentence
_FOUND = ("last_time", "last_times", "account")  # fields that are no attributes of `SequenceData`


@dataclass(frozen=True)
class DataInfo:
    """Names, units and sizes of a run's data; each field has the meaning of the attribute in `SequenceData`.

    `last_time` is the stamp of the last sample with a known value of what is predicted, as ISO 8601, and `last_times`
    those of several series; empty where unknown.

    The account is that of the file as JSON holds it, so that the same file is never read in another way unnoticed.
    """

    task: Task
    features: tuple[str, ...]
    target_names: tuple[str, ...]
    classes: tuple[str, ...]
    outputs: int
    window: int
    unit: str
    step_name: str
    autoregressive: bool
    one_series: bool
    windows: dict[str, int]
    frame: int = 1
    rate: float = 0.0
    period: int = 0
    feature_units: tuple[str, ...] = ()
    frequency: str = ""
    last_time: str = ""
    masked_features: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    calendar: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    last_times: tuple[str, ...] = ()
    series_columns: tuple[str, ...] = ()
    columns_as_series: bool = False
    test_context: TestContext = "inside"
    account: Mapping[str, Any] = field(default_factory=dict)
    longest_sequence: int = 0  # 0 in runs that earlier versions saved

    @property
    def is_windowed(self) -> bool:
        """Whether the windows slide along one or several long series."""
        return self.one_series or bool(self.series)

    @property
    def target_per_sequence(self) -> bool:
        """Whether a sequence has one target rather than one per step."""
        return self.task in TASKS_PER_SEQUENCE

    @property
    def input_names(self) -> tuple[str, ...]:
        """Names of the features that a caller passes, without the further ones of masked features."""
        return self.features[: len(self.features) - 2 * len(self.masked_features)]

    @property
    def predicted_names(self) -> tuple[str, ...]:
        """Names of what is predicted: the series where these are columns, else the targets."""
        return self.series if self.columns_as_series else self.target_names

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names of the features that are columns of a table, without those of the calendar."""
        return tuple(name for name in self.input_names if name not in self.calendar)

    @property
    def roles_text(self) -> str:
        """What is predicted, and from what, as in "load from its own past" or "activity from x, y and 7 more"."""
        predicted, inputs = listed(self.predicted_names, _MAX_NAMES), self.inputs_text(_MAX_NAMES)
        if self.columns_as_series:
            return f"{predicted}, each from {inputs}"
        return f"{predicted} from {inputs}" if predicted and inputs else ""

    def inputs_text(self, most: int) -> str:
        """Return the inputs in words, such as "x, y, with x observed, x steps since observed".

        Args:
            most: The most names of inputs, and of further features of masked ones, that are listed.
        """
        planned = [name for name in self.known if name not in self.calendar]
        columns = [name for name in self.column_names if name not in planned]
        if self.columns_as_series and len(columns) > 1:  # which share a name that the user does not know
            columns = ["its own past" if name in self.target_names else name for name in columns]
        text = inputs_in_words(columns, self.features[len(self.input_names) :], self.target_names, most)
        ahead = [f"{listed(planned, most)} (known ahead)"] if planned else []
        return enumeration([*filter(None, [text]), *ahead, *(["the calendar"] if self.calendar else [])])

    @property
    def drawn_names(self) -> tuple[str, ...]:
        """Names of what plots draw one of: several series, several targets, or each target of each series."""
        several = self.target_names if len(self.target_names) > 1 and not self.classes and self.is_windowed else ()
        if not several or not self.series:
            return several or self.series
        return tuple(f"{series}: {target}" for series in self.series for target in several)

    def index_of_drawn(self, name: Any) -> int:
        """Return the index of one of several series or targets among what plots draw.

        Raises:
            SettingError: There is only one.
            UnknownNameError: There is none of this name.
        """
        names = self.drawn_names
        if not names or names == self.series:
            return self.index_of_series(name)
        if class_name(name) not in names:
            raise UnknownNameError("series or target", class_name(name), names)
        return names.index(class_name(name))

    def index_of_series(self, name: Any) -> int:
        """Return the index of one of several series.

        Raises:
            SettingError: The run has one series.
            UnknownNameError: There is no such series.
        """
        if not self.series:
            raise SettingError(
                f"series names one of several series, and this run has one; received {name!r}. Leave it out.", "series"
            )
        if class_name(name) not in self.series:
            raise UnknownNameError("series", class_name(name), self.series)
        return self.series.index(class_name(name))

    @classmethod
    def of(cls, data: SequenceData) -> DataInfo:
        """Return the description of `data`."""
        values = {field.name: getattr(data, field.name) for field in fields(cls) if field.name not in _FOUND}
        last = last_times(data)
        values["last_time"] = last[0] if data.one_series else ""
        values["last_times"] = tuple(last) if data.series and any(last) else ()
        return cls(**values | {"account": plain_account(data.account)})

    @classmethod
    def from_dict(cls, plain: dict[str, Any]) -> DataInfo:
        """Return the description that `dataclasses.asdict` turned into plain values; lists of JSON become tuples."""
        values: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in plain.items()}
        return cls(**values)


def inputs_in_words(inputs: Sequence[str], further: Sequence[str], predicted: Sequence[str], most: int) -> str:
    """Return the inputs of a network in words.

    Args:
        inputs: Their names.
        further: Names of the further features of masked inputs.
        predicted: Names of what is predicted.
        most: The most names that are listed of each.

    >>> inputs_in_words(["load"], ["load observed"], ["load"], 6)
    'its own past, with load observed'
    """
    own = "its own past" if len(predicted) == 1 else "their own past"
    text = own if tuple(inputs) == tuple(predicted) else listed(inputs, most)
    return f"{text}, with {listed(further, most)}" if text and further else text
