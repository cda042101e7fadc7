"""One combination on separate sequences: a long table, rows of sequences, or arrays, each recomputed."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import rnnstudio as rs
from tests.combinations.check_classes import check_classes
from tests.combinations.check_values import losses, measures
from tests.combinations.compared import LOOSE, ROUNDING, arrays_equal, equal
from tests.combinations.draw_series import model_settings, one_of, training_settings

KINDS = ("long table", "rows", "arrays")


@dataclass(frozen=True)
class Sequences:
    """Separate sequences.

    Attributes:
        names: Their names.
        inputs: N arrays `(T, F)`, NaN where missing.
        targets: Class or value of each, `(N,)`, or N arrays `(T,)`; None or NaN where missing.
        test: Names of the test set where the files fix it; None where it is drawn.
    """

    names: list[str]
    inputs: list[Any]
    targets: list[Any]
    test: list[str] | None


@dataclass(frozen=True)
class SequencesCase:
    """Sequences with the settings of a training on them."""

    kind: str
    data: Sequences
    settings: dict[str, Any]
    number: int

    @classmethod
    def drawn(cls, number: int) -> SequencesCase:
        """Return the case of a number."""
        rng = np.random.default_rng([number, 81])
        kind = one_of(rng, *KINDS)
        tasks = ("classify", "regress_sequence", *(("label", "regress") if kind == "arrays" else ()))
        task = one_of(rng, *tasks)
        per_step = task in ("label", "regress")
        missing = one_of(rng, "past", "mask", "drop") if rng.random() < 0.5 else ""
        data = _sequences(rng, kind, task, bool(missing))
        settings: dict[str, Any] = {
            "task": task,
            "test_fraction": one_of(rng, 0.2, 0.3, 0.4),
            "val_fraction": one_of(rng, 0.0, 0.0, 0.25),
            "scale": one_of(rng, "standard", "standard", "none"),
            "frame": 1 if per_step else one_of(rng, 1, 1, 2, 3),
            "missing": missing or "past",
            **model_settings(rng, {"task": task}),
            **training_settings(rng, task),
        }
        if kind == "long table":
            settings |= {"sequence": "id", "target": "value" if task == "regress_sequence" else "class"}
        if kind == "rows":
            settings["target"] = "first"
        if per_step:
            settings["stateful"] = False
        return cls(kind, data, settings, number)

    def check(self, folder: Path) -> Any:
        """Train, and compare every number with the one recomputed from the sequences; return the run."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if self.kind == "arrays":
                values: Any = self.data.inputs
                targets: Any = self.data.targets
                run = rs.train(values, targets, verbose=0, save=False, **self.settings)
            else:
                path = _written(self.data, self.kind, folder)
                run = rs.train(str(path), verbose=0, save=False, **self.settings)
                values = path
            self._check(run, values, folder)
        return run

    def _check(self, run: Any, values: Any, folder: Path) -> None:
        remaining = self._remaining()
        if self.data.test is None and not round(self.settings["test_fraction"] * len(remaining)):
            assert not run.info.windows["test"]
            return
        table = run.predictions()
        split = "test"
        numbers = list(dict.fromkeys(table["sequence"]))
        of_sequences = [remaining[number - 1] for number in numbers]
        held_out = [self.data.names[i] for i in of_sequences]
        if self.data.test is not None:
            assert held_out == [name for name in (self.data.names[i] for i in remaining) if name in self.data.test]
        else:
            count = round(self.settings["test_fraction"] * len(remaining))
            assert len(held_out) == count == run.info.windows["test"], f"{len(held_out)} sequences, expected {count}"
        task = self.settings["task"]
        own = table.assign(series="", target="value", start=table["sequence"])
        if task in ("label", "regress"):
            expected = [self.data.targets[i][self._kept(i)] for i in of_sequences]
            arrays_equal("truth", table["truth"], np.concatenate(expected))
            assert table["step"].tolist() == [step for part in expected for step in range(len(part))]
        else:
            arrays_equal("truth", table["truth"], np.array([self.data.targets[i] for i in of_sequences], object))
        train = [i for i in remaining if i not in of_sequences] if not run.info.windows["val"] else []
        if task in ("classify", "label"):
            majority = {}
            if train:
                parts = [
                    np.ravel(self.data.targets[i] if task == "classify" else self.data.targets[i][self._kept(i)])
                    for i in train
                ]
                names, counts = np.unique([t for t in np.concatenate(parts) if t is not None], return_counts=True)
                majority = {"": str(names[counts.argmax()])}
            check_classes(run, own, split, majority)
        else:
            self._check_values(run, own, train)
        self._check_predict(run, values, table, of_sequences, held_out)
        saved = rs.load(run.save(folder / "run", overwrite=True))
        np.testing.assert_equal(saved.metrics, run.metrics)
        pd.testing.assert_frame_equal(saved.predictions(), table, check_dtype=self.kind != "arrays")

    def _has_gaps(self, index: int) -> bool:
        """Return whether values are missing in a sequence; empty cells at the end of a row say that it is shorter."""
        steps = ~np.isnan(self.data.inputs[index]).all(axis=1)
        ends = self.kind == "long table" or self.settings["task"] in ("label", "regress")
        x = self.data.inputs[index][: None if ends else int(np.flatnonzero(steps)[-1]) + 1]
        return bool(np.isnan(x).any())

    def _remaining(self) -> list[int]:
        """Return the sequences that are used: those with a target, and with missing drop those without gaps."""
        each = range(len(self.data.names))
        if self.settings["task"] in ("label", "regress"):
            gaps = [
                np.isnan(x).any() or pd.isna(y).any() for x, y in zip(self.data.inputs, self.data.targets, strict=True)
            ]
            return [i for i in each if not (self.settings["missing"] == "drop" and gaps[i])]
        known = [i for i in each if not pd.isna(self.data.targets[i])]
        return [i for i in known if not (self.settings["missing"] == "drop" and self._has_gaps(i))]

    def _kept(self, index: int) -> slice:
        """Return the steps of a sequence that are read: from the first with all inputs known to the last with any."""
        gaps = np.isnan(self.data.inputs[index])
        if not any(np.isnan(x).any() for x in self.data.inputs):
            return slice(None)
        begin = max(int((~column).argmax()) for column in gaps.T)
        return slice(begin, int(np.flatnonzero(~gaps.all(axis=1))[-1]) + 1)

    def _check_values(self, run: Any, table: pd.DataFrame, train: list[int]) -> None:
        for name, value in measures(table, "prediction").items():
            equal(f"test_{name}", run.metrics[f"test_{name}"], value)
        (name,) = run.baseline
        for measure, value in measures(table, "baseline").items():
            equal(f"{name} {measure}", run.baseline[name][f"test_{measure}"], value)
        if not train:
            return
        parts = [
            np.ravel(
                self.data.targets[i]
                if self.settings["task"] == "regress_sequence"
                else self.data.targets[i][self._kept(i)]
            )
            for i in train
        ]
        targets = np.concatenate(parts).astype(float)
        arrays_equal("baseline", table["baseline"], np.full(len(table), np.nanmean(targets)))
        if self.settings["scale"] == "standard" and self.settings["task"] == "regress_sequence":
            errors = (table["prediction"] - table["truth"].astype(float)).to_numpy() / targets.std()
            expected = float(losses(errors, self.settings["loss"]).mean())
            equal("test_loss", run.metrics["test_loss"], expected, LOOSE)

    def _check_predict(
        self, run: Any, values: Any, table: pd.DataFrame, of_sequences: list[int], names: list[str]
    ) -> None:
        task = self.settings["task"]
        if self.kind == "arrays":
            if self.settings["missing"] == "drop" and any(np.isnan(x).any() for x in self.data.inputs):
                return
            wanted = [values[i] for i in of_sequences]
            if (
                task in ("label", "regress")
                and run.scalers.inputs.is_identity
                and any(np.isnan(x[0]).any() for x in wanted)
            ):
                return  # nothing is known to fill the start with
            again = run.predict(wanted)
            if task in ("label", "regress"):
                again = np.concatenate([part[self._kept(i)] for part, i in zip(again, of_sequences, strict=True)])
            received = np.asarray(again)
        else:
            if self.settings["missing"] == "drop" and any(np.isnan(x).any() for x in self.data.inputs):
                return
            frame = run.predict_table(values)
            if self.kind == "rows":
                assert len(frame) == sum(name not in self.data.test for name in self.data.names)
                values = values.with_name(values.name.replace("TRAIN", "TEST"))
                received = run.predict_table(values)["prediction"].to_numpy()
            else:
                of_name = dict(zip(frame["sequence"].astype(str), frame["prediction"], strict=True))
                received = np.array([of_name[name] for name in names])
        if task in ("classify", "label"):
            surer = (table["probability"] > 0.5 + 1e-4).to_numpy()
            arrays_equal("predict", received[surer], table["prediction"][surer])
        else:
            arrays_equal("predict", received, table["prediction"], ROUNDING)


def _sequences(rng: np.random.Generator, kind: str, task: str, has_gaps: bool) -> Sequences:
    count, features = int(rng.integers(20, 36)), 1 if kind == "rows" else int(rng.integers(1, 4))
    lengths = rng.integers(5, 14, count) if rng.random() < 0.6 else np.full(count, 9)
    inputs = [np.round(rng.normal(size=(n, features)) + 3, 2) for n in lengths]
    names = [f"s{i}" for i in rng.permutation(count)]
    classes = one_of(rng, ["up", "down"], ["a", "b", "c"], ["1", "2"])
    per_step = task in ("label", "regress")
    if has_gaps:
        for x in inputs:
            x[rng.random(x.shape) < 0.1] = np.nan
            x[2] = 1.5
            if rng.random() < 0.3:
                x[0, 0] = np.nan

    def draw(steps: int) -> Any:
        if task in ("classify", "label"):
            others = len(classes) - 1
            return np.array(rng.choice(classes, steps, p=[0.7, *[0.3 / others] * others]), object)
        return np.round(50 + 9 * rng.normal(size=steps), 2)

    targets: list[Any] = [draw(n) for n in lengths] if per_step else list(draw(count))
    if not per_step and task == "classify":
        targets[: len(classes) * 2] = [*classes, *classes]
    test = [name for name in names if rng.random() < 0.3] if kind == "rows" else None
    if test is not None and task == "classify":
        test = [name for name in test if name not in names[: len(classes) * 2]]
    if kind != "rows":
        return Sequences(names, inputs, targets, None)
    chosen = set(test or names[-3:])
    order = sorted(range(count), key=lambda i: names[i] in chosen)  # the file of the test set is read last
    names, inputs, targets = ([values[i] for i in order] for values in (names, inputs, targets))
    return Sequences(names, inputs, targets, sorted(chosen))


def _written(data: Sequences, kind: str, folder: Path) -> Path:
    """Write sequences as a long table, or as two files with a sequence in each row."""
    if kind == "long table":
        column = "value" if isinstance(data.targets[0], float) else "class"
        rows = [
            {"id": name, **{f"x{j}": value for j, value in enumerate(step)}, column: target}
            for name, x, target in zip(data.names, data.inputs, data.targets, strict=True)
            for step in x
        ]
        pd.DataFrame(rows).to_csv(folder / "long.csv", index=False)
        return folder / "long.csv"
    longest = max(map(len, data.inputs))
    for split in ("TRAIN", "TEST"):
        lines = []
        for name, x, target in zip(data.names, data.inputs, data.targets, strict=True):
            if (name in (data.test or [])) == (split == "TEST"):
                cells = ["NaN" if np.isnan(v) else f"{v:.2f}" for v in x[:, 0]]
                lines.append("\t".join([str(target), *cells, *["NaN"] * (longest - len(cells))]))
        (folder / f"Drawn_{split}.tsv").write_text("\n".join(lines) + "\n")
    return folder / "Drawn_TRAIN.tsv"
