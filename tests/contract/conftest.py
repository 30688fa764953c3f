"""Fixtures of the contract tests."""

from tests.acceptance.fixtures import box, here, open_station

__all__ = ["box", "here", "open_station"]
