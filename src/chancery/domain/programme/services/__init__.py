"""Load an edition file, and settle the dates of an edition."""

from chancery.domain.programme.services.loading import Loaded, OtherEditionHasTheNumber, load_edition
from chancery.domain.programme.services.settling import DatesNotSettled, settle_dates

__all__ = ["DatesNotSettled", "Loaded", "OtherEditionHasTheNumber", "load_edition", "settle_dates"]
