"""The door for applicants and participants: my application, my place."""
