"""The inbox: every event is applied once, in the transaction of its effect, whatever Kafka repeats."""

from shared.inbox.subscription import Barrier, Received, Subscription, on

__all__ = ["Barrier", "Received", "Subscription", "on"]
