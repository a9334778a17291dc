"""The home page, and this service's card on it."""
