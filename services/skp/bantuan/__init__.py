"""Who helps, by name, and the guides."""
