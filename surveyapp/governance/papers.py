"""The papers of the governance pack: what each is for, and the page that holds its words."""

from dataclasses import dataclass


@dataclass(frozen=True)
class GovernancePaper:
    """One paper: its name in the address and in the file’s name, its title, and what it is for.

    `has_gaps` is True for a starter, in which a data protection officer still fills in what only the
    partnership knows; False for a paper that contacts read as it is.
    """

    name: str
    title: str
    about: str
    has_gaps: bool = True


PAPERS = (
    GovernancePaper(
        "impact-assessment",
        "Data protection impact assessment",
        "Before the first audit: what is done with the data, the risks to people, and what reduces them.",
    ),
    GovernancePaper(
        "processing-record",
        "Record of processing",
        "The entry for the audits in the register of processing that each controller keeps.",
    ),
    GovernancePaper(
        "sharing-agreement",
        "Information sharing agreement",
        "What the agencies and the partnership agree on before answers are asked for.",
    ),
    GovernancePaper(
        "privacy-notice",
        "Privacy notice",
        "What contacts and staff are told; the same words as on the public page.",
        has_gaps=False,
    ),
    GovernancePaper(
        "accessibility-statement",
        "Accessibility statement",
        "What the law asks public bodies to publish; the same words as on the public page.",
        has_gaps=False,
    ),
)


def paper_named(name: str) -> GovernancePaper | None:
    """The paper with this name in its address; None if there is none."""
    return next((paper for paper in PAPERS if paper.name == name), None)
