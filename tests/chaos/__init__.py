"""What must hold while things break: nothing lost, nothing doubled. `make chaos`."""
