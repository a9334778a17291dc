"""The inbox: every event is applied once, in the transaction of its effect, whatever Kafka repeats."""

from shared.inbox.copy import Copy
from shared.inbox.subscription import Barrier, Received, Subscription, Unacceptable, newest, on

__all__ = ["Barrier", "Copy", "Received", "Subscription", "Unacceptable", "newest", "on"]
