"""The columns of new data that are the inputs of a run: by name; by position only where there are no names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rnnstudio.core.errors import DataError
from rnnstudio.core.wording import listed

_MAX_LISTED = 10
_NO_NAME = re.compile(r"(?:column|feature|v)\d+", re.IGNORECASE)  # the names that readers and R make up


def input_columns(
    features: Sequence[str],
    columns: Sequence[str],
    numeric: Sequence[str],
    name: str,
    *,
    has_names: bool = True,
    trained: Sequence[str] = (),
) -> tuple[list[str], str]:
    """Return the column of each feature, and a sentence about what was assumed; empty if nothing was.

    A name may differ in case and blanks. Columns are read by position only if the data or the run have no names.

    Args:
        features: Names of the features that the run was trained on.
        columns: Names of all columns of the data.
        numeric: Names of its columns of numbers, those that can be read by position.
        name: What messages call the data.
        has_names: Whether the names of the columns stand in the data.
        trained: Names of all columns of the data of the training; none where they are not known.

    Raises:
        DataError: A feature has no column, or the number of columns read by position is not that of the training.

    >>> input_columns(["load_kW"], ["hour", "Load_kW "], ["hour", "Load_kW "], "new.csv")
    (['Load_kW '], "new.csv has no column 'load_kW'; the column 'Load_kW ' is read.")
    """
    if not has_names and trained and _are_made_up(trained) and len(numeric) != len(features):
        if len(columns) == len(trained):
            return list(features), f"{name} names no columns; they are read by position, as in the training."
        raise DataError(
            f"{name} must have {len(trained):,} columns, as the data of the training, or {len(features):,}, the "
            f"inputs: neither names its columns. Received {len(columns):,}."
        )
    if set(features) <= set(columns):
        return list(features), ""
    similar = {feature: [column for column in columns if is_same_name(feature, column)] for feature in features}
    if all(len(found) == 1 for found in similar.values()):
        renamed = {feature: found[0] for feature, found in similar.items() if found[0] != feature}
        read = " and ".join(
            f"{name} has no column {feature!r}; the column {column!r} is read" for feature, column in renamed.items()
        )
        return [similar[feature][0] for feature in features], f"{read}."
    unnamed = not has_names or _are_made_up(numeric) or _are_made_up(features)
    if unnamed and len(numeric) == len(features):
        return list(numeric), (
            f"The columns of {name} are read by their position: {_shown(numeric)} as {_shown(features)}."
        )
    missing = [feature for feature, found in similar.items() if len(found) != 1]
    for feature in missing:
        column, _, value = feature.partition("=")
        if value and column in columns:
            raise DataError(
                f"{name}, column {column!r}: texts such as {value[:40]!r} are expected, as in the training; received "
                "none."
            )
    named, missing = _without_values(features), _without_values(missing)
    known = [column for column in columns if "=" not in column or column not in features]
    raise DataError(
        f"{name} must have the {'column' if len(named) == 1 else 'columns'} that the run was trained on, "
        f"{_shown(named)}; {_shown(missing)} {'was' if len(missing) == 1 else 'were'} not found among its columns "
        f"{_shown(known)}. Rename the columns of {name}."
    )


def _without_values(features: Sequence[str]) -> list[str]:
    """Return the columns of features: `sky` for `sky=sun` and `sky=rain`, the inputs of a column of text."""
    return list(dict.fromkeys(feature.partition("=")[0] or feature for feature in features))


def similar_column(name: str, columns: Sequence[str]) -> str:
    """Return the only column whose name differs from `name` in case and blanks; empty if there is none.

    >>> similar_column("id", ["day", "ID "])
    'ID '
    """
    similar = [] if name in columns else [column for column in columns if is_same_name(name, column)]
    return similar[0] if len(similar) == 1 else ""


def _are_made_up(names: Sequence[str]) -> bool:
    """Return whether the names only count columns; pandas uses numbers from 0, unlike a header of years."""
    return all(map(_NO_NAME.fullmatch, names)) or list(names) == [str(i) for i in range(len(names))]


def is_same_name(feature: str, column: str) -> bool:
    """Return whether two names of columns differ in case and blanks only.

    >>> is_same_name("load_kW", "Load_kW ")
    True
    """
    return "".join(feature.split()).casefold() == "".join(column.split()).casefold()


def _shown(names: Sequence[str]) -> str:
    return listed([repr(name[:40]) for name in names], _MAX_LISTED)
