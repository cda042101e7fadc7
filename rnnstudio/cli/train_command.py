"""A command whose flags depend on what it trains: parsing and help."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import NoReturn

import click

from rnnstudio.cli.options import (
    SECTIONS,
    OldSettingOption,
    Preview,
    SettingOption,
    flag_names,
    flags_without_value,
    options_for,
    preview,
    setting_of_another,
)

_META_KEY = "rnnstudio.train"  # where click's context holds the flags of this training


class TrainCommand(click.Command):
    """A command that has a flag for every setting of the recipe, data set or file on its command line."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read what is to be trained, then the flags it has."""
        own = {flag for option in self.params if getattr(option, "is_flag", False) for flag in option.opts}
        request = preview(args, own | set(ctx.help_option_names) | flags_without_value())
        if request.start:
            ctx.meta[_META_KEY] = options_for(request)
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            self._explain(error, request, ctx)

    def _explain(self, error: click.NoSuchOption, request: Preview, ctx: click.Context) -> NoReturn:
        if not request.start:
            raise click.UsageError(missing_start(), ctx) from None
        known = [flag_names(option.field.name)[0] for option in _setting_options(ctx)]
        known += [name for option in self.params for name in option.opts]
        similar = get_close_matches(error.option_name.replace("_", "-"), known, n=2)
        sentence = setting_of_another(error.option_name, request) or (
            f"There is no flag {error.option_name}. "
            + (f"Did you mean {' or '.join(similar)}?" if similar else f"See rnnstudio train {request.start} --help.")
        )
        raise click.UsageError(sentence, ctx) from None

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Return the flags of every training, and those of this one."""
        return [*super().get_params(ctx), *ctx.meta.get(_META_KEY, [])]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the flags by section; the recipes where none is named."""
        options = _setting_options(ctx)
        if not options:
            _write_recipes(formatter)
        for section, title in SECTIONS.items():
            records = [option.get_help_record(ctx) for option in options if option.field.section == section]
            if records:
                with formatter.section(title):
                    formatter.write_dl(records)
        with formatter.section("Run"):
            formatter.write_dl(_records([*self.params, self.get_help_option(ctx)], ctx))


def missing_start() -> str:
    """Return the message for a command line that names nothing to train."""
    from rnnstudio.core.catalog import sorted_recipes

    names = ", ".join(recipe.name for recipe in sorted_recipes() if not recipe.model_of)
    return f"Name what to train: a recipe ({names}), a data set, or a file such as data.csv."


def _setting_options(ctx: click.Context) -> list[SettingOption]:
    return [option for option in ctx.meta.get(_META_KEY, []) if not isinstance(option, OldSettingOption)]


def _records(options: Sequence[click.Parameter | None], ctx: click.Context) -> list[tuple[str, str]]:
    return [
        record
        for option in options
        if isinstance(option, click.Option) and (record := option.get_help_record(ctx)) is not None
    ]


def _write_recipes(formatter: click.HelpFormatter) -> None:
    from rnnstudio.api import datasets, recipes

    with formatter.section("Recipes"):
        formatter.write_dl([(recipe["name"], recipe["summary"]) for recipe in recipes()])
    with formatter.section("Data sets"):
        formatter.write_dl([(d["name"], d["description"]) for d in datasets() if d["name"] != "arrays"])
    formatter.write_paragraph()
    formatter.write_text("rnnstudio train airline --help shows all settings of a recipe with their allowed values.")
