"""No fault of the disk damages or loses a run: the short form of `make torture ARGS=disk_faults`."""

from __future__ import annotations

import pytest

from tests.torture.disk_faults import KINDS, try_case


@pytest.mark.parametrize(("name", "every"), [("save", 250), ("delete", 3), ("restore", 3), ("list", 3)])
def test_a_fault_at_an_operation_damages_and_loses_nothing(name: str, every: int) -> None:
    result = try_case(name, list(KINDS), every=every)
    assert result.failures == []
    assert result.counts["failed"] > 5
