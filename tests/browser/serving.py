"""The standalone server as it ships, except that its clock may start at the moment in SERVER_STARTS_AT.

From then on its clock runs. Nobody is chased at weekends, but tests run at weekends too.
"""

import os
from datetime import datetime

import time_machine

from surveyapp.standalone.__main__ import serve

if __name__ == "__main__":
    if "SERVER_STARTS_AT" in os.environ:
        time_machine.travel(datetime.fromisoformat(os.environ["SERVER_STARTS_AT"]), tick=True).start()
    serve()
