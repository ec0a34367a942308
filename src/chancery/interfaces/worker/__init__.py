"""Background tasks and their schedule: they sweep rows that services wrote."""
