import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.factories.accounts import make_officer, make_user
from tests.factories.applying import GOOD_ANSWERS, NOW, actor_of, fill, send, start_draft
from tests.factories.programme import make_edition

from chancery.domain.admissions.models import Application
from chancery.domain.admissions.services.talking import write_note
from chancery.domain.admissions.states import ApplicationState
from chancery.foundation.audit.actors import user_actor
from chancery.foundation.mail.models import OutgoingMail
from chancery.journey import correspond, supplement

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def _during_the_call():
    with time_machine.travel(datetime(2024, 10, 7, 8, 0, tzinfo=UTC), tick=False):
        yield


@pytest.fixture(autouse=True)
def _files_of_the_test(settings, tmp_path):
    settings.FILES_ROOT = tmp_path


def signed_in_as(application) -> Client:
    client = Client()
    client.force_login(application.person.user)
    return client


def page(name, application, *args):
    return reverse(name, args=[application.reference, *args])


def as_posted(texts):
    """Spread multiple choices over several values, as a browser sends them."""
    return {key: value.split("\n") if "\n" in value else value for key, value in texts.items()}


class TestStarting:
    def test_the_file_opens_with_one_post_and_stays_one(self):
        edition, user = make_edition(), make_user()
        client = Client()
        client.force_login(user)
        address = reverse("start-application", args=[edition.slug])

        first = client.post(address)
        second = client.post(address)

        application = Application.objects.get(person__user=user)
        assert first.url == second.url == page("see-application", application)

    def test_a_visitor_is_led_to_the_sign_in_page_and_back(self):
        address = reverse("start-application", args=[make_edition().slug])

        answer = Client().get(address)

        assert answer.status_code == 302
        assert answer.url.endswith(f"next={address}")

    def test_too_many_starts_from_one_place_are_told_to_wait(self, settings):
        settings.APPLY_RATE = "1/3600"
        edition, client = make_edition(), Client()
        client.force_login(make_user())
        address = reverse("start-application", args=[edition.slug])
        client.post(address)

        answer = client.post(address)

        assert answer.status_code == 429

    def test_a_closed_call_starts_nothing(self):
        edition, client = make_edition(), Client()

        with time_machine.travel(datetime(2024, 10, 26, 9, 0, tzinfo=UTC), tick=False):
            client.force_login(make_user())
            answer = client.post(reverse("start-application", args=[edition.slug]))

        assert answer.status_code == 409
        assert "The call closed on Fri 25 Oct 2024, 23:59:59" in answer.content.decode()
        assert not Application.objects.exists()


class TestMyFiles:
    def test_one_file_opens_at_once(self):
        application = start_draft()

        answer = signed_in_as(application).get(reverse("my-files"))

        assert answer.url == page("see-application", application)

    def test_somebody_without_a_file_is_shown_where_to_start(self):
        client = Client()
        client.force_login(make_user())

        assert "You have not started an application yet." in client.get(reverse("my-files")).content.decode()

    @pytest.mark.parametrize("files", [2, 4])
    def test_the_list_takes_the_same_few_queries_however_long(self, files, django_assert_max_num_queries):
        first = start_draft()
        for _ in range(files - 1):
            start_draft(user=first.person.user)
        client = signed_in_as(first)

        with django_assert_max_num_queries(5):
            answer = client.get(reverse("my-files"))

        assert answer.content.decode().count("Start your application") == files

    def test_the_list_says_finish_only_of_what_is_begun(self):
        begun = fill(start_draft(), problem={"problem": ""})
        fresh = start_draft(user=begun.person.user)

        words = signed_in_as(begun).get(reverse("my-files")).content.decode()

        badges = re.findall(r"(\w+) your application</span>", words)
        assert dict(zip(re.findall(r"small\">([^<]+)</span>", words), badges, strict=True)) == {
            begun.reference: "Finish",
            fresh.reference: "Start",
        }


class TestTaskList:
    def test_it_counts_the_parts_and_leads_to_the_first_open_one(self):
        application = fill(start_draft(), problem={"problem": ""})

        words = signed_in_as(application).get(page("see-application", application)).content.decode()

        assert "Your application: 7 of 8 parts completed" in words
        assert f'<a class="btn btn-primary" href="{page("edit-part", application, "problem")}">Go on' in words

    @pytest.mark.parametrize(("fill_it", "badge"), [(lambda draft: draft, "Start"), (fill, "Finish")])
    def test_it_says_finish_only_where_something_is_begun(self, fill_it, badge):
        application = fill_it(start_draft())

        words = signed_in_as(application).get(page("see-application", application)).content.decode()

        assert re.findall(r"(\w+) your application</span>", words) == [badge]

    def test_somebody_elses_file_is_not_there(self):
        application = start_draft()
        stranger = Client()
        stranger.force_login(make_user())

        assert stranger.get(page("see-application", application)).status_code == 404

    @pytest.mark.parametrize("name", ["see-application", "check-application"])
    def test_pages_of_a_full_draft_stay_within_their_queries(self, name, django_assert_max_num_queries):
        application = fill(start_draft())
        client = signed_in_as(application)
        client.get(page(name, application))

        with django_assert_max_num_queries(12 if name == "check-application" else 6):
            client.get(page(name, application))


class TestPart:
    def test_every_part_shows_what_was_typed(self):
        application = fill(start_draft())
        client = signed_in_as(application)

        for part in GOOD_ANSWERS:
            answer = client.get(page("edit-part", application, part))
            assert answer.status_code == 200, part

        assert "Asha Elephanta" in client.get(page("edit-part", application, "you")).content.decode()

    def test_going_on_leads_to_the_next_open_part(self):
        application = start_draft()

        answer = signed_in_as(application).post(page("edit-part", application, "you"), GOOD_ANSWERS["you"])

        assert answer.url == page("edit-part", application, "work")

    def test_a_wrong_answer_comes_back_with_its_words_and_is_kept(self):
        application = start_draft()

        answer = signed_in_as(application).post(
            page("edit-part", application, "work"), {**GOOD_ANSWERS["work"], "years": "about seven", "post": ""}
        )

        words = answer.content.decode()
        assert answer.status_code == 422
        assert "<title>Error: " in words
        assert "2 answers need another look" in words
        assert 'href="#id_years"' in words
        assert 'value="about seven"' in words
        assert application.answers.get(key="years").value == "about seven"

    def test_coming_back_later_asks_for_nothing(self):
        application = start_draft()

        answer = signed_in_as(application).post(
            page("edit-part", application, "problem"), {"problem": "", "use_at_home": "The mayor", "act": "later"}
        )

        assert answer.url == page("see-application", application)
        assert application.answers.get(key="use_at_home").value == "The mayor"

    def test_typing_is_saved_without_leaving_the_page(self):
        application = start_draft()

        answer = signed_in_as(application).post(
            page("edit-part", application, "problem"),
            {"problem": "Floods", "act": "autosave"},
            headers={"HX-Request": "true"},
        )

        assert "Saved 10:00" in answer.content.decode()
        assert application.answers.get(key="problem").value == "Floods"

    def test_changing_an_answer_from_the_check_page_leads_back_to_it(self):
        application = fill(start_draft())

        answer = signed_in_as(application).post(
            f"{page('edit-part', application, 'you')}?then=check", GOOD_ANSWERS["you"]
        )

        assert answer.url == page("check-application", application)

    def test_a_name_in_another_script_asks_for_its_latin_form(self):
        application = start_draft()

        answer = signed_in_as(application).post(page("edit-part", application, "you"), {"name": "يسمين الشهيلي"})

        assert answer.status_code == 422
        assert "write it in Latin letters too" in answer.content.decode()

    def test_a_part_that_is_not_asked_is_not_there(self):
        application = start_draft()

        assert signed_in_as(application).get(page("edit-part", application, "shoe-size")).status_code == 404

    def test_an_automatic_save_takes_few_queries(self, django_assert_max_num_queries):
        application = fill(start_draft())
        client = signed_in_as(application)

        with django_assert_max_num_queries(16):
            client.post(page("edit-part", application, "problem"), {"problem": "Floods", "act": "autosave"})

    def test_after_sending_it_can_only_be_read(self):
        application = send(fill(start_draft()))
        client = signed_in_as(application)

        shown = client.get(page("edit-part", application, "you"))
        refused = client.post(page("edit-part", application, "you"), {"name": "Somebody Else"})

        assert shown.url == page("see-application", application)
        assert refused.status_code == 409
        assert "This application was sent already" in refused.content.decode()


class TestFiles:
    def upload(self, application, content=PDF, name="letter.pdf", **more):
        return signed_in_as(application).post(
            page("edit-part", application, "work"),
            {**GOOD_ANSWERS["work"], "endorsement": SimpleUploadedFile(name, content), **more},
        )

    def test_a_letter_is_kept_and_only_its_owner_gets_it_back(self):
        application = start_draft()

        self.upload(application)

        address = page("download-answer", application, "endorsement")
        answer = signed_in_as(application).get(address)
        stranger = Client()
        stranger.force_login(make_user())
        assert answer.content == PDF
        assert answer["Content-Disposition"] == 'attachment; filename="letter.pdf"'
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert stranger.get(address).status_code == 404

    def test_a_file_of_another_kind_is_refused_and_the_answers_are_kept(self):
        application = start_draft()

        answer = self.upload(application, content=b"MZ\x90\x00", name="letter.pdf")

        assert answer.status_code == 422
        assert "This is no PDF, JPEG or PNG file" in answer.content.decode()
        assert application.answers.get(key="post").value == "International officer"
        assert not application.answers.filter(key="endorsement", file__isnull=False).exists()

    def test_a_letter_can_be_removed(self):
        application = start_draft()
        self.upload(application)

        signed_in_as(application).post(
            page("edit-part", application, "work"), {**GOOD_ANSWERS["work"], "endorsement.remove": "on"}
        )

        assert application.answers.get(key="endorsement").file is None


class TestCheckAndSend:
    def test_it_shows_the_answers_the_fee_and_the_deadline(self):
        application = fill(start_draft())

        words = signed_in_as(application).get(page("check-application", application)).content.decode()

        assert "Nothing has been sent yet." in words
        assert "We turned waste into work." in words
        assert "EUR\xa01,500.00" in words
        assert "Fri 18 Oct 2024, 23:59:59" in words
        assert "Send my application" in words

    def test_open_parts_are_listed_instead_of_the_button(self):
        application = fill(start_draft(), problem={"problem": ""})

        words = signed_in_as(application).get(page("check-application", application)).content.decode()

        assert "Send my application" not in words
        assert "These parts are open" in words

    def test_sending_shows_the_reference_and_when_we_answer(self):
        application = fill(start_draft())
        client = signed_in_as(application)

        answer = client.post(page("check-application", application), {"accept": "yes", "terms": "1"}, follow=True)

        words = answer.content.decode()
        assert "Your application has been sent" in words
        assert application.reference in words
        assert "Mon 14 Oct 2024" in words

    def test_sending_twice_leads_to_the_same_page(self):
        application = fill(start_draft())
        client = signed_in_as(application)
        sent = {"accept": "yes", "terms": "1", "form_token": "once"}

        answers = [client.post(page("check-application", application), sent) for _ in range(2)]
        late = client.post(page("check-application", application), {"accept": "yes", "terms": "1"})

        assert {answer.url for answer in [*answers, late]} == {page("see-sent", application)}
        assert OutgoingMail.objects.count() == 1

    def test_without_accepting_the_terms_nothing_is_sent(self):
        application = fill(start_draft())

        answer = signed_in_as(application).post(page("check-application", application), {"terms": "1"})

        assert answer.status_code == 409
        assert "Tick that you accept the terms" in answer.content.decode()
        assert not OutgoingMail.objects.exists()


class TestAfterSending:
    @pytest.mark.parametrize(
        ("state", "badge"),
        [
            (ApplicationState.SUBMITTED, "Received"),
            (ApplicationState.IN_ASSESSMENT, "Being read"),
            (ApplicationState.DECIDED, "Being read"),
            (ApplicationState.WAITING, "Waiting list"),
            (ApplicationState.ADMITTED, "Admitted"),
            (ApplicationState.DECLINED, "Not this time"),
            (ApplicationState.WITHDRAWN, "Withdrawn"),
            (ApplicationState.NEXT_EDITION, "Next edition"),
        ],
    )
    def test_the_page_says_where_it_stands_and_leaks_no_drafted_decision(self, state, badge):
        application = send(fill(start_draft()))
        Application.objects.filter(pk=application.pk).update(state=state)

        words = signed_in_as(application).get(page("see-application", application)).content.decode()

        assert badge in words

    def test_the_talk_shows_no_note_of_the_office(self):
        application = send(fill(start_draft()))
        correspond.write_to_applicant(
            application_id=application.pk, text="Who will use it at home?", actor=actor_of(application), now=NOW
        )
        write_note(application_id=application.pk, text="Strong case", actor=actor_of(application), now=NOW)

        words = signed_in_as(application).get(page("see-dialogue", application)).content.decode()

        assert "Who will use it at home?" in words
        assert "Strong case" not in words
        assert "Answer our question" in words

    def test_an_answer_reaches_the_office(self):
        application = send(fill(start_draft()))

        answer = signed_in_as(application).post(page("see-dialogue", application), {"text": "नमस्ते, the mayor will."})

        assert answer.url == page("see-dialogue", application)
        assert [each.words.text for each in application.dialogue.all()] == ["नमस्ते, the mayor will."]

    def test_an_empty_message_is_named_and_nothing_is_written(self):
        application = send(fill(start_draft()))

        answer = signed_in_as(application).post(page("see-dialogue", application), {"text": " "})

        assert answer.status_code == 422
        assert not application.dialogue.exists()

    def test_withdrawing_asks_once_and_then_says_so(self):
        application = send(fill(start_draft()))
        client = signed_in_as(application)
        asked = client.get(page("withdraw-application", application)).content.decode()

        done = client.post(page("withdraw-application", application), {"reason": "Another job"}, follow=True)

        assert "Withdraw this application?" in asked
        assert "Withdrawn" in done.content.decode()

    def test_a_copy_that_is_not_made_yet_is_not_there(self):
        application = send(fill(start_draft()))
        client = signed_in_as(application)

        assert client.get(page("save-copy", application)).status_code == 404
        assert "The copy is being made" in client.get(page("see-sent", application)).content.decode()


def test_the_language_of_pages_and_mails_is_chosen_on_the_account_page():
    application = start_draft()
    client = signed_in_as(application)

    answer = client.post(reverse("my-account"), {"language": "es"})

    application.person.refresh_from_db()
    assert answer.cookies["django_language"].value == "es"
    assert application.person.language == "es"


class TestAfterClosing:
    @pytest.fixture(autouse=True)
    def _after_the_call(self, _during_the_call):
        self.application = fill(start_draft(), problem={"problem": "Floods in the old"})
        with time_machine.travel(datetime(2024, 10, 26, 9, 0, tzinfo=UTC), tick=False):
            self.client = signed_in_as(self.application)
            yield

    def test_a_draft_is_shown_as_it_was_left_and_cannot_be_changed(self):
        shown = self.client.get(page("see-application", self.application)).content.decode()
        part = self.client.get(page("edit-part", self.application, "problem"))
        refused = self.client.post(page("edit-part", self.application, "problem"), {"problem": "More"})

        assert "The call closed before you sent it" in shown
        assert "Floods in the old" in shown
        assert part.url == page("see-application", self.application)
        assert refused.status_code == 409
        assert "The call is closed" in refused.content.decode()

    def test_a_draft_cannot_be_sent_and_the_page_says_why(self):
        asked = self.client.get(page("check-application", self.application)).content.decode()

        answer = self.client.post(page("check-application", self.application), {"accept": "yes", "terms": "1"})

        assert "Send my application" not in asked
        assert answer.status_code == 409
        assert "The call has closed meanwhile" in answer.content.decode()


class TestHostileInput:
    def test_null_characters_in_answers_are_dropped(self):
        application = start_draft()

        signed_in_as(application).post(page("edit-part", application, "you"), {"name": "Ma\x00rie", "group": "\x00"})

        application.person.refresh_from_db()
        assert application.person.name == "Marie"

    @pytest.mark.parametrize("pasted", ["\x01", "\x0b", "\x1b"])
    def test_other_control_characters_are_blanks(self, pasted):
        application = start_draft()

        signed_in_as(application).post(page("edit-part", application, "you"), {"name": f"Marie{pasted}Roux"})

        application.person.refresh_from_db()
        assert application.person.name == "Marie Roux"

    def test_a_version_of_the_terms_without_end_is_no_version(self):
        application = start_draft()
        posted = {"accept": "yes", "terms": "9" * 5000}

        answer = signed_in_as(application).post(page("check-application", application), posted)

        assert answer.status_code == 409


class TestCompleting:
    """The office asked for what is missing: only that can be changed, then it is sent again."""

    def asked(self):
        application = send(fill(start_draft()))
        supplement.ask_for_missing(
            application_id=application.pk,
            asked=["post"],
            text="Which post exactly?",
            actor=user_actor(make_officer().pk),
            now=NOW,
        )
        return application

    def test_the_page_says_whose_turn_it_is_what_is_missing_and_by_when(self):
        application = self.asked()

        answer = signed_in_as(application).get(page("see-application", application)).content.decode()

        assert "Complete your application" in answer
        assert "Which post exactly?" in answer
        assert "by Mon 14 Oct 2024" in answer
        assert page("edit-part", application, "work") in answer
        assert page("edit-part", application, "problem") not in answer
        assert page("withdraw-application", application) in answer

    def test_a_part_shows_the_asked_question_only_and_others_lead_back(self):
        application = self.asked()
        client = signed_in_as(application)

        asked = client.get(page("edit-part", application, "work")).content.decode()
        other = client.get(page("edit-part", application, "problem"))

        assert 'name="post"' in asked
        assert 'name="seniority"' not in asked
        assert other.url == page("see-application", application)

    def test_another_part_cannot_be_posted(self):
        application = self.asked()

        answer = signed_in_as(application).post(page("edit-part", application, "problem"), {"problem": "Else."})

        assert answer.status_code == 409
        assert application.answers.get(key="problem").value == GOOD_ANSWERS["problem"]["problem"]

    def test_it_is_changed_looked_at_and_sent_again_although_the_call_is_over(self):
        application = self.asked()
        with time_machine.travel(datetime(2024, 12, 1, 8, 0, tzinfo=UTC), tick=False):
            client = signed_in_as(application)
            saved = client.post(page("edit-part", application, "work"), {"post": "Head of unit"})
            looked = client.get(saved.url).content.decode()
            sent = client.post(saved.url)
            told = client.get(sent.url).content.decode()

        application.refresh_from_db()
        assert saved.url == page("send-again", application)
        assert "Head of unit" in looked
        assert sent.url == page("see-sent", application)
        assert "What you sent again" in told
        assert application.state == ApplicationState.SUBMITTED

    def test_an_open_part_stands_in_the_way(self):
        application = self.asked()

        answer = signed_in_as(application).post(page("send-again", application))

        assert answer.status_code == 409
        assert "Nothing was sent" in answer.content.decode()

    def test_nothing_asked_leads_back(self):
        application = send(fill(start_draft()))

        assert signed_in_as(application).get(page("send-again", application)).url == page(
            "see-application", application
        )
