"""The database: tables, transactions, migrations, encryption keys and the event log."""
