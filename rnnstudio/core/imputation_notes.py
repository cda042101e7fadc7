"""Sentences about missing values: what was filled, cut or does not count, and where the first is."""

from __future__ import annotations

from rnnstudio.core.missing import MissingRule, count_of, were


def filled_note(count: int, name: str, first: str, rule: MissingRule) -> str:
    """Return the sentence about values filled from the past."""
    added = "; whether a value was observed, and the steps since, are further inputs" if rule.how == "mask" else ""
    return (
        f"{count_of(count, 'missing value')} of {name} {were(count)} filled with the last value before, the first "
        f"{at(first)}{added} (missing {rule.how})."
    )


def target_note(count: int, name: str, first: str) -> str:
    """Return the sentence about missing values to predict."""
    verb, counted = ("is", "it counts") if count == 1 else ("are", "they count")
    return (
        f"{count_of(count, 'value')} to predict of {name} {verb} missing, the first {at(first)}; {counted} neither in "
        "the loss nor in metrics and baselines."
    )


def cut_note(begin: int, end: int, name: str) -> str:
    """Return the sentence about steps cut at the two ends; empty where there are none."""
    places = [f"{count_of(n, 'step')} at the {place}" for n, place in ((begin, "start"), (end, "end")) if n]
    if not places:
        return ""
    return f"{' and '.join(places)} of {name} {were(begin + end)} left out, because values are missing there."


def interpolation_note(count: int, name: str, first: str) -> str:
    """Return the sentence about values interpolated in a run of an earlier version."""
    return f"{count_of(count, 'missing value')} of {name} {were(count)} linearly interpolated, the first {at(first)}."


def at(place: str) -> str:
    """Return a place to follow "the first".

    >>> at("row 5, column 'load'"), at("after row 206, column 'load'")
    ("at row 5, column 'load'", "after row 206, column 'load'")
    """
    return place if place.startswith("after ") else f"at {place}"
