"""Names of columns that are unique and can be shown."""

from __future__ import annotations


def unique_names(names: list[str]) -> list[str]:
    r"""Return unique column names without control characters.

    >>> unique_names(["sales", "sales", "day"])
    ['sales 1', 'sales 2', 'day']
    """
    names = [" ".join(name.split()) for name in names]
    names = ["".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name) for name in names]
    if len(set(names)) == len(names):
        return names
    numbered = [name if names.count(name) == 1 else f"{name} {i}" for i, name in enumerate(names, start=1)]
    return numbered if len(set(numbered)) == len(numbered) else [f"column{i}" for i in range(1, len(names) + 1)]
