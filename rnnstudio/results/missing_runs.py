"""The runs of a saved group that are not part of its mean: deleted since, or damaged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rnnstudio.core.wording import enumeration

if TYPE_CHECKING:
    from rnnstudio.results.run import Run

DELETED = "deleted"
_MAX_NAMED = 10  # seeds in a message
_MAX_SAID = 3  # damaged runs, a sentence each
_MAX_LENGTH = 500  # characters about one of them


@dataclass(frozen=True)
class MissingRun:
    """A run of a group that is not part of its mean.

    Attributes:
        seed: Its seed.
        run: Its name.
        outcome: deleted, damaged, unreadable or newer.
        problem: What is wrong with it, a sentence; empty where it was deleted.
    """

    seed: int
    run: str
    outcome: str
    problem: str = ""


def in_seed_order(runs: Sequence[Run], missing: Sequence[MissingRun]) -> list[tuple[int, Run | MissingRun]]:
    """Return the runs of a group with those that are missing, each behind its seed, in the order of the seeds."""
    every: list[tuple[int, Run | MissingRun]] = [(run.experiment.seed, run) for run in runs]
    return sorted([*every, *((run.seed, run) for run in missing)], key=lambda own: own[0])


def missing_sentences(missing: Sequence[MissingRun], count: int) -> list[str]:
    """Return what is to be said about the runs of a group that are missing, a sentence each; nothing for none.

    Args:
        missing: The runs.
        count: Number of runs that the group was saved with.

    >>> missing_sentences([MissingRun(3, "toy-4", "damaged", "weights.npz is missing.")], 5)
    ['toy-4 (seed 3) cannot be read: mean, spread and predictions are those of 4 of 5 runs. weights.npz is missing.']
    """
    deleted = [run.seed for run in missing if run.outcome == DELETED]
    damaged = [run for run in missing if run.outcome != DELETED]
    of = f"mean, spread and predictions are those of {count - len(missing):,} of {count:,} runs"
    sentences = []
    if deleted:
        noun, verb = ("seed", "does") if len(deleted) == 1 else ("seeds", "do")
        sentences.append(
            f"{len(deleted)} of the {count} runs of this group {verb} not exist any more ({noun} "
            f"{enumeration(deleted, most=_MAX_NAMED)}): {of}."
        )
    for run in damaged[:_MAX_SAID]:
        sentences.append(f"{run.run} (seed {run.seed}) cannot be read: {of}. {run.problem[:_MAX_LENGTH]}")
    if rest := damaged[_MAX_SAID:]:
        noun = "Seed" if len(rest) == 1 else "Seeds"
        named = enumeration([run.seed for run in rest], most=_MAX_NAMED)
        sentences.append(f"{noun} {named} cannot be read either: {of}.")
    return sentences


def untrained_sentences(untrained: Sequence[int]) -> list[str]:
    """Return what is to be said about seeds of a group whose training has not ended; nothing for none.

    >>> untrained_sentences([3, 4])
    ['Seeds 3 and 4 were not trained to their end: resume the group to go on with them.']
    """
    if not untrained:
        return []
    named = enumeration(untrained, most=_MAX_NAMED)
    seeds, were, their = ("Seed", "was", "its") if len(untrained) == 1 else ("Seeds", "were", "their")
    them = "it" if len(untrained) == 1 else "them"
    return [f"{seeds} {named} {were} not trained to {their} end: resume the group to go on with {them}."]


def none_left(name: str, missing: Sequence[MissingRun]) -> str:
    """Return the sentence about a group none of whose runs can be used.

    Args:
        name: Name of the group.
        missing: Its runs.
    """
    damaged = [run for run in missing if run.outcome != DELETED]
    if not damaged:
        return f"None of the {len(missing)} runs of the group {name} is left: they were deleted."
    deleted = len(missing) - len(damaged)
    parts = [f"{deleted} deleted"] if deleted else []
    parts.append(f"{len(damaged)} cannot be read, such as {damaged[0].run}")
    return (
        f"None of the {len(missing)} runs of the group {name} can be used ({', '.join(parts)}). "
        f"{damaged[0].problem[:_MAX_LENGTH]} rnnstudio doctor repairs what can be repaired."
    )
