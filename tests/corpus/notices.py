"""Sixty and more answers to a place-reservation mail, each with what a person finds missing in it."""

from dataclasses import dataclass

from tests.corpus.letters import OURS, OURS_IN_HTML, OURS_MARKED, letter, part, parts

COURSE, NAME, DAY, CONTACT = "course_name", "student_name", "registration_date", "contact"
ALL = (COURSE, NAME, DAY)  # what a reply without a word of these lacks; the From header is a contact
WHOLE = "I cancel my place.\n\nMetropolis Diploma\nAndrés Terral\n2 October 2024\n+57 604 555 0100"


@dataclass(frozen=True, slots=True)
class Case:
    """A message, what its own words lack, and what of that stands in the quotation; ``automatic`` never counts."""

    raw: bytes
    missing: tuple[str, ...] = ()
    quoted_only: tuple[str, ...] = ()
    automatic: bool = False


def _replied(body: str, missing: tuple[str, ...] = (), **how: object) -> Case:
    """A reply above our marked mail: what it lacks stands in the quotation."""
    text = f"{body}\n\nOn Wed, 2 Oct 2024 at 10:00, Metropolis Diploma <diploma@chancery.example> wrote:\n\n{OURS_MARKED}\n"
    return Case(letter(text, **how), missing, missing)  # type: ignore[arg-type]


IN_WORDS = {
    "english": _replied(WHOLE),
    "english, one sentence": _replied(
        "I, Andrés Terral, registered on 2 October 2024, cancel the Metropolis Diploma in Internationalization for Local "
        "Authorities."
    ),
    "english, american day": _replied("Metropolis Diploma\nAndrés Terral\nOctober 2nd, 2024"),
    "english, the copied lines": _replied(
        "Course: Metropolis Diploma in Internationalization for Local Authorities, edition 2\n"
        "Name and surname: Andrés Terral\nDate of registration: Wed 2 Oct 2024\nContact: andres.terral@medellin.example"
    ),
    "spanish": _replied(
        "Quiero cancelar mi plaza en el Diploma Metropolis de Internacionalización.\nNombre: Andrés Terral\n"
        "Fecha de inscripción: 2 de octubre de 2024\nTeléfono: +57 604 555 0100"
    ),
    "spanish, figures": _replied("Curso: Diploma Metropolis\nAlumno: Terral, Andrés\nInscripción: 02/10/2024"),
    "french": _replied(
        "J’annule ma place.\nCours : Diplôme Metropolis\nNom et prénom : Terral Andrés\nDate d’inscription : 2 octobre 2024"
    ),
    "french, first of the month is another day": _replied(
        "Diplôme Metropolis, Andrés Terral, inscrit le 1er octobre 2024", (DAY,)
    ),
    "catalan": _replied(
        "Cancel·lo la plaça del Diploma Metropolis d’Internacionalització.\nNom i cognoms: Andrés Terral\n"
        "Data d’inscripció: 2 d’octubre de 2024\nTelèfon: 93 555 01 00"
    ),
    "without accents and in capitals": _replied("METROPOLIS DIPLOMA\nANDRES TERRAL\n2 OCT 2024"),
    "a slip in each name": _replied("Metropolis Diplome\nAndres Teral\n2-10-2024"),
    "a day with dashes for hyphens": _replied("Metropolis Diploma, Andrés Terral, 2–10–2024"),
    "an iso day": _replied("Metropolis Diploma, Andrés Terral, 2024-10-02"),
    "a short year": _replied("Metropolis Diploma, Andrés Terral, 2.10.24"),
    "a day without its year": _replied("Metropolis Diploma, Andrés Terral, 2 October"),
    "a labelled day in figures without its year": _replied("Metropolis Diploma\nAndrés Terral\nRegistration date: 2/10"),
    "a sentence broken over lines": _replied("Metropolis\nDiploma for Andrés\nTerral of 2\nOctober 2024"),
    "a second name in between": _replied("Metropolis Diploma, Andrés M. Terral, 2 October 2024"),
    "nothing but a wish": _replied("Please cancel my registration. Thank you.", ALL),
    "a question": _replied("May a colleague come instead of me?", ALL),
    "no day": _replied("I cancel the Metropolis Diploma.\nAndrés Terral", (DAY,)),
    "another day": _replied("Metropolis Diploma, Andrés Terral, registered on 3 October 2024", (DAY,)),
    "no course": _replied("I cancel my place of 2 October 2024.\nAndrés Terral", (COURSE,)),
    "the organiser is not the course": _replied("Dear Metropolis,\nI leave the course. Andrés Terral, 2 October 2024", (COURSE,)),
    "local authorities are not the course": _replied("For local authorities. Andrés Terral, 2 October 2024", (COURSE,)),
    "a first name only": _replied("Metropolis Diploma, 2 October 2024\nAndrés", (NAME,)),
    "a surname only": _replied("Metropolis Diploma, 2 October 2024\nMr Terral", (NAME,)),
    "somebody else": _replied("Metropolis Diploma, 2 October 2024\nValentina Alisio", (NAME,)),
    "an empty answer": _replied("", ALL),
}  # fmt: skip

IN_LAYOUTS = {
    "quotation only": Case(letter(OURS_MARKED), ALL, ALL),
    "answer below the quotation": Case(letter(f"{OURS_MARKED}\n\n{WHOLE}\n")),
    "answer between quoted lines": Case(
        letter("> Course:\nMetropolis Diploma\n> Name and surname:\nAndrés Terral\n> Date of registration:\n2 October 2024\n")
    ),
    "attribution over two lines": Case(
        letter(f"No.\n\nEl mié, 2 oct 2024 a las 10:00, Metropolis Diploma (<diploma@chancery.example>)\nescribió:\n\n{OURS}"),
        ALL,
        ALL,
    ),
    "french attribution": Case(letter(f"Non.\n\nLe mer. 2 oct. 2024 à 10:00, Metropolis Diploma a écrit :\n{OURS}"), ALL, ALL),
    "catalan attribution": Case(letter(f"No.\n\nEl dc., 2 d’oct. 2024, Metropolis Diploma va escriure:\n{OURS}"), ALL, ALL),
    "german attribution": Case(letter(f"Nein.\n\nAm 02.10.24 um 10:00 schrieb Metropolis Diploma:\n{OURS}"), ALL, ALL),
    "attribution in a language that no table holds": Case(
        letter(f"Ne.\n\n2024-10-02 10:00 Metropolis Diploma <diploma@chancery.example>:\n{OURS_MARKED}"), ALL, ALL
    ),
    "outlook header block": Case(
        letter(f"No.\n\nFrom: Metropolis Diploma\nSent: Wednesday, 2 October 2024 10:00\nTo: Andrés Terral\nSubject: x\n\n{OURS}"),
        ALL,
        ALL,
    ),
    "outlook header block, catalan": Case(
        letter(f"No.\n\nDe: Metropolis Diploma\nEnviat el: dimecres, 2 d’octubre\nPer a: Andrés Terral\nTema: x\n\n{OURS}"),
        ALL,
        ALL,
    ),
    "outlook header block, turkish": Case(
        letter(f"No.\n\nKimden: Metropolis Diploma\nGönderildi: 2 Ekim Çarşamba\nKime: Andrés\nKonu: x\n\n{OURS}"),
        ALL,
        ALL,
    ),
    "gmail in catalan, without marks": Case(
        letter(f"No.\n\nMissatge de Metropolis <a@b.example> del dia dc., 2 d’oct. 2024 a les 9:12:\n\n{OURS}"), ALL, ALL
    ),
    "spanish header block": Case(
        letter(f"No.\n\nDe: Metropolis Diploma\nEnviado el: miércoles, 2 de octubre\nPara: Andrés Terral\nAsunto: x\n\n{OURS}"),
        ALL,
        ALL,
    ),
    "french header block": Case(
        letter(f"Non.\n\nDe : Metropolis Diploma\nEnvoyé : mercredi 2 octobre 2024\nÀ : Andrés Terral\nObjet : x\n\n{OURS}"),
        ALL,
        ALL,
    ),
    "original message": Case(letter(f"No.\n\n-----Original Message-----\n{OURS}"), ALL, ALL),
    "mensaje original": Case(letter(f"No.\n\n----- Mensaje original -----\n{OURS}"), ALL, ALL),
    "forwarded": Case(letter(f"See below.\n\n---------- Forwarded message ---------\n{OURS}"), ALL, ALL),
    "forwarded by apple": Case(letter(f"See below.\n\nBegin forwarded message:\n\n{OURS}"), ALL, ALL),
    "gmail": Case(letter(f'<div dir="ltr">No</div><div class="gmail_quote">{OURS_IN_HTML}</div>', kind="text/html"), ALL, ALL),
    "thunderbird": Case(
        letter(f'<p>No</p><div class="moz-cite-prefix">On 2/10/24 wrote:</div><blockquote>{OURS_IN_HTML}</blockquote>', kind="text/html"),
        ALL,
        ALL,
    ),
    "outlook on the web": Case(
        letter(f'<p>No</p><div id="appendonsend"></div><hr><div>{OURS_IN_HTML}</div>', kind="text/html"), ALL, ALL
    ),
    "outlook reply mark": Case(letter(f'<p>No</p><div id="divRplyFwdMsg">{OURS_IN_HTML}</div>', kind="text/html"), ALL, ALL),
    "yahoo": Case(letter(f'<p>No</p><div class="yahoo_quoted">{OURS_IN_HTML}</div>', kind="text/html"), ALL, ALL),
    "html only": Case(letter(f"<p>{WHOLE.replace(chr(10), '<br>')}</p>", kind="text/html")),
    "html table": Case(
        letter("<table><tr><td>Metropolis Diploma</td></tr><tr><td>Andrés</td><td>Terral</td></tr><tr><td>2 Oct 2024</td></tr></table>", kind="text/html")
    ),
    "html comment": Case(letter(f"<p>No</p><!-- {WHOLE} -->", kind="text/html"), ALL),
    "hidden by style": Case(letter(f'<p>No</p><div style="display: none">{WHOLE}</div>', kind="text/html"), ALL),
    "hidden by size": Case(letter(f'<p>No</p><span style="font-size:0px">{WHOLE}</span>', kind="text/html"), ALL),
    "hidden by attribute": Case(letter(f"<p>No</p><p hidden>{WHOLE}</p>", kind="text/html"), ALL),
    "title and script": Case(letter(f"<title>{WHOLE}</title><script>{WHOLE}</script><p>No</p>", kind="text/html"), ALL),
    "plain and html": Case(parts("multipart/alternative", part(WHOLE), part("<p>see plain</p>", "text/html"))),
    "an empty plain part": Case(parts("multipart/alternative", part(" \n"), part(f"<p>{WHOLE}</p>", "text/html"))),
    "words in an attachment": Case(parts("multipart/mixed", part("No"), part(WHOLE, disposition='attachment; filename="a.txt"')), ALL),
    "words in a named part": Case(parts("multipart/mixed", part("No"), part(WHOLE, disposition='inline; filename="a.txt"')), ALL),
    "words in an attached message": Case(
        parts("multipart/mixed", part("No"), b"Content-Type: message/rfc822\r\n\r\n" + letter(WHOLE)), ALL
    ),
    "text in two inline parts": Case(parts("multipart/mixed", part("Metropolis Diploma, Andrés Terral"), part("2 October 2024"))),
    "nested parts": Case(
        parts("multipart/mixed", b'Content-Type: multipart/alternative; boundary="in"\r\n\r\n--in\r\n' + part(WHOLE) + b"\r\n--in--")
    ),
    "flowed": Case(letter("I cancel the Metropolis \nDiploma. Andrés \nTerral, 2 October \n2024", kind="text/plain; format=flowed")),
    "own subject": Case(letter("I cancel.", subject="Cancellation: Metropolis Diploma, Andrés Terral, 2 October 2024")),
    "own subject behind re": Case(letter("I cancel.", subject="RE: Metropolis Diploma / Andrés Terral / 2 October 2024")),
    "our subject": Case(letter("I cancel.", subject="RE: Your place is reserved: Metropolis Diploma, Andrés Terral, 2 October 2024"), ALL, ALL),
    "our subject in catalan": Case(letter("No", subject="Re: La vostra plaça està reservada: Metropolis Diploma"), ALL, (COURSE,)),
}  # fmt: skip

IN_ENCODINGS = {
    "quoted-printable latin-1": Case(letter(WHOLE, charset="iso-8859-1", encoding="quoted-printable")),
    "base64": Case(letter(WHOLE, encoding="base64")),
    "windows-1252": Case(letter(WHOLE, charset="windows-1252")),
    "utf-16": Case(letter(WHOLE, charset="utf-16", encoding="base64")),
    "gb18030": Case(letter(f"你好 {WHOLE}", charset="gb18030", encoding="base64")),
    "iso-2022-jp": Case(letter("取消 Metropolis Diploma, Andres Terral, 2024年10月2日", charset="iso-2022-jp")),
    "koi8-r": Case(letter("Отмена: Metropolis Diploma, Andres Terral, 2.10.2024", charset="koi8-r")),
    "unknown charset": Case(letter(WHOLE, charset="no-such-charset")),
    "latin-1 called utf-8": Case(letter(WHOLE, charset="iso-8859-1").replace(b"iso-8859-1", b"utf-8")),
    "no charset": Case(letter(WHOLE).replace(b'; charset="utf-8"', b"")),
    "old line ends": Case(letter(WHOLE).replace(b"\r\n", b"\n")),
}  # fmt: skip

FROM_MACHINES = {
    "auto-submitted": Case(letter(WHOLE, headers=("Auto-Submitted: auto-replied",)), automatic=True),
    "auto-submitted with a parameter": Case(letter(WHOLE, headers=('Auto-Submitted: auto-generated; owner="x"',)), automatic=True),
    "auto-submitted no": Case(letter(WHOLE, headers=("Auto-Submitted: no",))),
    "precedence bulk": Case(letter(WHOLE, headers=("Precedence: bulk",)), automatic=True),
    "autoreply header": Case(letter(WHOLE, headers=("X-Autoreply: yes",)), automatic=True),
    "a list": Case(letter(WHOLE, headers=("List-Id: <officials.city.example>",)), automatic=True),
    "outlook, english": Case(letter(WHOLE, subject="Automatic reply: Your place is reserved: M2-0024"), automatic=True),
    "outlook, spanish": Case(letter(WHOLE, subject="Respuesta automática: Su plaza está reservada: M2-0024"), automatic=True),
    "outlook, french": Case(letter(WHOLE, subject="Réponse automatique : Votre place est réservée : M2-0024"), automatic=True),
    "outlook, catalan": Case(letter(WHOLE, subject="Resposta automàtica: La vostra plaça està reservada"), automatic=True),
    "outlook, swedish": Case(letter(WHOLE, subject="Automatiskt svar: Your place is reserved: M2-0024"), automatic=True),
    "outlook, turkish": Case(letter(WHOLE, subject="Otomatik yanıt: Your place is reserved: M2-0024"), automatic=True),
    "outlook, indonesian": Case(letter(WHOLE, subject="Balasan otomatis: Your place is reserved: M2-0024"), automatic=True),
    "outlook, japanese": Case(letter(WHOLE, subject="自動応答: Your place is reserved: M2-0024"), automatic=True),
    "outlook, arabic": Case(letter(WHOLE, subject="رد تلقائي: Your place is reserved: M2-0024"), automatic=True),
    "a person who writes about an automatic reply": Case(letter(WHOLE, subject="About your automatic reply")),
    "autoreply from": Case(letter(WHOLE, headers=("X-Auto-Reply-From: a.terral@medellin.example",)), automatic=True),
    "an old bounce": Case(letter(WHOLE, subject="Returned mail: see transcript for details"), automatic=True),
    "a spanish bounce": Case(letter(WHOLE, subject="No se puede entregar: Re: Your place is reserved"), automatic=True),
    "a bounce": Case(letter("Undeliverable", headers=("Return-Path: <>",)), ALL, automatic=True),
    "a report": Case(parts("multipart/report; report-type=delivery-status", part("Undeliverable")), ALL, automatic=True),
    "the mail system": Case(letter("Undeliverable", sender="MAILER-DAEMON@medellin.example"), ALL, automatic=True),
}  # fmt: skip

MALFORMED = {
    "no From": Case(letter(WHOLE.rpartition("\n")[0], sender=""), (CONTACT,)),
    "no From, but a telephone": Case(letter(WHOLE, sender="")),
    "no end of the last part": Case(parts("multipart/mixed", part(WHOLE)).replace(b"--=_cut--", b"")),
    "broken base64": Case(letter(WHOLE, encoding="base64")[:-3]),
    "null characters": Case(letter(WHOLE.replace("\n", "\x00\n"))),
    "parts without end": Case(b"Content-Type: multipart/mixed; boundary=a\r\n\r\n" * 60, (*ALL, CONTACT)),
    "nothing": Case(b"", (*ALL, CONTACT)),
    "noise": Case(bytes(range(128, 256)) * 20, (*ALL, CONTACT)),
}  # fmt: skip

CASES = {**IN_WORDS, **IN_LAYOUTS, **IN_ENCODINGS, **FROM_MACHINES, **MALFORMED}
