"""The product in containers, each with its own files of secrets and no rights beyond its work."""
