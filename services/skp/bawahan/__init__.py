"""The plans of one's people: who waits for what, and deciding about them."""
