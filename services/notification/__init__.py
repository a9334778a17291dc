"""notification: events become messages in an inbox and, where it helps, an e-mail."""

PREFIXES = ("/api/notifikasi", "/api/notification", "/notifikasi")
"""Of the paths it answers; whoever prepares a start reads them and imports no more of it."""
