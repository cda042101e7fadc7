"""Which columns are called like names of series, and which like parts of a clock or counters, which are none."""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

from rnnstudio.reading.cells.column import Column

_PARTS = re.compile(r"[\W_\d]+|(?<=[a-z])(?=[A-Z])")
_NAMES = re.compile(
    r"ids?|sensor|device|machine|unit|engine|motor|pump|station|site|plant|meter|household|shop|store|outlet|branch|"
    r"warehouse|dept|department|item|product|article|sku|customer|client|user|member|patient|subject|person|participant|"
    r"animal|symbol|ticker|asset|country|city|region|location|place|room|building|vehicle|run|trial|experiment|batch|"
    r"well|channel|tag|var|variable|varname|parameter|series|"
    r"maschine|anlage|gerät|geraet|zähler|messstelle|filiale|laden|markt|kunde|artikel|produkt|proband|land|stadt|ort|"
    r"raum|gebäude|fahrzeug|versuch|magasin|capteur|appareil|pays|ville|produit|tienda|cliente|país|pais|ciudad|"
    r"producto|máquina|maquina|loja|cidade|negozio|prodotto|città|winkel|klant"
)
_WITH_NAMES = re.compile(r"id|ids|nr|no|nbr|num|number|nummer|code|key|name|type")
_LONG_NAMES = re.compile(
    r"type|kind|metric|measure|measurement|quantity|indicator|attribute|name|field|signal|feature|item|typ|art|größe|"
    r"kennzahl|merkmal|grandeur|mesure|tipo|indicador|medida"
)
_VALUE_NAMES = re.compile(r"values?|wert|werte|messwert|valeurs?|valor|valores|valore|reading|readings")
_OF_CLOCK = re.compile(
    r"times?|clock|hours?|hr|hrs|h|hh|hhmm|hhmmss|min|mins|minutes?|secs?|seconds?|months?|mth|mm|weekdays?|dow|doy|"
    r"days?|dd|weeks?|wk|quarters?|qtr|q|years?|yr|yyyy|seasons?|periods?|intervals?|slots?|"
    r"zeit|uhrzeit|uhr|kl|klokke|stunden?|std|minuten?|sekunden?|monate?|mon|wochentag|woche|kw|tage?|quartal|jahre?|"
    r"heures?|mois|jours?|semaines?|trimestres?|année|annee|ans?|horas?|minutos?|mes|meses|mês|días?|dias?|semanas?|"
    r"años?|anos?|ora|ore|mese|giorno|anno|uur|tijd|maand|dag|jaar|tid|time|måned|år"
)
_COUNTERS = re.compile(
    r"steps?|t|frames?|index|idx|cycles?|ticks?|samples?|rows?|pos|position|order|nr|no|number|i|n|seq|sequence|rank|"
    r"schritt|pas|lfd|line"
)
_CLOCK = r"[0-9]{1,2}(?:[.:][0-9]{2}){1,2}"
_CLOCK_TEXT = rf"^\s*{_CLOCK}(?:\s*(?:[-–]|to|bis)\s*{_CLOCK})?\s*$"


def names_series(name: str) -> bool:
    """Return whether a column is called like what there are series of.

    >>> [names_series(name) for name in ("store_id", "VarName", "Maschine", "customers", "unit_price")]
    [True, True, True, False, False]
    """
    parts = _parts(name)
    return any(map(_NAMES.fullmatch, parts)) and all(_NAMES.fullmatch(p) or _WITH_NAMES.fullmatch(p) for p in parts)


def names_quantities(name: str) -> bool:
    """Return whether a column is called like one that says what the numbers in a column of values are.

    >>> names_quantities("type"), names_quantities("quality")
    (True, False)
    """
    return any(map(_LONG_NAMES.fullmatch, _parts(name)))


def names_values(name: str) -> bool:
    """Return whether a column is called like one that holds the values of several quantities.

    >>> names_values("VarValue"), names_values("sales")
    (True, False)
    """
    return any(map(_VALUE_NAMES.fullmatch, _parts(name)))


def names_counter(name: str) -> bool:
    """Return whether a column is called like one that counts rows.

    >>> names_counter("step"), names_counter("nr"), names_counter("store nr")
    (True, True, False)
    """
    parts = _parts(name)
    return bool(parts) and all(map(_COUNTERS.fullmatch, parts))


def is_part_of_clock(name: str, column: Column) -> bool:
    """Return whether a column holds parts of dates or times, such as the hour, by its name or its text.

    Args:
        name: Its name.
        column: Its cells.
    """
    if any(map(_OF_CLOCK.fullmatch, _parts(name))) and not names_series(name):
        return True
    if column.account.kind != "text":
        return False
    texts = pa.array({text for text in column.values if text is not None}, pa.string())
    return bool(pc.all(pc.match_substring_regex(texts, _CLOCK_TEXT), min_count=1).as_py())


def _parts(name: str) -> list[str]:
    return [part.lower() for part in _PARTS.split(name) if part]
