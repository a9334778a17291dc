"""The month: opened, submissions closed, closed with its manifest, reopened."""
