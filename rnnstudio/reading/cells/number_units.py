"""Numbers with their unit or scale in the cell: 12 kWh, 7 ms, 1.2K, 3,4 Mio; and with marks such as * behind them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from rnnstudio.core.wording import enumeration
from rnnstudio.reading.cells.number_signs import CURRENCIES, LIMITS, RATIO_SIGNS
from rnnstudio.reading.cells.plain_numbers import any_of
from rnnstudio.reading.times.month_names import MONTH_NUMBERS

_SCALES = {
    "K": 1e3, "k": 1e3, "Tsd": 1e3, "Tsd.": 1e3, "tsd.": 1e3, "thousand": 1e3, "M": 1e6, "m": 1e6, "Mio": 1e6,
    "Mio.": 1e6, "mio": 1e6, "mio.": 1e6, "mn": 1e6, "Mn": 1e6, "mln": 1e6, "million": 1e6, "B": 1e9, "bn": 1e9,
    "Bn": 1e9, "Mrd": 1e9, "Mrd.": 1e9, "mrd": 1e9, "Md": 1e9, "lakh": 1e5, "crore": 1e7, "万": 1e4, "萬": 1e4,
    "億": 1e8, "亿": 1e8,
}  # fmt: skip
_ONLY_BESIDE_OTHERS = {"m", "B"}  # of scales: alone they are metres and bytes
_KNOWN = (
    "mm cm dm m km in ft mi nm um µm μm mg g kg t µg μg ug lb oz ms s us µs μs ns sec secs min mins h hr hrs hours "
    "hour days day Hz kHz MHz GHz V mV kV W mW kW MW GW Wh kWh MWh GWh mA kA J kJ MJ GJ cal kcal Pa hPa kPa MPa bar "
    "mbar psi atm N kN Nm L l ml mL dl °C °F ℃ ℉ ° deg rad K % ‰ ppm ppb dB dBm Ω kΩ F µF lx lm cd mol mmol mmol/L "
    "mg/dl mg/dL mg/L mg/l µg/m³ μg/m³ µg/m3 μg/m3 ug/m3 m² m2 m³ m3 km² km2 ha l/s m/s km/h kmh mph kn kt kts rpm bpm "
    "W/m² W/m2 mm/h kg/m³ kg/m3 g/m³ g/m3 B KB kB MB GB TB kbps Mbps Mbit/s kbit/s kWh/m² px pcs pc Stk Stück Std "
    "mmHg mAh Ah VA kVA cfs inHg µS/cm μS/cm mS/cm NTU pH"
)
_UNITS = set(_KNOWN.split())
_NO_UNITS = {"am", "pm", "uhr", "a.m.", "p.m.", "ad", "bc", "st", "nd", "rd", "th", "e2", "e3", *MONTH_NUMBERS}
_BLANK = r"[ \x{a0}\x{2009}\x{202f}]"
_CELL = (
    r"^(?P<n>[-+\x{2212}]?(?:[0-9][0-9.,'\x{2019} \x{a0}\x{2009}\x{202f}]*?|[.,][0-9]+)(?:[eE][-+]?[0-9]+)?)"
    rf"(?P<b>{_BLANK}?)(?P<u>|[%‰万萬億亿]|[°℃℉\p{{L}}][^ 0-9,;:=()]{{0,11}}[23]?)$"
)
_MARKS, _ROUGH = r"([0-9.,]) ?[*#†‡]+$", rf"^(?:[{LIMITS}]|ca\.)=? ?[-+]?[0-9.,]+ ?[^0-9]{{0,12}}$"
_SAMPLE, _MIN_LIKE = 100, 0.5  # cells at the beginning, and the share of them that must be numbers with a unit
_MAX_UNITS = 12


@dataclass(frozen=True)
class UnitTexts:
    """The cells of a column as numbers without their unit.

    Attributes:
        texts: The numbers (pyarrow); cells that are none stay.
        unit: What stands behind each; empty for none.
        belong: Whether each cell is a number with the unit.
        are_quantities: Whether all others are numbers too: with another unit, or as >5 and ~3.
        factors: What each number is multiplied by; None for 1.
        note: What is to be said; empty for nothing.
    """

    texts: Any
    unit: str
    belong: NDArray[np.bool_]
    are_quantities: bool
    factors: NDArray[np.float64] | None = None
    note: str = ""


def without_units(name: str, cells: Any, counts: NDArray[np.int64]) -> UnitTexts | None:
    """Return the numbers of a column whose cells have units, scales or marks behind them; None for other columns.

    One unit throughout is taken off. Scales such as K and M are multiplied out, beside which numbers without one may
    stand. Of several units that of most cells is taken, and the others do not belong to the numbers.

    Args:
        name: Name of the column.
        cells: Distinct text without missing cells (pyarrow), at least one.
        counts: How often each occurs.

    >>> found = without_units("energy", pa.array(["12 kWh", "13,5 kWh"]), np.ones(2, int))
    >>> found.texts.to_pylist(), found.unit
    (['12', '13,5'], 'kWh')
    >>> found = without_units("sales", pa.array(["1.2K", "3M", "950"]), np.ones(3, int))
    >>> found.factors.tolist(), found.note
    ([1000.0, 1000000.0, 1.0], "In column 'sales', K and M stand for 1,000 and 1,000,000.")
    """
    bare, currency = _without_currency(cells)
    is_marked = pc.match_substring_regex(bare, _MARKS)
    bare = pc.replace_substring_regex(bare, _MARKS, r"\1")
    is_rough = np.asarray(pc.match_substring_regex(cells, _ROUGH))
    sample = np.asarray(pc.match_substring_regex(bare.slice(0, _SAMPLE), _CELL))
    if (sample | is_rough[:_SAMPLE]).mean() < _MIN_LIKE:
        return None
    parts = pc.extract_regex(bare, _CELL)
    is_number = np.asarray(pc.is_valid(parts))
    encoded = pc.dictionary_encode(pc.fill_null(pc.struct_field(parts, "u"), ""))
    units, codes = [str(unit) for unit in encoded.dictionary.to_pylist()], encoded.indices.to_numpy()
    named = {unit for unit in units if unit}
    is_plain = not (named or is_rough.any() or any_of(is_marked))
    if is_plain or named & {*RATIO_SIGNS} or len(named) > _MAX_UNITS:
        return None
    follows = np.asarray(pc.equal(pc.fill_null(pc.struct_field(parts, "b"), ""), ""))
    has_unit = is_number & np.array([unit != "" for unit in units], bool)[codes]
    if not named and not any_of(is_marked):
        return UnitTexts(cells, "", ~is_rough, bool((is_number | is_rough).all()))
    texts = pc.if_else(pa.array(is_number), pc.struct_field(parts, "n"), cells)
    note = ""
    if any_of(is_marked):
        note = f"Marks behind numbers in column {name!r}, as in {cells.filter(is_marked)[0]}, are left out."
    is_attached = bool(follows[has_unit].all()) and bool(named)
    if _are_scales(named, is_attached):
        factors = np.array([_SCALES.get(unit, 1.0) for unit in units])[codes]
        values = enumeration([f"{_SCALES[unit]:,.0f}" for unit in sorted(named)])
        said = (
            f"In column {name!r}, {enumeration(sorted(named))} {'stands' if len(named) == 1 else 'stand'} for {values}."
        )
        are_quantities = bool((is_number | is_rough).all())
        return UnitTexts(texts, currency, is_number, are_quantities, factors, f"{said} {note}".strip())
    if currency or any(unit.lower() in _NO_UNITS for unit in named):
        return None
    are_known = np.array([unit in _UNITS or not unit for unit in units], bool)
    if not are_known.all() and (len(named) > 1 or is_attached or len(units) > 1):
        return None
    cells_of = np.bincount(codes, np.where(is_number, counts, 0), len(units))
    unit = int(cells_of.argmax())
    belong = is_number & (codes == unit)
    are_quantities = bool(((is_number & are_known[codes]) | is_rough).all())
    return UnitTexts(texts, units[unit], belong, are_quantities, None, note)


def _without_currency(cells: Any) -> tuple[Any, str]:
    """Return cells without the currency that all of them begin or end with, and its sign; empty where there is none."""
    first = str(cells[0])
    for sign in CURRENCIES:
        if first.startswith(sign) or first.endswith(sign):
            escaped = sign.replace("$", r"\$").replace(".", r"\.")
            pattern = f"^{escaped} ?|{_BLANK}?{escaped}$"
            if pc.all(pc.match_substring_regex(cells, pattern)).as_py():
                return pc.replace_substring_regex(cells, pattern, ""), sign
    return cells, ""


def _are_scales(named: set[str], is_attached: bool) -> bool:
    """Return whether what stands behind numbers are scales: K with a blank in front is kelvin, m alone is metres."""
    if not named or not named <= set(_SCALES) or named <= _ONLY_BESIDE_OTHERS:
        return False
    return is_attached or named != {"K"}
