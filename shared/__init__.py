"""What every service needs and nobody would argue about. No business rule, no service imported."""
