"""The command line: a contract others rely on (docs/operate/commands.md).

Each module holds one noun: ``register(nouns)`` adds its commands, each command is a function that takes the parsed
arguments and returns the exit code (0 answered or done, 1 refused, 2 wrong usage).
"""
