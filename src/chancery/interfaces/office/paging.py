"""The ways from one page of a long list to its neighbours."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from chancery.foundation.ui.parts import PageLinks


def page_links(request: HttpRequest, number: int, last: int) -> PageLinks:
    """Return the ways to the pages before and after page ``number`` of ``last``, the filters of the list kept."""

    def href(to: int) -> str:
        query = request.GET.copy()
        query["page"] = str(to)
        return f"?{query.urlencode()}"

    return PageLinks(
        position=_("page %(number)s of %(last)s") % {"number": number, "last": last},
        previous_href=href(number - 1) if number > 1 else "",
        next_href=href(number + 1) if number < last else "",
    )
