"""The gateway before the services: one origin, TLS, limits."""
