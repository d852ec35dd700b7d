"""Released reports are encrypted like the quotes in them: the PDF in base64, bound to its column.

Revision ID: 0036
"""

from base64 import b64decode, b64encode
from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

from surveyapp.foundation.errors import CannotStart
from surveyapp.foundation.store.keys import keys
from surveyapp.foundation.store.text_cipher import UnreadableText

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

_PLACE = "survey_report_release.pdf"
_RELEASES = sa.table("survey_report_release", sa.column("id", sa.Integer), sa.column("pdf", sa.LargeBinary))


def upgrade() -> None:
    """Encrypt each PDF."""
    _change(lambda pdf: keys().texts.encrypt(b64encode(pdf).decode(), _PLACE))


def downgrade() -> None:
    """Decrypt them. Raises CannotStart if the keys do not open one; nothing changes."""
    _change(lambda stored: b64decode(keys().texts.decrypt(stored, _PLACE)))


def _change(changed: Callable[[bytes], bytes]) -> None:
    """Change each PDF, one at a time: a large one has some megabytes."""
    connection = op.get_bind()
    for release_id in connection.scalars(sa.select(_RELEASES.c.id).order_by(_RELEASES.c.id)).all():
        of_release = _RELEASES.c.id == release_id
        stored = connection.scalars(sa.select(_RELEASES.c.pdf).where(of_release)).one()
        try:
            pdf = changed(stored)
        except UnreadableText:
            raise CannotStart(
                f"The keys in the key file do not open the released report {release_id}, so nothing was "
                "changed. Put back the key file that belongs to this database, and try again."
            ) from None
        connection.execute(sa.update(_RELEASES).where(of_release).values(pdf=pdf))
