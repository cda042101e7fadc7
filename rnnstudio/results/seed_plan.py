"""What each run of a training with several seeds, and its group, hold of the whole training, so that it can go on."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rnnstudio.results.validation.training_models import StoredPlan

ENDED = ("completed", "early_stopped", "diverged")  # outcomes of a training that does not go on


@dataclass(frozen=True)
class SeedPlan:
    """A training with several seeds.

    Attributes:
        id: A text that no other training has.
        seeds: All its seeds.
    """

    id: str
    seeds: tuple[int, ...]

    @classmethod
    def of(cls, seeds: Sequence[int]) -> SeedPlan:
        """Return the plan of a new training.

        >>> SeedPlan.of([0, 1, 2]).seeds
        (0, 1, 2)
        """
        return cls(secrets.token_hex(8), tuple(seeds))

    @classmethod
    def in_file(cls, plain: Mapping[str, Any] | None) -> SeedPlan | None:
        """Return the plan that the file of a run or group holds; None where it holds none.

        Raises:
            ValueError: It is damaged.
        """
        if plain is None:
            return None
        stored = StoredPlan.model_validate(plain)
        return cls(stored.id, tuple(stored.seeds))

    def left(self, outcomes: Mapping[int, str | None]) -> list[int]:
        """Return the seeds whose training has not ended, in their order.

        Args:
            outcomes: The outcome of each run, by its seed.
        """
        return [seed for seed in self.seeds if outcomes.get(seed) not in ENDED]

    def to_dict(self) -> dict[str, Any]:
        """Return what the files hold."""
        return {"id": self.id, "seeds": list(self.seeds)}
