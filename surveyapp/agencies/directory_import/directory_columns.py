"""The columns of a list of agencies and contacts, by the heads that offices give them."""

from surveyapp.foundation.tables.columns import Column

AGENCY = Column(
    "agency",
    "Agency",
    ("agency name", "name of agency", "name of the agency", "organisation", "organization", "service"),
    is_needed=True,
)
KIND = Column("kind", "Kind of agency", ("kind", "type", "type of agency", "agency type", "sector"))
NAME = Column(
    "name",
    "Name of the contact",
    ("name", "contact", "contact name", "name of contact", "full name", "audit lead", "lead", "lead name"),
)
FIRST_NAME = Column("first_name", "First name", ("forename", "given name"))
LAST_NAME = Column("last_name", "Last name", ("surname", "family name"))
EMAIL = Column(
    "email",
    "Email address",
    ("email", "e mail", "e mail address", "mail", "contact email", "work email"),
    pattern="@",
)
TELEPHONE = Column(
    "telephone",
    "Telephone",
    ("tel", "tel no", "tel number", "telephone number", "phone", "phone number", "mobile", "contact number"),
)
ROLE = Column("role", "Role for audits", ("role", "contact role", "audit role", "role of contact"))

DIRECTORY_COLUMNS = (AGENCY, KIND, NAME, FIRST_NAME, LAST_NAME, EMAIL, TELEPHONE, ROLE)
