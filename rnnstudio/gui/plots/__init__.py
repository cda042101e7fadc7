"""Pictures, one file each: loss, accuracy or error, echo, forecast, told ahead, confusion, sequences."""

from __future__ import annotations

from rnnstudio.core.registry import Registry
from rnnstudio.gui.plots.base import Picture

PICTURES: Registry[type[Picture]] = Registry("picture", "rnnstudio.gui.plots")


def picture(found: type[Picture]) -> type[Picture]:
    """File a picture under its name."""
    return PICTURES.register(found.name)(found)
