"""assessment: ratings, the predikat they give, and the final result of each month."""
