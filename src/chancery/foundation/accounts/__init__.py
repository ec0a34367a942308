"""Knows who may sign in, who a person is, and which roles an account holds."""
