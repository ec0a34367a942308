"""The type of what a command module registers with."""

import argparse

type Nouns = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 (argparse names it no other way)
