"""The rooms, in the order in which a participant walks through them."""
