"""The sequences of a .ts file without classes as series below each other, which can be forecast."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from rnnstudio.core.account import Account
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.reading.formats.ts_file import read_ts
from rnnstudio.reading.table import Table

SERIES = "series"


def read_ts_series(path: str | Path, options: ReadOptions | None = None) -> Table:
    r"""Return the series of a .ts file without classes: columns `time` where it has dates, `series`, and the values.

    Args:
        path: The file.
        options: How it is read.

    Raises:
        DataError: The file is damaged, or a line differs from the declaration.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "two.ts")
    ...     _ = file.write_text("@classLabel false\n@data\n1,2,3\n4,5,6,7\n")
    ...     table = read_ts_series(file)
    >>> table.columns, table.account.series, table.texts("series").tolist()
    (['series', 'value'], 'series', ['1', '1', '1', '2', '2', '2', '2'])
    """
    import pandas as pd

    from rnnstudio.reading.table_of_columns import table_of_columns
    from rnnstudio.reading.value_columns import name_column, value_column

    options = options or ReadOptions()
    file = read_ts(path, with_classes=False)
    lengths = [len(sequence) for sequence in file.sequences]
    values = np.concatenate(file.sequences)
    columns = {}
    if file.stamps and all(stamps.dtype.kind == "M" for stamps in file.stamps):
        columns["time"] = value_column("time", pd.Series(np.concatenate(list(file.stamps))), options)
    is_several = len(lengths) > 1
    if is_several:
        names = pd.Series(np.repeat([str(i) for i in range(1, len(lengths) + 1)], lengths), dtype=object)
        columns[SERIES] = name_column(SERIES, names, options)
    widths = range(values.shape[1])
    for j in widths:
        name = "value" if len(widths) == 1 else f"dimension{j + 1}"
        columns[name] = value_column(name, pd.Series(values[:, j]), options)
    about = Account(Path(path).name, ".ts without classes", 0, (), header=(1,))
    if is_several and not options.series:
        options = replace(options, series=SERIES)
    table = table_of_columns(columns, np.repeat(file.lines, lengths).tolist(), options, about, ())
    assert table.account is not None
    return replace(table, account=replace(table.account, header=()))
