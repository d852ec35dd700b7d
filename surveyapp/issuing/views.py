"""Pages of this step."""

from flask import Blueprint

bp = Blueprint("issuing", __name__)
