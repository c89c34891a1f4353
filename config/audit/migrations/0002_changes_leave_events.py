"""The check behind `LeavesEvent`, and the index it and the sealer look events up by."""

from django.db import migrations, models

# The owner runs the check: at commit the scope of the act may be gone already. The owner is held
# to row-level security too, so it is shown the events of the running transaction, and only those.
SEE_OWN_TRANSACTION = """
CREATE POLICY the_running_transaction ON audit_auditevent FOR SELECT TO CURRENT_USER
    USING (txid = pg_catalog.txid_current())
"""
# Nothing here is found by a search path: tables and functions are named in full.
CHECK = """
CREATE FUNCTION audit_change_leaves_event() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM public.audit_auditevent
        WHERE txid = pg_catalog.txid_current() AND outcome = 'done'
    ) THEN
        RAISE EXCEPTION 'a change of % left no audit event in its transaction', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation',
                CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END
$$
"""


class Migration(migrations.Migration):

    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["txid", "id"], name="audit_event_transaction"),
        ),
        migrations.RunSQL(
            SEE_OWN_TRANSACTION, "DROP POLICY the_running_transaction ON audit_auditevent"
        ),
        migrations.RunSQL(
            [CHECK, "REVOKE ALL ON FUNCTION audit_change_leaves_event() FROM PUBLIC"],
            "DROP FUNCTION audit_change_leaves_event()",
        ),
    ]
