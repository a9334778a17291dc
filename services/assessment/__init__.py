"""assessment: ratings, the predikat they give, and the final result of each month."""

PREFIXES = ("/api/penilaian", "/api/assessment", "/penilaian")
"""Of the paths it answers; whoever prepares a start reads them and imports no more of it."""
