"""`rnnstudio list` and `rnnstudio describe`: what there is, and what can be set."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from rnnstudio.cli.output import console, json_text, meaning, number, table, with_unit

if TYPE_CHECKING:
    from rich.table import Table

_LISTS = ("recipes", "datasets", "cells", "optimizers", "runs")
_KINDS = ("recipe", "dataset", "cell", "optimizer")


@click.command("list")
@click.argument("what", metavar="|".join(_LISTS))
@click.option("--json", "as_json", is_flag=True, help="As JSON, with everything there is to know.")
def list_(what: str, as_json: bool) -> None:
    """List recipes, data sets, cells, optimizers, or your saved runs."""
    _compute_nothing()
    from rnnstudio import api
    from rnnstudio.core.errors import UnknownNameError
    from rnnstudio.results.store import list_runs

    if what not in _LISTS:
        raise UnknownNameError("list", what, _LISTS)
    rows: list[dict[str, Any]]
    rows, problems = list_runs() if what == "runs" else (getattr(api, what)(), [])
    if as_json:
        click.echo(json_text(rows))
    elif what == "runs":
        console().print(_runs(rows) if rows else "No runs are saved yet. Train one: rnnstudio train airline")
        for problem in problems:
            click.echo(f"Left out: {problem}", err=True)
    elif what == "recipes":
        console().print(_recipes(rows))
    else:
        console().print(table(["name", "description"], [(row["name"], row["description"]) for row in rows]))


def _compute_nothing() -> None:
    """Spare NumPy the start of threads that a list has no use for: a fifth of the command's time."""
    if "numpy" not in sys.modules:
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def _recipes(rows: list[dict[str, Any]]) -> Table:
    works = {row["name"]: row["publication"] for row in rows}
    cells = [
        (
            row["name"],
            row["task"],
            row["dataset"],
            row["reached"] or ("" if row["model_of"] else "no number"),
            f"as {row['model_of']}" if row["publication"] == works.get(row["model_of"]) else row["publication"],
        )
        for row in rows
    ]
    return table(["name", "task", "data", "published", "work"], cells)


def _runs(rows: list[dict[str, Any]]) -> Table:
    cells = [
        (
            row["run"],
            row["created"][:16].replace("T", " "),
            f"{row['cell']} {row['units']}",
            row["outcome"],
            f"{row['seconds']:,.1f} s",
            _figure(row["metrics"]),
        )
        for row in rows
    ]
    return table(["run", "finished", "cell", "outcome", "time", "figure"], cells, right=["time"])


def _figure(metrics: dict[str, Any]) -> str:
    for name in ("test_accuracy", "test_rmse", "val_accuracy", "val_rmse", "train_accuracy", "train_loss"):
        if metrics.get(name) is not None:
            return f"{name} {number(metrics[name])}"
    return ""


@click.command(short_help="Say what one of them is, and what can be set.")
@click.argument("kind", metavar="|".join(_KINDS))
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def describe(kind: str, name: str, as_json: bool) -> None:
    """Say what a recipe, data set, cell or optimizer is, and what can be set."""
    _compute_nothing()
    from rnnstudio import api

    about = api.describe(kind, name)
    if as_json:
        click.echo(json_text(about))
        return
    out = console()
    out.print(f"{about['name']}: {about['title']}" if "title" in about else about["name"], style="bold")
    for line in (about.get("publication"), about.get("summary"), about.get("description")):
        if line:
            out.print(line)
    if kind == "recipe":
        out.print(f"Task: {about['task']}. Data set: {about['dataset']}. Cell: {about['cell']}.")
        for metric in dict.fromkeys(row["metric"] for row in about["published"]):
            points = [(row["update"], row["value"]) for row in about["published"] if row["metric"] == metric]
            told = ", ".join(f"{number(value)} at {update:,}" for update, value in points)
            out.print(f"Published {metric.replace('_', ' ')} by update: {told}.")
    if len(about.get("models", ())) > 1:
        out.print(f"Models of this work, each a recipe: {', '.join(about['models'])}")
    for remark in about.get("remarks", ()):
        out.print(f"Note: {remark}")
    if about["settings"]:
        out.print()
        out.print(table(["setting", "value", "meaning"], [_setting(row) for row in about["settings"]]))


def _setting(row: dict[str, Any]) -> tuple[str, str, str]:
    told = meaning(row["kind"], row["description"], row["allowed"])
    return row["name"], with_unit(row["default"], row["unit"]), told
