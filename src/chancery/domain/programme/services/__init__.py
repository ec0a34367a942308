"""Load an edition file, change its values on a page, and settle the dates of an edition."""

from chancery.domain.programme.services.calling_off import call_off
from chancery.domain.programme.services.changing import (
    Change,
    ContradictionsNotAccepted,
    Draft,
    SettingIsGuarded,
    SettingsSeenBefore,
    SettingsUnchanged,
    change_rows,
    change_settings,
    draft_changes,
    draft_rows,
)
from chancery.domain.programme.services.loading import Loaded, OtherEditionHasTheNumber, SeriesMixed, load_edition
from chancery.domain.programme.services.proposing import ProposalOpen, decide_settings, propose_settings
from chancery.domain.programme.services.settling import DatesNotSettled, settle_dates

__all__ = [
    "Change",
    "ContradictionsNotAccepted",
    "DatesNotSettled",
    "Draft",
    "Loaded",
    "OtherEditionHasTheNumber",
    "ProposalOpen",
    "SeriesMixed",
    "SettingIsGuarded",
    "SettingsSeenBefore",
    "SettingsUnchanged",
    "call_off",
    "change_rows",
    "change_settings",
    "decide_settings",
    "draft_changes",
    "draft_rows",
    "load_edition",
    "propose_settings",
    "settle_dates",
]
