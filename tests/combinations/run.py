"""`make combinations`: train random combinations of settings, and recompute every number that a run reports.

    python -m tests.combinations.run --count 200 --seed 0
    python -m tests.combinations.run --only 17

Combinations that the program refuses are drawn again, and counted by their sentence. A number that differs, and an
error that is no sentence, are findings.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import traceback
from collections import Counter
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from rnnstudio.core.errors import RnnStudioError
from tests.combinations.sequences_case import SequencesCase
from tests.combinations.series_case import SeriesCase
from tests.without_xla import in_python


def drawn(number: int) -> Any:
    """Return the combination of a number: three of four are series, one is separate sequences."""
    return SequencesCase.drawn(number) if number % 4 == 3 else SeriesCase.drawn(number)


def kind_of(sentence: str) -> str:
    """Return a sentence without its numbers and names, so that equal ones can be counted."""
    sentence = re.sub(r"'[^']*'|\"[^\"]*\"|/\S+", "…", sentence)
    return re.sub(r"\d[\d.,]*", "#", sentence)[:160]


def check(number: int) -> tuple[str, str]:
    """Check a combination, and return what came of it: correct, refused or finding, and the sentence."""
    case = drawn(number)
    with tempfile.TemporaryDirectory() as folder:
        try:
            case.check(Path(folder))
        except RnnStudioError as error:
            is_late = any(f.name == "_check" for f in traceback.extract_tb(error.__traceback__))
            if not is_late:
                return "refused", str(error)
            return "finding", "".join(traceback.format_exception(error))
        except Exception as error:  # whatever it is, it is a finding
            return "finding", "".join(traceback.format_exception(error))
    return "correct", ""


def main() -> int:
    """Check combinations and print a table; return 1 after a finding."""
    parser = argparse.ArgumentParser(prog="make combinations", description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=200, help="number of combinations that are trained")
    parser.add_argument("--seed", type=int, default=0, help="number of the first one")
    parser.add_argument("--only", type=int, help="check one only, by its number")
    parser.add_argument("--compiled", action="store_true", help="compile each network, which takes some seconds each")
    options = parser.parse_args()
    outcomes, sentences, console = Counter[str](), Counter[str](), Console(width=200)
    number = options.seed if options.only is None else options.only
    with nullcontext() if options.compiled else in_python():
        while outcomes["correct"] + outcomes["finding"] < (options.count if options.only is None else 1):
            outcome, sentence = check(number)
            outcomes[outcome] += 1
            if outcome == "refused":
                sentences[kind_of(sentence)] += 1
            if outcome == "finding" or options.only is not None:
                console.print(f"== {number}: {outcome}\n{drawn(number).settings}\n{sentence}", markup=False)
            number += 1
            if options.only is not None:
                break
    table = Table("refused", "sentence")
    for sentence, count in sentences.most_common():
        table.add_row(str(count), sentence)
    console.print(table)
    console.print(f"{outcomes['correct']} correct, {outcomes['finding']} findings, {outcomes['refused']} refused")
    return 1 if outcomes["finding"] else 0


if __name__ == "__main__":
    sys.exit(main())
