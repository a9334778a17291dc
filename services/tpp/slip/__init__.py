"""One's own TPP: months, slips explained, and what they wait for."""
