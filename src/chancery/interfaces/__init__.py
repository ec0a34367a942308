"""The doors, one a kind of person: they translate and never decide."""
