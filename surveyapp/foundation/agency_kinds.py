"""The kinds of agency, by which forms choose whom to ask and figures are split."""

# The kinds of agency in the sources (R2014 2.1.9; stories C2, C3), in the order of the tracking grid.
AGENCY_KINDS = {
    "social_care": "Children’s social care",
    "health": "Health",
    "gp": "GP practice",
    "police": "Police",
    "school": "School or education",
    "early_help": "Early help",
    "nursery": "Nursery",
    "voluntary": "Voluntary sector",
    "youth": "Youth justice",
    "other": "Other",
}
