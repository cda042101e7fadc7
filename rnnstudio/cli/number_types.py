"""Numbers of flags that are not settings: point or comma as the decimal mark, and no thousands marks."""

from __future__ import annotations

from typing import Any

import click


class NumberType(click.ParamType):  # type: ignore[type-arg]  # generic in some versions of click only
    """A whole or real number, refused with the sentences of settings.

    Args:
        whole: Whether the number is a whole number.
    """

    def __init__(self, *, whole: bool) -> None:
        self.name = "whole number" if whole else "number"
        self._whole = whole

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int | float:
        """Return the number that was typed."""
        from rnnstudio.core.typed_numbers import TypedNumberError, typed_number

        hint = ""
        try:
            number = typed_number(value, whole=self._whole) if isinstance(value, str) else value
        except TypedNumberError as error:
            number, hint = value, f" {error}"
        if isinstance(number, int) or (isinstance(number, float) and not self._whole):
            return number
        raise click.BadParameter(f"it must be a {self.name}; received {value!r}.{hint}", ctx, param)


WHOLE, REAL = NumberType(whole=True), NumberType(whole=False)
