"""Numbers of flags that are not settings: point or comma as the decimal mark, and no thousands marks."""

from __future__ import annotations

import click


def whole_number(value: str | int) -> int:
    """Return the whole number typed after a flag; a default is a number already.

    Raises:
        click.BadParameter: It is no whole number, or has thousands marks.

    >>> whole_number("64,0")
    64
    """
    return int(_number(value, whole=True))


def real_number(value: str | float) -> float:
    """Return the number typed after a flag; a default is a number already.

    Raises:
        click.BadParameter: It is no number, or may have thousands marks.

    >>> real_number("0,5")
    0.5
    """
    return _number(value, whole=False)


def _number(value: str | float, *, whole: bool) -> float:
    from rnnstudio.core.typed_numbers import TypedNumberError, typed_number

    hint = ""
    try:
        number = typed_number(value, whole=whole) if isinstance(value, str) else value
    except TypedNumberError as error:
        number, hint = value, f" {error}"
    if isinstance(number, str) or (whole and isinstance(number, float)):
        noun = "whole number" if whole else "number"
        raise click.BadParameter(f"it must be a {noun}; received {value!r}.{hint}")
    return number
