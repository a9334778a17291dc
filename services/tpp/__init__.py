"""tpp: predikat, attendance and policy become rupiah, approved, paid and corrected."""

PREFIXES = ("/api/tpp", "/tpp")
"""Of the paths it answers; whoever prepares a start reads them and imports no more of it."""
