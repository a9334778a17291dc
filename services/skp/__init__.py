"""skp: people and organisation, accounts, periods, SKP planning, realisasi and evidence."""

PREFIXES = (
    *("/api/skp", "/.well-known", "/skp", "/", "/masuk", "/keluar", "/aktivasi", "/tampilan"),
    *("/sw.js", "/luring", "/bantuan", "/panduan"),
)
"""Of the paths it answers; whoever prepares a start reads them and imports no more of it."""
