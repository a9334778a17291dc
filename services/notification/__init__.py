"""notification: events become messages in an inbox and, where it helps, an e-mail."""
