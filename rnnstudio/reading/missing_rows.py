"""Rows that the clock of a series lacks: they become rows without values, which the rule for missing values fills."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rnnstudio.reading.clock import lacking_stamps
from rnnstudio.reading.table import Table


def with_missing_rows(table: Table) -> Table:
    """Return a table with a row for each time that its regular clock lacks; the same table where none is missing.

    The new rows have no values. Messages name the row before them, such as "after row 53".

    >>> import pandas as pd
    >>> from rnnstudio.reading.value_columns import frame_table
    >>> days = pd.to_datetime(["2024-01-01", "2024-01-02", "2024-01-03", "2024-01-05"])
    >>> with_missing_rows(frame_table("x", pd.DataFrame({"day": days, "a": [1.0, 2, 3, 5]}))).cells["a"].tolist()
    [1.0, 2.0, 3.0, nan, 5.0]
    """
    import pandas as pd
    import pyarrow as pa

    time = table.account.time if table.account else None
    if table.times is None or time is None or not time.missing_rows or not time.frequency:
        return table
    lacking = lacking_stamps(table.times, time.frequency)
    times = np.concatenate([table.times, lacking])
    order = np.argsort(times, kind="stable")
    is_new = order >= len(table.times)
    rows = np.where(is_new, -1, order)
    columns = {name: table.cells[name].reindex(rows).reset_index(drop=True) for name in table.columns}
    cells = pd.DataFrame(columns, copy=False)  # else pandas copies all columns of text once more
    before = np.maximum.accumulate(rows)
    numbers = [
        f"after row {table.row_numbers[int(row)]}" if new else table.row_numbers[int(row)]
        for row, new in zip(before, is_new, strict=True)
    ]
    place = np.flatnonzero(~is_new)
    unread = {name: {int(place[i]): text for i, text in marked.items()} for name, marked in table.unread.items()}
    written = {name: texts.take(pa.array(order, mask=is_new)) for name, texts in table.written.items()}
    return replace(
        table, cells=cells, row_numbers=numbers, times=times[order], added_rows=is_new, unread=unread, written=written
    )
