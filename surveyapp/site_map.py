"""Every page of surveyapp: the blueprints of all steps, in the order of the journey.

Importing this module loads all pages, so only an app that is going to show them imports it.
"""

from functools import partial

from flask import Blueprint, Flask

from surveyapp.agencies import views as agencies
from surveyapp.answering import views as answering
from surveyapp.archive import views as archive
from surveyapp.brief import views as brief
from surveyapp.calling import views as calling
from surveyapp.chasing import views as chasing
from surveyapp.closing import views as closing
from surveyapp.collating import views as collating
from surveyapp.concluding import views as concluding
from surveyapp.defining import views as defining
from surveyapp.diary import views as diary
from surveyapp.exports import views as exports
from surveyapp.feedback import views as feedback
from surveyapp.foundation.calendar import pages as closed_days_pages
from surveyapp.foundation.web import notices_pages, typed_text
from surveyapp.foundation.web.access import guard_staff
from surveyapp.foundation.web.base import prepare_blueprint
from surveyapp.foundation.web.request_checks import LARGEST_STAFF_UPLOAD
from surveyapp.foundation.web.static_files import static_blueprint
from surveyapp.gathering import views as gathering
from surveyapp.governance import views as governance
from surveyapp.handing_over import views as handing_over
from surveyapp.involvement import views as involvement
from surveyapp.issuing import views as issuing
from surveyapp.keying import views as keying
from surveyapp.log import views as log
from surveyapp.mailing import views as mailing
from surveyapp.meeting import views as meeting
from surveyapp.navigation import navigation
from surveyapp.permissions import guard_roles, may_open
from surveyapp.planning import views as planning
from surveyapp.report import views as report
from surveyapp.retention import views as retention
from surveyapp.retention.closed_pages import guard_removed_audit
from surveyapp.sampling import views as sampling
from surveyapp.subject_access import views as subject_access
from surveyapp.tracking import views as tracking

# Pages for staff, in the order of the journey.
STAFF_STEPS = (
    defining.bp,
    agencies.bp,
    planning.bp,
    sampling.bp,
    involvement.bp,
    issuing.bp,
    handing_over.bp,
    calling.bp,
    chasing.bp,
    tracking.bp,
    keying.bp,
    closing.bp,
    collating.bp,
    gathering.bp,
    concluding.bp,
    exports.bp,
    report.bp,
    brief.bp,
    diary.bp,
    meeting.bp,
    archive.bp,
    retention.bp,
)
# Pages for staff that belong to no step.
OTHER_STAFF_PAGES = (mailing.bp, closed_days_pages.bp, log.bp, governance.bp, subject_access.bp)
CONTACT_STEPS = (answering.bp, involvement.contact_bp, feedback.bp)
# Pages open to everybody, without a link or an account.
OPEN_PAGES = (notices_pages.bp, diary.feed_bp)


def register_pages(app: Flask, url_prefix: str) -> None:
    """Register all pages in an app, below a prefix that is empty or begins with a slash."""
    staff = Blueprint("survey", __name__, template_folder="templates")
    contact = Blueprint("survey_contact", __name__, template_folder="templates")
    prepare_blueprint(staff, largest_upload=LARGEST_STAFF_UPLOAD)
    prepare_blueprint(contact)
    typed_text.give_typed_text_back(staff)
    answering.register_access_pages(contact)
    staff.before_request(guard_staff)
    staff.before_request(guard_roles)
    staff.before_request(partial(guard_removed_audit, may_open))
    staff.context_processor(navigation)
    for blueprint in (*STAFF_STEPS, *OTHER_STAFF_PAGES):
        staff.register_blueprint(blueprint)
    for blueprint in (*CONTACT_STEPS, *OPEN_PAGES):
        contact.register_blueprint(blueprint)
    for parent in (staff, contact, static_blueprint()):
        app.register_blueprint(parent, url_prefix=url_prefix or None)
    if url_prefix.upper() != url_prefix:
        capitals = Blueprint("survey_capitals", __name__, template_folder="templates")
        prepare_blueprint(capitals)
        answering.register_link_in_capitals(capitals)
        app.register_blueprint(capitals, url_prefix=url_prefix.upper())
