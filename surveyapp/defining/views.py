"""Pages of this step."""

from flask import Blueprint

bp = Blueprint("defining", __name__)
