"""How long a session lasts, and the hash by which its row is found."""

from datetime import timedelta
from hashlib import sha256

IDLE_LIMIT = timedelta(minutes=30)
LONGEST_SESSION = timedelta(hours=12)
# Use is stored at most this often, not with every page.
USE_NOTED_EVERY = timedelta(minutes=1)


def secret_hash(secret: str) -> str:
    """The hash of a session’s secret: the table lets nobody in, even when it is read by somebody else."""
    return sha256(secret.encode()).hexdigest()
