"""How far each OPD is in a month, and who is waited for."""
