"""Who may do what with the rows of crossings; and the one question asked across offices."""

from django.db import migrations

from config.offices.privileges import APP_ROLE, ForceRowSecurity, Grant, InsertOnly, LeavesEvent

CASES = ("enrollment_acceptedcase", "enrollment_casereceipt")
HISTORY = tuple(f"{table}event" for table in CASES)
NOTICES = "enrollment_readingnotice"

# Runs as the owner of the schema, who is held to row-level security like everybody else: inside,
# and only inside, every office is in scope. It takes digests of one number and a name, answers
# with exactly one row, and says of a person only which office has them, their random id, and
# whether the name is theirs. Digests cannot be made without the key, so nobody can list anything.
ASK = """
CREATE FUNCTION office_of_number(digests text[], said_name text)
RETURNS TABLE (office_id bigint, public_id uuid, is_named boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    before text := coalesce(current_setting('app.office_ids', true), '');
BEGIN
    IF coalesce(array_length(digests, 1), 0) NOT BETWEEN 1 AND 8 THEN
        RAISE EXCEPTION 'office_of_number asks for one number';
    END IF;
    PERFORM set_config(
        'app.office_ids',
        (SELECT string_agg(office.id::text, ',') FROM public.offices_office office),
        true
    );
    SELECT person.office_id, person.public_id, person.name = said_name
    INTO office_id, public_id, is_named
    FROM public.enrollment_person person
    WHERE person.id_digest = ANY (digests) AND person.moved_at IS NULL;
    PERFORM set_config('app.office_ids', before, true);
    is_named := coalesce(is_named, false);
    RETURN NEXT;
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("enrollment", "0004_crossings")]

    operations = [
        *(ForceRowSecurity(table) for table in (*CASES, *HISTORY, NOTICES)),
        *(Grant(table, "select, insert, update") for table in (*CASES, NOTICES)),
        *(InsertOnly(table) for table in HISTORY),
        *(LeavesEvent(table) for table in (*CASES, NOTICES)),
        migrations.RunSQL(
            sql=[
                ASK,
                "REVOKE ALL ON FUNCTION office_of_number(text[], text) FROM PUBLIC",
                f"GRANT EXECUTE ON FUNCTION office_of_number(text[], text) TO {APP_ROLE}",
            ],
            reverse_sql="DROP FUNCTION office_of_number(text[], text)",
        ),
    ]
