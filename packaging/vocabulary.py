"""Check that code, messages and documents use the standard terms of the field.

    python packaging/vocabulary.py

Prints file and line of each word to avoid, with the term to use instead, and exits with 1 if there are any. Files about
old names and words are left out: those with "upgrade" or "vocabulary" in their name, test fixtures and licences.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SUFFIXES = frozenset({".py", ".R", ".Rd", ".md", ".sh", ".toml", ".xml", ".1", ".desktop", ".nsi", ".spec", ".yml"})

TERMS = {
    "predict, report, emit or say": ("told", "tell", "tells", "telling", "retold"),
    "evaluate": (
        "looks at",
        "looked at",
        "looked for",
        "looked in",
        "looked through",
        "look at the test",
        "Looks",
        "looks",
        "judged",
        "judge",
        "rejudge",
    ),
    "final metrics, comparison with the baseline": ("verdict", "verdicts"),
    "baseline": ("naive answer", "naive answers"),
    "ClassificationMetrics, RegressionMetrics": ("tally",),
    "correct, incorrect, misclassified": ("rightly", "wrongly"),
    "split, separated by": ("parting", "parted"),
    "test set, training set, held-out data": ("test part", "training part", "held-out part"),
    "initial weights": ("first weights", "FirstWeights"),
    "publication": (
        "the work's",
        "of the work",
        "in the work",
        "beside the work",
        "the work prints",
        "The work prints",
    ),
    "plot, image": ("picture of", "pictures of", "a picture", "the picture", "the pictures"),
    "metrics": ("figures",),
    "accuracy": ("share of right",),
    "impute, missing values, correct": ("mend", "mended", "spoiled"),
    "linearly interpolated": ("straight lines",),
    "unexpected error": ("unforeseen",),
    "outside the view": ("off scale",),
    "run_with_gradient, needs_input_gradient": ("to_be_raised", "run_to_learn", "inputs_learn"),
    "autoregressive": ("feeds_back", "dreams on"),
    "training curves": ("_along",),
    "continue": ("gone on",),
    "release, return": ("lets go", "let go of"),
}
RENAMED_SETTINGS = {
    "fit_scaler_on": ("scale_on",),
    "rotation_std": ("rotate=", "--rotate"),
    "cell_initializer": ("cell_init",),
    "head_initializer": ("head_init",),
    "head_initializer_std": ("head_init_std",),
    "val_fraction": ("valid_fraction",),
    "val_subjects": ("valid_people",),
}
_LEFT_OUT = ("build", "dist", "fixtures", "licenses")
_OLD_NAMES_ALLOWED = ("CHANGELOG.md",)  # users look up there what became of a setting


def find_words(text: str, terms: dict[str, tuple[str, ...]]) -> Iterator[tuple[int, str, str]]:
    r"""Yield line number, word and the term to use instead, for each word to avoid.

    Args:
        text: The text of a file.
        terms: By the term to use, the words to avoid.

    Example:
        >>> list(find_words("the class is predicted\nthe class is told", TERMS))
        [(2, 'told', 'predict, report, emit or say')]
    """
    replacement = {word: term for term, words in terms.items() for word in words}
    longest_first = sorted(replacement, key=len, reverse=True)
    pattern = re.compile(rf"(?<![A-Za-z])(?:{'|'.join(map(re.escape, longest_first))})(?![A-Za-z])")
    for number, line in enumerate(text.splitlines(), start=1):
        for match in pattern.finditer(line):
            yield number, match[0], replacement[match[0]]


def checked_files(root: Path = ROOT) -> Iterator[Path]:
    """Yield the files to check, in order; hidden folders other than .github, and build results, are left out."""
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if (name not in _LEFT_OUT and name[0] != ".") or name == ".github")
        for name in sorted(names):
            is_text = Path(name).suffix in SUFFIXES or name == "Makefile"
            if is_text and not re.search("upgrade|vocabulary", name):
                yield Path(folder, name)


def main() -> int:
    """Check all files, and return the exit status."""
    count = 0
    for file in checked_files():
        terms = TERMS if file.name in _OLD_NAMES_ALLOWED else TERMS | RENAMED_SETTINGS
        for number, word, term in find_words(file.read_text(encoding="utf-8", errors="replace"), terms):
            print(f"{file.relative_to(ROOT)}:{number}: {word!r}; use: {term}")
            count += 1
    if count:
        print(f"{count} words to avoid; packaging/vocabulary.py lists the terms to use instead.")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
