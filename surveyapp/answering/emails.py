"""All kinds of email of the answering step, gathered from its folders."""

from surveyapp.answering.access.emails import CODE
from surveyapp.answering.concerns.emails import CONCERN, CONCERN_TAKEN_BACK
from surveyapp.answering.enquiries.emails import ENQUIRY, ENQUIRY_ANSWERED
from surveyapp.answering.reopening.emails import RETURN_REOPENED
from surveyapp.answering.returns.emails import RECEIPT
from surveyapp.answering.several.emails import RECEIPT_SEVERAL

MAIL_KINDS = (
    RECEIPT,
    RECEIPT_SEVERAL,
    RETURN_REOPENED,
    CONCERN,
    CONCERN_TAKEN_BACK,
    ENQUIRY,
    ENQUIRY_ANSWERED,
    CODE,
)
