"""The door to the played story: the cast, the bar to enter as each role, the rehearsal."""
