"""Python's cycle collector, set for processes that handle batches of hundreds of small objects."""

import gc


def calm_collector() -> None:
    """Look for cycles less often, and never again through what is there after starting.

    A batch of events makes thousands of objects that reference counting frees by itself; at the default
    threshold of 700 the collector walks through them, and through every imported module, again and again:
    more than half of the time of reading an event.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(25_000, 20, 20)
