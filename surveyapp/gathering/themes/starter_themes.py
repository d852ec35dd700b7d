"""The starter list of themes: those that recur in past reports and briefs."""

# From R2014 3.6.2 and 3.6.3 and from the briefs of 2021 to 2025, where some of them are named as concerns.
STARTER_THEMES = (
    "Voice of the child",
    "A day in the life of the child",
    "Fathers",
    "Chronology and history",
    "Escalation and challenge",
    "Domestic abuse seen in isolation",
    "Over-optimism",
    "Denial and minimising",
    "Cumulative impact",
    "Naming neglect",
    "Information sharing",
    "Working together",
    "Meetings and minutes",
    "Recording",
    "Clear tasks and dates",
    "Use of tools",
    "Supervision",
    "Changes of worker",
    "Closing and stepping down",
    "Think Family",
)
