"""Corrections of a day's attendance: asked for by the employee, decided by atasan or the OPD's officer."""
