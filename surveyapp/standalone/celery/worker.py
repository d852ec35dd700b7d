"""What Celery's command line opens: `celery --app surveyapp.standalone.celery.worker worker --beat`."""

import sys

from surveyapp.standalone.app import app_or_exit

_app = app_or_exit()
if "celery" not in _app.extensions:
    sys.exit("surveyapp cannot start. Set FLASK_CELERY_BROKER_URL to the address of Redis or RabbitMQ.")
celery = _app.extensions["celery"]
