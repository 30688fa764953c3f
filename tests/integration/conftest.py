"""Fixtures of the integration tests."""

from tests.acceptance.fixtures import box, here, open_station

__all__ = ["box", "here", "open_station"]
