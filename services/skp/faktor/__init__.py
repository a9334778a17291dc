"""The second factor of an account: an authenticator's codes, and recovery codes for a lost device."""
