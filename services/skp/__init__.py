"""skp: people and organisation, accounts, periods, SKP planning, realisasi and evidence."""
