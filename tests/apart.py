"""Processes beside the test process, for validators whose machines do not always end in peace."""

from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context


@cache
def process_for(validator: str) -> ProcessPoolExecutor:
    """Return the one process of a validator, started with its first work: two of them would not share one.

    A virtual machine that crashes while it shuts down then takes no passed test with it.
    """
    return ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn"))
