"""The door for other systems: what a machine hands over to us, or asks of us."""
