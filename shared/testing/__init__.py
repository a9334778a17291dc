"""Harnesses for tests: recorded events into an inbox, in any order, any number of times."""

from shared.testing.feed import Feed, Recorded, feed, recorded, settle_barriers

__all__ = ["Feed", "Recorded", "feed", "recorded", "settle_barriers"]
