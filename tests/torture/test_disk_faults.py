"""No fault of the disk damages or loses a run: the short form of `make torture ARGS=disk_faults`."""

from __future__ import annotations

import pytest

from tests.torture.disk_faults import try_scenario
from tests.torture.failing_disk import KINDS


@pytest.mark.parametrize(
    ("name", "most"),
    [("save", 1), ("delete", 3), ("restore", 2), ("empty the trash", 2), ("list", 2), ("export .csv", 2)],
)
def test_a_fault_at_an_operation_damages_and_loses_nothing(name: str, most: int) -> None:
    result = try_scenario(name, list(KINDS), most=most)
    assert result.failures == []
    assert sum(result.counts.values()) - result.counts["not reached"] > 5
