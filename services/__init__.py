"""The four services. None imports another; `services.installed` alone knows them all."""
