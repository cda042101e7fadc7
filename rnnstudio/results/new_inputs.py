"""New inputs of a trained network: missing values filled as in training, with the further features of masked ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.data_info import DataInfo
from rnnstudio.core.errors import DataError
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.imputation import fill_sequences
from rnnstudio.core.missing import (
    Filled,
    GapError,
    MissingRule,
    Where,
    check_gaps,
    count_of,
    fill_past,
    mask_columns,
    were,
)
from rnnstudio.core.precision import Floats
from rnnstudio.core.scaling import Scalers


@dataclass(frozen=True)
class NewInputs:
    """How a run treats missing values of new inputs.

    Sequences with one class or value each are cut at their ends, as in training. Elsewhere no step is cut, so that
    each keeps its prediction: values that are missing at the start are set to the mean of the training set.

    Attributes:
        rule: What is done about missing values.
        masked: Columns that have two further features.
        mean: Mean of each feature in the training set, `(F,)`, the geometric one where logarithms are scaled; None
            where the run does not know it (scale none).
        cuts: Whether a sequence has one prediction, so that its ends are cut.
    """

    rule: MissingRule
    masked: tuple[int, ...]
    mean: NDArray[np.float64] | None
    cuts: bool

    @classmethod
    def of(cls, experiment: Experiment, info: DataInfo, scalers: Scalers) -> NewInputs:
        """Return how a run treats missing values."""
        settings: Any = experiment.data
        rule = MissingRule(getattr(settings, "missing", "error"), getattr(settings, "max_gap", 0))
        names = info.input_names
        mean = None if scalers.inputs.is_identity else scalers.inputs.of_series(0).centre[: len(names)]
        masked = tuple(names.index(name) for name in info.masked_features)
        return cls(rule, masked, mean, info.target_per_sequence)

    def complete(
        self,
        sequences: Sequence[NDArray[Any]],
        where: Callable[[int, int, int], str],
        name: str,
        before: Floats | None = None,
    ) -> tuple[list[Floats], str]:
        """Return the inputs of the network, and what was filled or cut; empty if nothing was.

        Args:
            sequences: N arrays `(T, F)`; NaN is missing.
            where: Function from sequence, step and feature to their description.
            name: What messages call the inputs.
            before: Inputs of the network before the first step of the only sequence, which the result begins with and
                which fill what is missing at its start; None for none.

        Raises:
            DataError: A value is missing, and the run does not fill missing values, or a gap is longer than `max_gap`.
        """
        try:
            return self._completed(sequences, where, name, before)
        except GapError as error:
            raise DataError(
                f"{error.sentence} Fill them, or pass the rows after them; a run that is trained with max_gap "
                f"{error.suggestion} fills them."
            ) from None

    def trained_steps(self, sequences: Sequence[NDArray[Any]]) -> list[slice] | None:
        """Return the steps of each sequence, `(T, F)`, that a training reads: it cuts ends with missing values.

        A prediction for these steps must not depend on the others, which have one all the same. None where no step is
        cut, or the whole ends are cut here as well.
        """
        if self.cuts or not self.rule.fills or not any(np.isnan(s[[0, -1]]).any() for s in sequences):
            return None
        ranges = []
        for sequence in sequences:
            gaps = np.isnan(sequence)
            begin, end = int((~gaps).argmax(axis=0).max()), int(np.flatnonzero(~gaps.all(axis=1))[-1]) + 1
            ranges.append(slice(begin, end))
        return ranges

    def _completed(
        self,
        sequences: Sequence[NDArray[Any]],
        where: Callable[[int, int, int], str],
        name: str,
        before: Floats | None,
    ) -> tuple[list[Floats], str]:
        """Return the inputs and the note of `complete`."""
        count, first = 0, ""
        for n, sequence in enumerate(sequences):
            gaps = np.isnan(sequence)
            if gaps.any():
                step, feature = (int(i) for i in np.argwhere(gaps)[0])
                count, first = count + int(gaps.sum()), first or where(n, step, feature)
                self._check(gaps, partial(where, n), name, is_begin=before is None)
        if not count and not self.masked:
            return list(sequences) if before is None else [np.concatenate([before, sequences[0]])], ""
        if self.cuts:
            imputed = fill_sequences(list(sequences), self.rule, where, name, masked=self.masked)
            return list(imputed.sequences), " ".join(imputed.notes)
        completed = [self._filled(sequence, partial(where, n), name, before) for n, sequence in enumerate(sequences)]
        if not count:
            return completed, ""
        at_start = before is None and any(np.isnan(sequence[0]).any() for sequence in sequences)
        mean = ", or at the start with the mean of the training set" if at_start else ""
        return completed, (
            f"{count_of(count, 'missing value')} of {name} {were(count)} filled with the last value before{mean}, the "
            f"first at {first}."
        )

    def _filled(self, sequence: NDArray[Any], at: Where, name: str, before: Floats | None) -> Floats:
        """Return all steps of a sequence, filled, with the further features of masked ones, after those before it."""
        count = sequence.shape[1]
        if before is None:
            filled = fill_past(sequence, self.mean if self.mean is not None else np.zeros(count))
        else:
            filled = fill_past(sequence, before[-1, :count])
            open_gap = np.logical_and.accumulate(filled.steps_since > 0, axis=0)  # which may have begun before
            earlier = np.zeros(count, np.int64)
            earlier[list(self.masked)] = before[-1, count + 1 :: 2]
            filled = Filled(filled.values, filled.steps_since + np.where(open_gap, earlier, 0))
        check_gaps(filled.steps_since, self.rule.max_gap, at, name)
        values = np.concatenate([filled.values, mask_columns(filled, self.masked)], axis=1)
        return values if before is None else np.concatenate([before, values])

    def _check(self, gaps: NDArray[np.bool_], at: Where, name: str, *, is_begin: bool) -> None:
        """Refuse missing values that are not filled; `is_begin`: nothing is known before the first step."""
        step, feature = (int(i) for i in np.argwhere(gaps)[0])
        if not self.rule.fills:
            raise DataError(
                f"{name} has missing values, the first at {at(step, feature)}, and this run, trained with missing "
                f"{self.rule.how}, does not fill them. Fill or leave out these steps, or train with missing past."
            )
        empty = np.flatnonzero(gaps.all(axis=0))
        if len(empty) and is_begin:
            raise DataError(
                f"{name} has a feature without any value, the first at {at(0, int(empty[0]))}. Leave out this "
                "sequence, or fill the feature."
            )
        if is_begin and self.mean is None and not self.cuts and gaps[0].any():
            raise DataError(
                f"{name} begins with a missing value, {at(0, int(gaps[0].argmax()))}, and there is none before to fill "
                "it with. Leave out the steps before the first value."
            )
