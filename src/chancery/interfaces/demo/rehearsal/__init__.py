"""The rehearsal: an edition run through the real code with invented people, and the proof that its counts add up."""

import random
import time
from collections.abc import Callable

from chancery.interfaces.demo import acts
from chancery.interfaces.demo.rehearsal import desk, leaving, money
from chancery.interfaces.demo.rehearsal.findings import check_everything, check_money, count_everything
from chancery.interfaces.demo.rehearsal.kills import Act, Child, kill_at_random
from chancery.interfaces.demo.rehearsal.people import draw_guests
from chancery.interfaces.demo.rehearsal.stage import Check, Report, Stage, Step

__all__ = ["Check", "Report", "rehearse"]

type Scene = Callable[[Stage], None]

SCENES: tuple[tuple[str, Scene], ...] = (
    ("the office opens", desk.open_the_office),
    ("people apply", desk.let_people_apply),
    ("some withdraw", desk.let_some_withdraw),
    ("two assessors read each file", desk.judge),
    ("the office asks, people answer", desk.talk),
    ("whoever was silent is called", desk.call_the_silent),
    ("decisions are drafted", desk.draft_decisions),
    ("the first batch is released", desk.release_first),
    ("the second batch is released", desk.release_second),
    ("fees that an officer decides", money.decide_fees),
    ("payers who were not known", money.name_payers),
    ("the first statement", money.take_in_first),
    ("the second statement overlaps it", money.take_in_second),
    ("the first statement again", money.take_in_first_again),
    ("what a person has to book", money.book_by_hand),
    ("some cannot come", leaving.hear_of_leaving),
    ("the office accepts", leaving.accept_notices),
    ("money goes back", leaving.pay_back),
)


def rehearse(
    *,
    people: int,
    seed: int,
    sweep: Callable[[], None],
    tell: Callable[[str], None] = lambda title: None,
    kills: int = 0,
    fork: Callable[[Act], Child] | None = None,
) -> Report:
    """Run the slice in the database at hand, which has to be empty, and return counts and what they prove.

    ``sweep`` does what the worker does, after every scene; ``tell`` is told which scene begins. With ``kills`` imports
    and refunds are killed at that many random moments, in children that ``fork`` starts.
    """
    acts.account.cache_clear()
    dice = random.Random(seed)  # noqa: S311 (a play, no secret)
    stage = Stage(guests=draw_guests(people, dice), dice=dice)
    steps = []
    for title, scene in SCENES:
        tell(title)
        started = time.perf_counter()
        scene(stage)
        stage.sweep_at_last_instant(sweep)
        steps.append(Step(title, time.perf_counter() - started))
    counts = count_everything(stage)
    checks = check_everything(stage, counts)
    if kills and fork:
        started = time.perf_counter()
        checks += kill_at_random(stage, points=kills, fork=fork)
        stage.sweep_at_last_instant(sweep)
        checks += check_money(stage)
        steps.append(Step(f"{kills} kills in imports and refunds", time.perf_counter() - started))
    return Report(people, seed, counts, checks, steps)
