"""The emails of tests that have no page or audit, as the tests of delivery queue them."""

from tests.foundation.conftest import mail, post

__all__ = ["mail", "post"]
