"""The rules of an application: what makes a part complete, what may be sent, taken back or joined."""
