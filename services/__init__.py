"""The four services. None imports another; `services.__main__` alone knows them all."""
