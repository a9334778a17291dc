"""What was done for an RHK: the hot path, through the group commit."""
