"""The triggers by which the database itself refuses to change or delete events; checked and mended here.

Events may be deleted only as far as a row of `survey_removed_events` names them as removed. A trigger of
somebody else that runs before an event is stored could keep it from being stored, so there may be none.
"""

from sqlalchemy import Connection, text

from surveyapp.foundation.errors import CannotStart

_TEXT = "event is append-only"
_IS_KEPT = """NOT EXISTS (SELECT 1 FROM survey_event_seal
 JOIN survey_removed_events ON survey_removed_events.number >= survey_event_seal.number
 WHERE survey_event_seal.event_id = OLD.id)"""

# By name. An event that is deleted, or replaced, by INSERT OR REPLACE fires the trigger of DELETE too.
SQLITE_TRIGGERS = {
    "survey_event_no_update": f"""CREATE TRIGGER survey_event_no_update BEFORE UPDATE ON survey_event
BEGIN SELECT RAISE(ABORT, '{_TEXT}'); END""",
    "survey_event_no_delete": f"""CREATE TRIGGER survey_event_no_delete BEFORE DELETE ON survey_event
WHEN {_IS_KEPT}
BEGIN SELECT RAISE(ABORT, '{_TEXT}'); END""",
}
# The bodies of the functions by name, and the triggers by name with what PostgreSQL keeps of them.
_FUNCTIONS = {
    "survey_event_append_only": f" BEGIN RAISE EXCEPTION '{_TEXT}'; END ",
    "survey_event_no_delete": f""" BEGIN IF {_IS_KEPT}
 THEN RAISE EXCEPTION '{_TEXT}'; END IF; RETURN OLD; END """,
}
_POSTGRESQL_TRIGGERS = {
    "survey_event_append_only": (
        "BEFORE UPDATE OR TRUNCATE ON survey_event FOR EACH STATEMENT "
        "EXECUTE FUNCTION survey_event_append_only()"
    ),
    "survey_event_no_delete": (
        "BEFORE DELETE ON survey_event FOR EACH ROW EXECUTE FUNCTION survey_event_no_delete()"
    ),
}


def check_triggers(connection: Connection) -> None:
    """Raise CannotStart, with a sentence, unless the database refuses to change and delete events."""
    if unprotected(connection):
        raise CannotStart(
            "The database would let somebody change the log of who did what: its protection is missing. "
            "Run “flask --app wsgi survey upgrade”, then “flask --app wsgi survey log --verify”."
        )


def unprotected(connection: Connection) -> bool:
    """Whether a trigger is missing, switched off, not as this program makes it, or one that drops events."""
    return _found(connection) != _expected(connection)


def mend_triggers(connection: Connection) -> None:
    """Make the triggers again, whatever is there; needs the rights of whoever owns the table."""
    quoted = connection.dialect.identifier_preparer.quote_identifier
    table = " ON survey_event" if connection.dialect.name == "postgresql" else ""
    for name in _found(connection).keys() - _expected(connection).keys():
        connection.exec_driver_sql(f"DROP TRIGGER {quoted(name)}{table}")
    if connection.dialect.name == "sqlite":
        for name, statement in SQLITE_TRIGGERS.items():
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
            connection.exec_driver_sql(statement)
        return
    for name, body in _FUNCTIONS.items():
        connection.exec_driver_sql(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$"
        )
    for name, rest in _POSTGRESQL_TRIGGERS.items():
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name} ON survey_event")
        connection.exec_driver_sql(f"CREATE TRIGGER {name} {rest}")


def _expected(connection: Connection) -> dict[str, str]:
    if connection.dialect.name == "sqlite":
        return SQLITE_TRIGGERS
    return {
        name: f"{_FUNCTIONS[name]}|O|CREATE TRIGGER {name} {rest}"
        for name, rest in _POSTGRESQL_TRIGGERS.items()
    }


def _found(connection: Connection) -> dict[str, str]:
    """The triggers on events as the database keeps them, by name.

    On PostgreSQL those that others added are left out if they run after events are stored: replication and
    auditing of the database work by such.
    """
    query = text(
        "SELECT name, sql AS written FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'survey_event'"
        if connection.dialect.name == "sqlite"
        else "SELECT tgname AS name, prosrc || '|' || tgenabled::text || '|' || "
        "replace(replace(pg_get_triggerdef(pg_trigger.oid), quote_ident(nspname) || '.', ''), "
        "'TRUNCATE OR UPDATE', 'UPDATE OR TRUNCATE') AS written "
        "FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid JOIN pg_class ON pg_class.oid = tgrelid "
        "JOIN pg_namespace ON pg_namespace.oid = relnamespace "
        "WHERE tgrelid = 'survey_event'::regclass AND NOT tgisinternal "
        # The bit of BEFORE.
        "AND (tgtype & 2 = 2 OR tgname = ANY(:ours))"
    )
    ours = {} if connection.dialect.name == "sqlite" else {"ours": list(_expected(connection))}
    return {row.name: row.written for row in connection.execute(query, ours)}
