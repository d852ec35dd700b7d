"""Pages of this step."""

from flask import Blueprint

bp = Blueprint("answering", __name__)
