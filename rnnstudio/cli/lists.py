"""`rnnstudio list` and `rnnstudio describe`: what exists, and its settings."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from rnnstudio.cli.output import console, echo, json_text, number, print_table, setting_help, table, with_unit

if TYPE_CHECKING:
    from rich.table import Table

_LISTS = ("recipes", "datasets", "cells", "optimizers", "runs", "groups")
_METRICS = (
    *("test_accuracy", "test_rmse", "test_scaled_mse", "val_accuracy", "val_rmse", "val_scaled_mse"),
    *("train_accuracy", "train_loss"),
)  # the first one that a run has is shown
_Cells = tuple[list[str], list[tuple[str, ...]]]  # headings, and the cells of each row
_MAX_TEXT = 40  # letters of a name or note in a list
_KINDS = ("recipe", "dataset", "cell", "optimizer")


@click.command("list")
@click.argument("what", metavar="|".join(_LISTS))
@click.option("--json", "as_json", is_flag=True, help="As JSON, with all fields.")
def list_(what: str, as_json: bool) -> None:
    """List recipes, data sets, cells, optimizers, your saved runs, or groups of runs that differ by seed."""
    _limit_threads()
    from rnnstudio import api
    from rnnstudio.core.chosen_on_test import FOOTNOTE_OF_MANY
    from rnnstudio.core.errors import UnknownNameError

    if what not in _LISTS:
        raise UnknownNameError("list", what, _LISTS)
    rows: list[dict[str, Any]] = getattr(api, what)()
    if as_json:
        echo(json_text(rows))
    elif what in ("runs", "groups"):
        missing = (
            f"No {what} are saved yet. Train one: rnnstudio train airline{' --seeds 5' if what == 'groups' else ''}"
        )
        if rows:
            print_table(*(_runs if what == "runs" else _groups)(rows), right=["time"])
        else:
            console().print(missing)
        if any(row["chosen_on_test"] for row in rows):
            console().print(FOOTNOTE_OF_MANY)
    elif what == "recipes":
        console().print(_recipes(rows))
    else:
        console().print(table(["name", "description"], [(row["name"], row["description"]) for row in rows]))
    for row in rows:
        if problem := row.get("note_problem"):
            echo(f"Warning: {problem}", err=True)
        if problem := row.get("problem"):
            echo(f"{'Error' if row.get('outcome') == 'unreadable' else 'Warning'}: {problem}", err=True)
        for note in row["notes"] if row.get("damaged") else ():
            echo(f"Warning: {row['group']}: {note}", err=True)
    if any(row.get("outcome") == "unreadable" for row in rows):
        raise click.exceptions.Exit(1)


def _limit_threads() -> None:
    """Keep NumPy from starting threads, which would take a fifth of the command's time."""
    if "numpy" not in sys.modules:
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def _recipes(rows: list[dict[str, Any]]) -> Table:
    publications = {row["name"]: row["publication"] for row in rows}
    cells = [
        (
            row["name"],
            row["task"],
            row["dataset"],
            row["reached"] or ("" if row["model_of"] else "no metric"),
            f"as {row['model_of']}" if row["publication"] == publications.get(row["model_of"]) else row["publication"],
        )
        for row in rows
    ]
    return table(["name", "task", "data set", "published", "publication"], cells)


def _runs(rows: list[dict[str, Any]]) -> _Cells:
    cells: list[tuple[str, ...]] = [
        (
            row["run"],
            row["created"][:16].replace("T", " "),
            "" if row["problem"] else f"{row['cell']} {row['units']}",
            f"{row['outcome']}{', refit (not tested)' if row['refit'] else ''}",
            "" if row["problem"] else f"{row['seconds']:,.1f} s",
            _metric(row["metrics"], chosen=row["chosen_on_test"]),
        )
        for row in rows
    ]
    return _with_notes(["run", "created", "cell", "outcome", "time", "metric"], cells, rows)


def _with_notes(headings: list[str], cells: list[tuple[str, ...]], rows: list[dict[str, Any]]) -> _Cells:
    """Add columns of names and notes, where any row has one."""
    for field, index in (("note", len(headings)), ("name", 1)):
        if any(row[field] for row in rows):
            headings = [*headings[:index], field, *headings[index:]]
            texts = [row[field].split("\n", 1)[0] for row in rows]
            short = [text if len(text) <= _MAX_TEXT else f"{text[:_MAX_TEXT].rstrip()} …" for text in texts]
            cells = [(*own[:index], text, *own[index:]) for own, text in zip(cells, short, strict=True)]
    return headings, cells


def _groups(rows: list[dict[str, Any]]) -> _Cells:
    from rnnstudio.core.chosen_on_test import mark
    from rnnstudio.core.spread import main_metrics
    from rnnstudio.core.wording import metric_label
    from rnnstudio.results.group_store import count_of_all, missing_text

    cells: list[tuple[str, ...]] = []
    for row in rows:
        name = next(iter(main_metrics(list(row["spread"]))), "")
        spread = row["spread"].get(name, {})
        count, left_out = len(row["runs"]), missing_text(row)
        total = count_of_all(row)
        cells.append(
            (
                row["group"],
                row["created"][:16].replace("T", " "),
                f"{row['cell']} {row['units']}" if row["runs"] else "",
                "damaged" if row["problem"] else f"{count} of {total} ({left_out})" if left_out else f"{count}",
                f"{metric_label(name)}{mark(name, row['chosen_on_test'])} {number(spread['mean'])}" if name else "",
                number(spread.get("std")) if name else "",
            )
        )
    return _with_notes(["group", "created", "cell", "runs", "mean", "standard deviation"], cells, rows)


def _metric(metrics: dict[str, Any], *, chosen: bool) -> str:
    from rnnstudio.core.chosen_on_test import mark
    from rnnstudio.core.wording import metric_label

    for name in _METRICS:
        if metrics.get(name) is not None:
            return f"{metric_label(name)}{mark(name, chosen)} {number(metrics[name])}"
    return ""


@click.command(short_help="Describe one of them, and its settings.")
@click.argument("kind", metavar="|".join(_KINDS))
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def describe(kind: str, name: str, as_json: bool) -> None:
    """Describe a recipe, data set, cell or optimizer, and its settings."""
    _limit_threads()
    from rnnstudio import api

    description = api.describe(kind, name)
    if as_json:
        echo(json_text(description))
        return
    out = console()
    title = f"{description['name']}: {description['title']}" if "title" in description else description["name"]
    out.print(title, style="bold")
    for key in ("publication", "summary", "description"):
        if description.get(key):
            out.print(description[key])
    if kind == "recipe":
        for line in _recipe_lines(description):
            out.print(line)
    if description["settings"]:
        out.print()
        out.print(table(["setting", "value", "description"], [_setting(row) for row in description["settings"]]))


def _recipe_lines(recipe: dict[str, Any]) -> list[str]:
    """Return task, published values, models and remarks of a recipe, one sentence each."""
    from rnnstudio.core.wording import metric_label

    lines = [f"Task: {recipe['task']}. Data set: {recipe['dataset']}. Cell: {recipe['cell']}."]
    for metric in dict.fromkeys(row["metric"] for row in recipe["published"]):
        points = [(row["update"], row["value"]) for row in recipe["published"] if row["metric"] == metric]
        values = ", ".join(f"{number(value)} at {update:,}" for update, value in points)
        label = metric_label(metric)
        lines.append(f"Published {label[0].lower()}{label[1:]} by update: {values}.")
    lines += [
        f"Published {metric_label(r['metric'])} of {r['model']}{f' ({note})' if (note := r['note']) else ''}, "
        f"{', '.join(f'{name} {value}' for name, value in r['settings'].items())}: {number(r['value'])}. {r['source']}."
        for r in recipe["published_results"]
    ]
    if len(recipe["models"]) > 1:
        lines.append(f"Models of this publication, each a recipe: {', '.join(recipe['models'])}")
    return lines + [f"Note: {remark}" for remark in recipe["remarks"]]


def _setting(row: dict[str, Any]) -> tuple[str, str, str]:
    description = setting_help(row["kind"], row["description"], row["allowed"])
    return row["name"], with_unit(row["default"], row["unit"], row["when_empty"]), description
