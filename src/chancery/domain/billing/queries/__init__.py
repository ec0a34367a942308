"""Read what is owed, what came in and what a place would cost."""
