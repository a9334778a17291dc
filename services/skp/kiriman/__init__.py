"""What waits on a device to be sent."""
