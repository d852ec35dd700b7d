"""The fixtures of tests of how surveyapp is run: the site that ships, served."""

from collections.abc import Iterator

import pytest

from tests.running.https_site import HttpsSite


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HttpsSite]:
    """Surveyapp by gunicorn behind nginx, with the settings that ship and an account of Ann Lee’s."""
    site = HttpsSite(tmp_path_factory.mktemp("site"))
    site.survey("upgrade")
    try:
        site.open()
        yield site
    finally:
        site.close()
