"""Pages of this step."""

from flask import Blueprint

bp = Blueprint("collating", __name__)
