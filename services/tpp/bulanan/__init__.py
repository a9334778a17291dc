"""Facts of a person's month that come as one number: activity, and income tax computed elsewhere."""
