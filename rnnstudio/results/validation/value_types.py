"""The types of values in the JSON files of a run, and how a file is compared with its model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

M = TypeVar("M", bound=BaseModel)

Text = Annotated[str, Field(max_length=20_000)]
Name = Annotated[str, Field(max_length=2_000)]
Names = list[Name]
Sentences = Annotated[list[Text], Field(max_length=2_000)]
Count = Annotated[int, Field(ge=0, le=2**53)]
Size = Annotated[int, Field(ge=1, le=2**31)]
Finite = Annotated[float, Field(allow_inf_nan=False)]
NotNegative = Annotated[float, Field(ge=0, le=1e15)]  # no year is longer
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1)]
Split = Literal["train", "val", "test"]
Metrics = dict[Name, float]  # NaN and infinity are possible
Stamp = Annotated[str, Field(pattern=r"^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d([+-]\d{4})?)?$")]
PredictionsKind = Literal["", "label", "classify", "regress_sequence", "sequences", "series", "several"]


class Stored(BaseModel):
    """Values of a file; fields that no model names are not read."""

    model_config = ConfigDict(strict=True, extra="ignore")


class Exact(Stored):
    """Values of a file, which has no other fields."""

    model_config = ConfigDict(strict=True, extra="forbid")


_LONG = 60  # characters of a value in a message


def shape_of(values: Sequence[Any]) -> tuple[int, ...] | None:
    """Return the shape of numbers, or of lists of numbers; None where these have different lengths.

    >>> shape_of([1.0, 2.0]), shape_of([[1.0], [2.0]]), shape_of([[1.0], []])
    ((2,), (2, 1), None)
    """
    lengths = {len(inner) for inner in values if isinstance(inner, list)}
    if not lengths:
        return (len(values),)
    return (len(values), *lengths) if len(lengths) == 1 else None


def validated(model: type[M], plain: Any, name: str) -> M:
    """Return the values of a JSON file.

    Args:
        model: Its model.
        plain: What it holds.
        name: Its name, for the message.

    Raises:
        ValueError: A value is missing, of another type, or outside its limits.

    >>> from rnnstudio.results.validation.json_models import StoredLag
    >>> validated(StoredLag, {"error": "low"}, "metrics.json")
    Traceback (most recent call last):
    ValueError: in metrics.json, error: input should be a valid number; received 'low'
    """
    try:
        return model.model_validate(plain)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
    place = ".".join(map(str, first["loc"]))
    message = first["msg"][:1].lower() + first["msg"][1:]
    received = (
        "" if first["type"] == "missing" or len(repr(first["input"])) > _LONG else f"; received {first['input']!r}"
    )
    raise ValueError(f"in {name}{', ' if place else ''}{place[:200]}: {message[:300]}{received}")
