"""The controls of reading: only those that can change how a file of the format is read."""

from __future__ import annotations

import pandas as pd
import pytest

from rnnstudio.gui.importing.controls import ReadingControls
from rnnstudio.reading.files import read_file
from tests.xls_writer import xls_bytes

FRAME = pd.DataFrame({"x": [1.5, 2.5, 3.25], "y": [2.5, 1.0, 4.0]})
OF_TEXT = ["separator", "encoding", "header"]


@pytest.mark.parametrize(
    ("name", "write", "shown"),
    [
        ("a.csv", lambda file: FRAME.to_csv(file, index=False), OF_TEXT),
        ("a.xlsx", lambda file: FRAME.to_excel(file, index=False), ["header"]),
        (
            "a.xls",
            lambda file: file.write_bytes(xls_bytes({"data": [[*FRAME], *FRAME.to_numpy().tolist()]})),
            ["header"],
        ),
        ("a.parquet", FRAME.to_parquet, []),
        ("a.arff", lambda file: file.write_text("@attribute x real\n@data\n1.5\n2.5\n"), ["encoding"]),
        ("a.tsf", lambda file: file.write_text("@data\n1.5,2.5,3\n"), ["encoding"]),
    ],
)
def test_controls_that_a_format_lacks_are_hidden(qtbot, tmp_path, name, write, shown):
    write(tmp_path / name)
    controls = ReadingControls()
    qtbot.addWidget(controls)
    controls.show_account(read_file(tmp_path / name).account, {}, None)
    assert [setting for setting in OF_TEXT if not controls.box(setting).isHidden()] == shown
