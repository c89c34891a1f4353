"""Who did what. Import `config.audit.services` for `record`, `require` and `idempotent`."""
