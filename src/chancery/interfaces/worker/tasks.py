"""The background task: one sweep by name, through Django's task API."""

from django.tasks import task

from chancery.interfaces.worker.sweeps import SWEEPS


@task()
def run_sweep(name: str) -> int:
    """Run one sweep; running it twice changes nothing more."""
    (sweep,) = [sweep for sweep in SWEEPS if sweep.name == name]
    return sweep.run()
