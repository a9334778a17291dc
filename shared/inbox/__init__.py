"""The inbox: every event is applied once, in the transaction of its effect, whatever Kafka repeats."""

from shared.inbox.subscription import Barrier, Received, Subscription, Unacceptable, newest, on

__all__ = ["Barrier", "Received", "Subscription", "Unacceptable", "newest", "on"]
