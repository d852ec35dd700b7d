"""Exits with 0 while surveyapp on this machine or in this container can serve pages, and with 1 otherwise."""

import os
import sys
import urllib.error
import urllib.request

port = os.environ.get("SURVEYAPP_BIND", "127.0.0.1:8000").rpartition(":")[2]
try:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/ready", timeout=8) as answer:
        sys.stdout.write(answer.read().decode())
except urllib.error.HTTPError as answer:
    sys.exit(answer.read().decode())
except OSError as error:
    sys.exit(f"Nothing answers: {error}.")
