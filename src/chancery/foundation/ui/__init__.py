"""Holds the look: layouts, components, theme, fonts, and the gallery at /ui/ that shows them in every state.

Layouts in ``templates/ui/``: ``base.html`` (blocks title, head, bar, nav, before, errors, heading, h1, content, footer;
``{% block robots %}`` is noindex unless emptied), ``page.html`` for signed-in pages (adds messages and ``back``),
``office.html`` (adds the desks). The context of a page says: ``bar`` (frame.Bar), ``language_links``, ``account``,
``nav``, ``back`` (frame.Link), ``form`` (its errors make the title start with "Error:" and fill the box above the h1).

Components are includes with the parameters named in their first line, and the tags and filters of
``templatetags/ui.py``; their values are the dataclasses of ``parts.py``:

    {% include "ui/journey.html" with steps=steps %}            parts.Step
    {% include "ui/part_list.html" with parts=parts %}          parts.Part
    {% include "ui/check_list.html" with answers=answers %}     parts.Answer
    {% include "ui/quote_lines.html" with caption=... lines=... total_minor=... currency=... looked_at=... %}
    {% include "ui/evidence_list.html" with evidence=... %}     parts.Evidence
    {% include "ui/due_list.html" with items=... %}             parts.DueItem
    {% include "ui/ledger.html" with caption=... lines=... balance_label=... balance_minor=... currency=... %}
    {% include "ui/figure_bars.html" with caption=... head_label=... head_value=... bars=... sentence=... %}
    {% include "ui/figure_pairs.html" with title=... head_first=... head_second=... pairs=... %}
    {% include "ui/filter_form.html" with form=... results="results" clear_href=... %}
    {% include "ui/kept_views.html" with kept=... %}            parts.KeptViews, inside the results
    {% include "ui/pagination.html" with page=... %}            parts.PageLinks
    {% include "ui/empty.html" with sentence=... action_label=... action_href=... %}
    {% include "ui/name_notice.html" with name=... act_href=... act_label=... %}    fonts.PrintableName
    {% include "ui/copy_lines.html" with lines=... %}           parts.Answer
    {% now_card who=... by=... tone="yours" label=... heading=... %} ... {% endnow_card %}
    {% verdict tone="done" heading=... %} ... {% endverdict %}
    {% refused heading=... %} ... {% endrefused %}              with status 409
    {{ form.field.as_field_group }}, {% error_summary form other %}, {% form_token %}
    <div class="pair">: fact, then act. <table class="records stack">: stacks on a phone by data-label.
    <fieldset class="marks">: a grid of big radio tiles. <div class="acts">: the row of buttons.
    class "btn btn-primary" once a page, "btn btn-outline" else. class "sheet": a warm side sheet.
"""
