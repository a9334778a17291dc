"""What letters say of people from a day to a day: leave, official travel, sanctions, extra roles."""
