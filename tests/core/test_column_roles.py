"""What columns are used for: defaults, the choices of a user, and the settings that follow."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnstudio.core.account import Account, ColumnAccount
from rnnstudio.core.column_roles import (
    ROLE_LABELS,
    ROLE_MEANINGS,
    chosen_roles,
    default_roles,
    possible_roles,
    roles_problem,
    roles_text,
    settings_of,
)
from rnnstudio.core.roles import with_roles
from rnnstudio.core.time_account import TimeAccount

SHOP = with_roles(
    Account(
        "shop.csv",
        "text table",
        9,
        (
            ColumnAccount("Datum", "time"),
            ColumnAccount("Umsatz", "number"),
            ColumnAccount("Aktion", "number", distinct=2),
            ColumnAccount("Temperatur", "number"),
            ColumnAccount("Filiale", "text", distinct=3),
        ),
        time=TimeAccount("Datum"),
    )
)
STEPS = with_roles(
    Account(
        "steps.csv",
        "text table",
        9,
        (
            ColumnAccount("id", "text", distinct=5),
            ColumnAccount("x", "number"),
            ColumnAccount("y", "number"),
            ColumnAccount("activity", "text", distinct=2),
            ColumnAccount("person", "text", distinct=2),
        ),
    )
)
KINDS = ["number", "yes/no", "text", "time", "index", "empty"]


def test_the_shop_is_forecast_from_its_own_past_by_default():
    roles = default_roles(SHOP)
    assert roles == {
        "Datum": "time", "Umsatz": "target", "Aktion": "ignore", "Temperatur": "ignore", "Filiale": "ignore",
    }  # fmt: skip
    assert settings_of(roles) == ("file", {"task": "forecast", "target": "Umsatz"})
    assert roles_text(roles) == "Column 'Umsatz' is predicted from its own past values."


@pytest.mark.parametrize(
    ("account", "choices", "expected"),
    [
        (
            SHOP,
            [("Aktion", "input")],
            ("file", {"task": "forecast", "target": "Umsatz", "features": ["Umsatz", "Aktion"]}),
        ),
        (SHOP, [("Temperatur", "target")], ("file", {"task": "forecast", "target": "Temperatur"})),
        (SHOP, [("Aktion", "input"), ("Aktion", "ignore")], ("file", {"task": "forecast", "target": "Umsatz"})),
        (
            SHOP,
            [("Filiale", "class")],
            ("file", {"task": "label", "target": "Filiale", "features": ["Umsatz", "Aktion", "Temperatur"]}),
        ),
        (
            STEPS,
            [("id", "sequence")],
            ("sequences", {"task": "classify", "sequence": "id", "target": "activity", "features": ["x", "y"]}),
        ),
        (
            STEPS,
            [("id", "sequence"), ("person", "group"), ("x", "ignore"), ("y", "input")],
            (
                "sequences",
                {"task": "classify", "sequence": "id", "target": "activity", "features": ["y"], "group": "person"},
            ),
        ),
        (
            STEPS,
            [("id", "sequence"), ("person", "sequence")],
            ("sequences", {"task": "classify", "sequence": "id,person", "target": "activity", "features": ["x", "y"]}),
        ),
        (STEPS, [("gone", "target"), ("id", "target"), ("y", "target")], ("file", {"task": "forecast", "target": "y"})),
        (
            SHOP,
            [("Temperatur", "target too"), ("Aktion", "input")],
            (
                "file",
                {
                    "task": "forecast",
                    "target": ["Umsatz", "Temperatur"],
                    "features": ["Umsatz", "Temperatur", "Aktion"],
                },
            ),
        ),
        (
            SHOP,
            [("Temperatur", "target too"), ("Temperatur", "target")],
            ("file", {"task": "forecast", "target": "Temperatur"}),
        ),
    ],
)
def test_choices_become_settings(account, choices, expected):
    assert settings_of(chosen_roles(account, choices)) == expected


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        ([("y", "ignore")], "Choose the column to predict"),
        ([("id", "sequence"), ("activity", "ignore")], "the class or value of each sequence"),
        ([("person", "group")], "The role Group is for sequences"),
        ([("activity", "class"), ("x", "ignore"), ("y", "ignore")], "Choose the columns from which"),
        ([("activity", "class")], ""),
    ],
)
def test_what_is_missing_is_said(choices, words):
    problem = roles_problem(chosen_roles(STEPS, choices))
    assert words in problem
    assert bool(problem) == bool(words)


@given(
    st.lists(st.sampled_from(KINDS), min_size=1, max_size=6),
    st.lists(st.tuples(st.integers(0, 6), st.sampled_from(list(ROLE_LABELS))), max_size=8),
)
def test_whatever_is_chosen_numbers_or_one_column_of_classes_are_predicted_and_each_role_is_possible(kinds, choices):
    columns = tuple(ColumnAccount(f"c{i}", kind) for i, kind in enumerate(kinds))
    account = with_roles(Account("a.csv", "text table", 9, columns))
    roles = chosen_roles(account, [(f"c{i}", role) for i, role in choices])
    values = list(roles.values())
    assert list(roles) == [column.name for column in columns]
    assert values.count("class") <= 1
    assert not ("class" in values and "target" in values)
    if "sequence" in values or "target too" not in [role for _, role in choices]:
        assert values.count("target") <= 1
    assert values.count("group") <= 1
    assert all(roles[column.name] in possible_roles(column) for column in columns)
    if not roles_problem(roles):
        dataset, settings = settings_of(roles)
        targets = settings["target"]
        assert set([targets] if isinstance(targets, str) else targets) <= set(roles)
        assert dataset in ("file", "sequences")
        assert roles_text(roles)


def test_every_role_has_a_label_and_a_meaning():
    assert ROLE_LABELS.keys() == ROLE_MEANINGS.keys()
    assert {role for kind in KINDS for role in possible_roles(ColumnAccount("a", kind))} == ROLE_LABELS.keys()
