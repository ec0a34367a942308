"""The words by which facts of a notice are recognised, in plain form (see ``plain``), as tables.

The four languages of the site come first; months stand in three more, since colleagues of every city write.
"""

# What our own mails call the four facts, and what people call them.
LABELS_OF_COURSE = (
    "course", "course name", "name of the course", "name of course", "programme", "program", "training",
    "curso", "nombre del curso", "programa", "diploma", "nombre del programa", "formacion",
    "cours", "nom du cours", "intitule du cours", "programme", "formation", "diplome",
    "curs", "nom del curs", "formacio",
)  # fmt: skip
LABELS_OF_NAME = (
    "name", "name and surname", "full name", "student", "student name", "name of the student", "name of student",
    "participant", "surname", "applicant",
    "nombre", "nombre y apellidos", "nombre y apellido", "nombre completo", "nombre del alumno", "nombre de la alumna",
    "nombre del estudiante", "alumno", "alumna", "alumno/a", "estudiante", "participante",
    "nom", "nom et prenom", "prenom et nom", "nom complet", "nom de l'etudiant", "nom de l'etudiante",
    "nom de l'eleve", "etudiant", "etudiante", "eleve", "participant", "participante", "nom du participant",
    "nom i cognoms", "nom i cognom", "nom de l'alumne", "nom de l'alumna", "alumne", "alumna", "estudiant",
)  # fmt: skip
LABELS_OF_DAY = (
    "date of registration", "registration date", "registration", "registered on", "date registered", "enrolment date",
    "fecha de inscripcion", "fecha de registro", "fecha de matricula", "fecha de la inscripcion", "inscripcion",
    "date d'inscription", "date de l'inscription", "date d'enregistrement", "inscription", "inscrit le", "inscrite le",
    "data d'inscripcio", "data de registre", "data de la inscripcio", "data de matricula", "inscripcio",
)  # fmt: skip
LABELS_OF_CONTACT = (
    "contact", "contact information", "contact details", "phone", "telephone", "tel", "mobile", "e-mail", "email",
    "address",
    "contacto", "datos de contacto", "informacion de contacto", "telefono", "movil", "correo", "correo electronico",
    "direccion",
    "contact", "coordonnees", "telephone", "portable", "courriel", "adresse", "adresse electronique",
    "contacte", "dades de contacte", "telefon", "mobil", "correu", "correu electronic", "adreca",
)  # fmt: skip

# Words between the words of a course's name.
_CONNECTING = (
    "the of in for and on a an to at with by de del la el los las lo en para y e i o du des le les l d et pour sur au "
    "aux per als dels amb von fur und der die das do da dos em no na di dell della delle degli il"
)
CONNECTORS = frozenset(_CONNECTING.split())
# What a course calls itself; with one more word of the name it is that course.
COURSE_NOUNS = ("diploma", "master", "certificate", "postgraduate", "course", "programme", "curso", "diplome")
# Parts of a name that say nothing by themselves.
_SMALL = "de del la las los y i e da das do dos van von der den di du le bin bint ibn al el of"
PARTICLES = frozenset(_SMALL.split())

MONTHS: dict[str, int] = {
    word: number
    for number, words in enumerate(
        (
            "january jan enero ene janvier janv gener gen januar janeiro gennaio janu",
            "february feb febrero fevrier fevr febrer februar fevereiro fev febbraio febr",
            "march mar marzo mars marc marz marco",
            "april apr abril abr avril avr aprile",
            "may mayo mai maig maio maggio",
            "june jun junio juin juny juni junho giugno",
            "july jul julio juillet juil juliol juli julho luglio",
            "august aug agosto ago aout agost",
            "september sep sept septiembre set setiembre septembre setembre settembre",
            "october oct octubre octobre oktober okt outubro out ottobre ott",
            "november nov noviembre novembre",
            "december dec diciembre dic decembre desembre des dezember dez dezembro dicembre",
        ),
        start=1,
    )
    for word in words.split()
}

# The fixed words of the subject of our place-reservation mail, without its reference.
OUR_SUBJECTS = (
    "your place is reserved",
    "su plaza esta reservada",
    "votre place est reservee",
    "la vostra placa esta reservada",
)
