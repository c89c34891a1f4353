"""Who may do what with the tables of this app; rows of other offices do not exist."""

from django.db import migrations

from config.offices.privileges import ForceRowSecurity, Grant, InsertOnly

CHANGED_BY_SERVICES = (
    "enrollment_person",
    "enrollment_categoryspell",
    "enrollment_coveragespell",
    "enrollment_diseasecertification",
)
HISTORY = tuple(f"{table}event" for table in CHANGED_BY_SERVICES)
SEARCH_KEYS = "enrollment_personsearchkey"


class Migration(migrations.Migration):
    dependencies = [("enrollment", "0001_initial")]

    operations = [
        *(ForceRowSecurity(table) for table in (*CHANGED_BY_SERVICES, *HISTORY, SEARCH_KEYS)),
        *(Grant(table, "select, insert, update") for table in CHANGED_BY_SERVICES),
        *(InsertOnly(table) for table in HISTORY),
        Grant(SEARCH_KEYS, "select, insert, delete"),
    ]
