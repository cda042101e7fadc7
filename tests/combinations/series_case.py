"""One combination on a file of series: drawn, trained, and every number recomputed."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import rnnstudio as rs
from tests.combinations.baselines import Scaling
from tests.combinations.check_classes import check_classes
from tests.combinations.check_command_line import check_command_line, check_training_flags
from tests.combinations.check_forecast import check_fed_back, check_forecast, check_forecast_inside
from tests.combinations.check_predict import check_cut_file, check_evaluate, check_predict_file
from tests.combinations.check_values import check_values
from tests.combinations.compared import arrays_equal
from tests.combinations.draw_series import TASKS, data_settings, model_settings, one_of, training_settings
from tests.combinations.expected_table import expected_table
from tests.combinations.rows import complete_text, names_of, rows_of_file
from tests.combinations.table_of_series import SeriesFile, series_file
from tests.combinations.windows import layout_of

AUTOMATIC = ("window", "scale", "val_fraction", "calendar", "frame", "linear_skip", "predict_change", "scale_windows")


BANDS = ("lower_80", "upper_80", "lower_95", "upper_95")


@dataclass(frozen=True)
class SeriesCase:
    """A file of series with the settings of a training on it."""

    file: SeriesFile
    settings: dict[str, Any]
    number: int

    @classmethod
    def drawn(cls, number: int) -> SeriesCase:
        """Return the case of a number."""
        rng = np.random.default_rng([number, 18])
        task = one_of(rng, *TASKS)
        file = series_file(rng, task)
        data = data_settings(rng, file, task)
        settings = {**data, **model_settings(rng, data), **training_settings(rng, task)}
        if rng.random() < 0.1:
            for name in AUTOMATIC:
                settings.pop(name, None)
        if (file.several or settings.get("columns_as_series")) and rng.random() < 0.4:
            settings["series_embedding"] = one_of(rng, 1, 3)
        return cls(file, settings, number)

    def check(self, folder: Path) -> Any:
        """Train, and compare every number with the one recomputed from the text of the file; return the run."""
        path = folder / "series.csv"
        path.write_text(self.file.text)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            run = rs.train(str(path), verbose=0, save=False, **self.settings)
            self._check(run, path, folder)
            if self.number % 5 == 2:
                check_training_flags(path, self.settings, run.metrics)
        return run

    def _check(self, run: Any, path: Path, folder: Path) -> None:
        settings = run.experiment.flat() | {"calendar": bool(run.info.calendar)}
        if run.info.columns_as_series != bool(settings["columns_as_series"]):
            raise AssertionError("columns_as_series of the run is not that of its settings")
        rows = rows_of_file(self.file, settings)
        several = self.file.several or settings["columns_as_series"]
        layout = layout_of(rows, settings, several=several)
        split, period = layout.split(), settings["period"] or run.info.period
        assert sorted(run.info.series) == sorted(layout.begins if several else []), "other series are trained on"
        windows = {name: sum(map(len, own.values())) for name, own in layout.starts.items()}
        if settings.get("levels"):  # a part of the validation set may calibrate the bands
            windows["val"] = run.info.windows["val"]
        assert run.info.windows == windows, f"windows {run.info.windows}, expected {windows}"
        table = self._compared_table(run.predictions(), expected_table(rows, layout, settings, split, period))
        if settings["task"] == "label":
            check_classes(run, table, split, self._majority(rows, layout))
        else:
            relative = any(
                settings[name] not in ("none", False) for name in ("predict_change", "scale_windows", "linear_skip")
            )
            is_input = run.info.autoregressive or relative
            scaling = Scaling(rows, layout, settings, several=several, reads_filled=is_input)
            units_differ = len(names_of(settings["target"])) > 1
            check_values(run, table, split, scaling, units_differ=units_differ)
        if settings["missing"] == "drop":  # new data are not filled: they must be complete, as the rows of the training
            path = folder / "complete.csv"
            path.write_text(complete_text(self.file, settings))
            rows = {name: replace(own, offset=0) for name, own in rows.items()}
        if not self._can_predict(run, path, settings):
            return
        predicted = check_predict_file(run, path, table, rows, layout, settings)
        if settings["missing"] != "drop":
            check_evaluate(run, path, self.file, layout, settings)
            check_forecast(run, predicted, rows, settings)
        check_forecast_inside(run, table, settings, self.number)
        check_fed_back(run, self.file, settings)
        for pick in (0, self.number):
            check_cut_file(run, folder, self.file, table, settings, rows, pick)
        self._check_saved(run, path, folder)

    def _can_predict(self, run: Any, path: Path, settings: Any) -> bool:
        """Return whether the whole file can be predicted; where it cannot, the reason must be that of the sentence."""
        if settings["columns_as_series"] and settings["missing"] == "drop":
            return False  # each column leaves out rows of its own
        try:
            run.predict_table(path)
        except rs.DataError as error:
            if "begins with a missing value" in str(error):
                assert settings["scale"] == "none"
            else:
                raise
            return False
        return True

    def _compared_table(self, received: pd.DataFrame, expected: pd.DataFrame) -> pd.DataFrame:
        """Return the expected table with the predictions, after the comparison of all other columns."""
        own = pd.DataFrame(
            {
                "series": received["series"].astype(str) if "series" in received else "",
                "step": received["step"],
                "target": received["target"] if "target" in received else expected["target"].iloc[0],
            }
        )
        if "origin" in received:
            own["step_ahead"] = received["step_ahead"]
            assert (received["origin"] + received["step_ahead"] == received["step"]).all()
        if "window" in received:
            own["start"] = received["window"]
        for column in ("truth", "prediction", "baseline", "probability", *BANDS):
            if column in received:
                own[column] = received[column]
        keys = [name for name in ("series", "start", "step_ahead", "step", "target") if name in own]
        own["time"] = received.get("time", pd.NaT)
        assert not own.duplicated(keys).any(), "a prediction is in the table twice"
        merged = expected.merge(own, on=keys, how="outer", suffixes=("", "_of_run"), indicator=True)
        missing = merged[merged["_merge"] != "both"]
        assert missing.empty, f"{len(missing)} of {len(merged)} rows are in one table only: {missing.iloc[0].to_dict()}"
        arrays_equal("truth", merged["truth_of_run"], merged["truth"])
        if "time" in received:
            arrays_equal(
                "time", merged["time_of_run"].to_numpy("datetime64[ns]"), merged["time"].to_numpy("datetime64[ns]")
            )
        return expected.merge(own.drop(columns=["truth", "time"]), on=keys, how="left")  # in the order of the windows

    def _majority(self, rows: Any, layout: Any) -> dict[str, str]:
        """Return the most frequent class among the targets of the training windows of each series."""
        majority, names = {}, sorted({name for own in rows.values() for name in own.truth.ravel() if name is not None})
        for series in layout.begins:
            targets = rows[series].truth[layout.target_rows("train", series, only_last=False)].ravel()
            counts = [int((targets == name).sum()) for name in names]
            majority[series] = names[int(np.argmax(counts))]
        return majority

    def _check_saved(self, run: Any, path: Path, folder: Path) -> None:
        saved = run.save(folder / "run", overwrite=True)
        loaded = rs.load(saved)
        np.testing.assert_equal(loaded.metrics, run.metrics)
        np.testing.assert_equal(loaded.baseline, run.baseline)
        for name in ("by_step", "by_series", "by_target", "class_metrics"):
            pd.testing.assert_frame_equal(getattr(loaded, name), getattr(run, name))
        pd.testing.assert_frame_equal(loaded.predictions(), run.predictions())
        of_file = run.predict_table(path)
        pd.testing.assert_frame_equal(loaded.predict_table(path), of_file)
        if self.number % 3 == 0:
            check_command_line(saved, path, of_file)
