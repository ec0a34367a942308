"""The door for visitors: programme, fees, conditions and the way to apply."""
