"""Objections to a line of a slip: made by the person, answered by somebody else; no answer changes money."""
