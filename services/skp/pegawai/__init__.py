"""People and organisation over time: who holds which jabatan, where, under whom."""
