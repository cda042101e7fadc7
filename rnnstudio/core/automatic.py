"""Automatic settings: chosen from the training set when a training starts, each with the reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rnnstudio.core.automatic_rules import choices_for
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.settings import DataSettings
from rnnstudio.core.training_facts import TrainingFacts

Load = Callable[[DataSettings, int], SequenceData]
_WHOLE_TRAINING_SET = {"window": 1, "frame": 1, "val_fraction": 0.0, "val_subjects": 0}


@dataclass(frozen=True)
class Choice:
    """A setting that was chosen from the training set.

    Attributes:
        setting: Its flat name.
        value: The value.
        reason: Why, in a few words without a full stop; empty where it is the default.
    """

    setting: str
    value: Any
    reason: str = ""


@dataclass(frozen=True)
class Resolved:
    """An experiment without automatic settings, and its data.

    Attributes:
        experiment: The experiment with the chosen values.
        data: Its data.
        choices: What was chosen, in the order of the settings.
    """

    experiment: Experiment
    data: SequenceData
    choices: tuple[Choice, ...] = ()

    @property
    def requested(self) -> Experiment:
        """The experiment before anything was chosen."""
        return self.experiment.model_copy(update={"automatic": tuple(choice.setting for choice in self.choices)})


def resolve(experiment: Experiment, load: Load) -> Resolved:
    """Return the experiment with its automatic settings chosen, and its data.

    Rules read the training set alone, with what a validation set will take from it.

    Args:
        experiment: The experiment.
        load: Returns the data of settings and a seed.

    Raises:
        RnnStudioError: The data cannot be loaded, or the values do not go together.
    """
    if not experiment.automatic:
        return Resolved(experiment, load(experiment.data, experiment.seed_of_data))
    whole = {name: value for name, value in _WHOLE_TRAINING_SET.items() if name in experiment.automatic}
    data = load(_with_values(experiment.data, whole), experiment.seed_of_data)
    facts = TrainingFacts.of(data, int(getattr(experiment.data, "stride", 1)))
    chosen = choices_for(experiment, facts)
    concrete = experiment.with_values({name: value for name, (value, _) in chosen.items()})
    data = load(concrete.data, concrete.seed_of_data)
    return Resolved(concrete, data, tuple(Choice(name, value, reason) for name, (value, reason) in chosen.items()))


def _with_values(settings: DataSettings, values: Mapping[str, Any]) -> DataSettings:
    """Return settings with other values that do not count as given by the caller."""
    changed = settings.model_copy(update=values)
    changed.model_fields_set.intersection_update(settings.model_fields_set)
    return changed


def choices_from(plain: Sequence[Mapping[str, Any]]) -> list[Choice]:
    """Return the choices that `dataclasses.asdict` turned into plain values."""
    return [Choice(**values) for values in plain]
