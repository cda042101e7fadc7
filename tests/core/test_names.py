"""Settings that are lists of names are text with commas."""

from rnnstudio.core.experiment import compose
from rnnstudio.core.names import names_in


def test_names_with_commas_are_quoted_in_text() -> None:
    experiment = compose("file", {"features": ["a, b", "c"]})
    assert names_in(experiment.flat()["features"]) == ["a, b", "c"]
    assert names_in("a, b ,,c") == ["a", "b", "c"]
    assert names_in("") == []
