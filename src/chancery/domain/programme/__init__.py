"""Knows the programme and its editions as data, the terms by which a person takes part, and their dates."""
