"""Assembles a brief: sentences worked out from its audit, and all blocks in reading order."""

from collections.abc import Sequence
from dataclasses import replace

from surveyapp.brief.brief import Brief, BriefChart, BriefSection, BriefText, Resource
from surveyapp.brief.children_in_words import children_in_words, counted_children
from surveyapp.checks.audit_facts import AuditFacts
from surveyapp.disclosure.agency_kinds import UNNAMED_KINDS
from surveyapp.foundation.agency_kinds import AGENCY_KINDS
from surveyapp.foundation.words.dates_and_lists import document_day, list_in_words
from surveyapp.foundation.words.number_words import capitalised, number_in_words

# Every figure names its unit.
_CHARTED = "How many returns answered so, of all that answered:"


def assemble_brief(
    facts: AuditFacts,
    written: BriefText,
    *,
    resources: Sequence[Resource] = (),
    chart: BriefChart | None = None,
    foot: str = "",
) -> Brief:
    """Put a brief together in reading order; blocks without content are left out."""
    sections = [
        BriefSection("about", "About this audit", paragraphs=(opening(facts, written), _aim(facts, written))),
        BriefSection(
            "children", "The children", paragraphs=children_in_words(facts, shows_splits=written.shows_splits)
        ),
        BriefSection("worries", "What we are worried about", "worry", points=written.worries),
        BriefSection("good-practice", "What good practice we saw", "good", points=written.good_practice),
    ]
    for number, theme in enumerate(written.themes, start=1):
        heading = f"Theme for learning: {theme.title}" if theme.title else "Theme for learning"
        sections.append(BriefSection(f"theme-{number}", heading, "theme", points=theme.points))
    for number, pair in enumerate(written.pairs, start=1):
        heading = f"What we found: {pair.title}" if pair.title else "What we found"
        then = "What needs to happen" if pair.needed else ""
        sections.append(
            BriefSection(
                f"pair-{number}", heading, "pair", (), pair.found, then_heading=then, then_points=pair.needed
            )
        )
    sections += [
        BriefSection("callouts", "Keep in mind", "callout", points=written.callouts),
        *([BriefSection("chart", chart.title, "figure", (_CHARTED,), chart=chart)] if chart else []),
        BriefSection(
            "organisations", "Organisations that audited", paragraphs=(organisations_in_words(facts),)
        ),
        BriefSection("links", "Tools and reading", links=tuple(resources)),
    ]
    filled = (_without_blanks(section) for section in sections)
    return Brief(
        title=brief_title(facts, written),
        author=facts.partnership,
        foot=foot,
        sections=tuple(section for section in filled if len(section.texts) > 1),
    )


def _without_blanks(section: BriefSection) -> BriefSection:
    return replace(section, paragraphs=tuple(filter(None, section.paragraphs)))


def brief_title(facts: AuditFacts, written: BriefText) -> str:
    """The title (stories I1), with the month of the audit day, or else of the end of its returns."""
    month = written.audited_on or facts.month
    title = "Multi-agency quality assurance audit"
    title = f"{title}: {facts.theme}" if facts.theme else title
    return f"{title}, {month:%B %Y}" if month else title


def opening(facts: AuditFacts, written: BriefText) -> str:
    """The day of the audit, its children and cohort (stories I2), and the cases discussed (stories I12)."""
    audit_day = f"The audit of {document_day(written.audited_on)}" if written.audited_on else "This audit"
    if not facts.children:
        return f"{audit_day} has no return with answers yet."
    children = counted_children(len(facts.children))
    cohort = f" {written.cohort.rstrip('.')}" if written.cohort else ""
    sentences = f"{audit_day} reviewed the records of {children}{cohort}."
    if written.discussed is not None:
        discussed = number_in_words(written.discussed) if written.discussed else "none"
        cases = "case was" if len(facts.children) == 1 else "cases were"
        were = "was" if written.discussed == 1 else "were"
        number = capitalised(number_in_words(len(facts.children)))
        sentences += f" {number} {cases} audited, and {discussed} of them {were} discussed together."
    return sentences


def _aim(facts: AuditFacts, written: BriefText) -> str:
    aim = written.aim or facts.aim
    # Most aims are written as “To see whether …”.
    return f"The aim was to {aim[3:]}" if aim[:3].lower() == "to " else aim


def organisations_in_words(facts: AuditFacts) -> str:
    """The organisations with returns, in order of kind (stories C7, I9); schools and others only by kind."""
    if not facts.audited:
        return ""
    order = list(AGENCY_KINDS)
    in_order = sorted(
        facts.audited,
        key=lambda organisation: (
            order.index(organisation.kind) if organisation.kind in order else 99,
            organisation.name,
        ),
    )
    named = dict.fromkeys(
        UNNAMED_KINDS.get(organisation.kind, organisation.name) for organisation in in_order
    )
    subject = f"the {counted_children(len(facts.children))}" if len(facts.children) > 1 else "the child"
    return f"These audited their involvement with {subject}: {list_in_words(list(named))}."
