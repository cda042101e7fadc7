"""The message about a training whose loss became infinite or NaN."""

from __future__ import annotations

import pytest

from rnnstudio.core.experiment import compose, schema
from rnnstudio.core.wording import with_labels
from rnnstudio.engine.divergence import divergence_message


@pytest.mark.parametrize("keeps_best", [False, True])
@pytest.mark.parametrize("step", [0, 9])
@pytest.mark.parametrize("settings", [{}, {"scale": "none"}, {"scale": "none", "clip_norm": 1.0}])
def test_the_window_shows_labels_in_place_of_all_flat_names(settings, step, keeps_best):
    labels = {name: field.label for name, field in schema("airline", "lstm").items()}
    message = with_labels(divergence_message(compose("airline", settings), step, keeps_best=keeps_best), labels)
    assert "Learning rate " in message
    assert ("(try Scaling standard)" in message) == ("scale" in settings)
    assert ("(try Clip norm 1)" in message) == ("clip_norm" not in settings)
    assert not [name for name in labels if "_" in name and name in message]
