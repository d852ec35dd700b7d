"""The standalone server as it ships, as a process that tests may set to another day.

Time runs truly from the moment it starts: nobody is chased at weekends, and tests run at weekends too.
"""

import os
from datetime import datetime

import time_machine

from surveyapp.standalone.__main__ import serve

if __name__ == "__main__":
    if "SERVER_STARTS_AT" in os.environ:
        time_machine.travel(datetime.fromisoformat(os.environ["SERVER_STARTS_AT"]), tick=True).start()
    serve()
