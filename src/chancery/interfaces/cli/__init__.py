"""The command line: a contract others rely on."""
