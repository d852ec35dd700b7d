"""`upgrade` names the revisions; other commands are refused until it has run."""

from sqlalchemy import text

from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.schema import VERSION_TABLE, newest_revision
from tests.commands.terminal import Run


def test_upgrading_again_prints_the_revision(run: Run) -> None:
    result = run("upgrade")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"The survey tables are at revision {newest_revision()} already.\n"


def test_a_database_of_another_revision_is_refused_in_one_sentence(run: Run) -> None:
    session.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '0000'"))  # noqa: S608 — our own name
    session.commit()
    result = run("status", "1")
    assert result.exit_code == 1
    assert result.stderr.startswith("The database is at revision 0000, this program needs")
    assert "survey upgrade" in result.stderr
