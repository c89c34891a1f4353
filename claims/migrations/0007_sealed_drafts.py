"""Seal what was typed. Drafts of before stand in plain and mean no money: they are dropped."""

from django.db import migrations

import config.identity.fields

DROP = "TRUNCATE claims_settlementdraft"


class Migration(migrations.Migration):

    dependencies = [("claims", "0006_closed_accounts")]

    operations = [
        migrations.RunSQL(DROP, migrations.RunSQL.noop),
        migrations.RemoveField(model_name="settlementdraft", name="payload"),
        migrations.AddField(
            model_name="settlementdraft",
            name="sealed_payload",
            field=config.identity.fields.EncryptedText(
                default="", editable=False, purpose="settlement_draft", verbose_name="fields"
            ),
        ),
    ]
