"""skp is where facts begin: it hears nobody."""

from typing import Any

from shared.inbox import Barrier, Subscription

SUBSCRIPTIONS: tuple[Subscription[Any], ...] = ()
BARRIERS: tuple[Barrier[Any], ...] = ()
