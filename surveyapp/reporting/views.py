"""Pages of this step."""

from flask import Blueprint

bp = Blueprint("reporting", __name__)
