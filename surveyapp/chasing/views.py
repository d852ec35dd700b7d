"""Pages of this step."""

from flask import Blueprint

bp = Blueprint("chasing", __name__)
