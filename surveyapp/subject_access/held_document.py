"""What is held about one child as a document, from which somebody removes what concerns other people."""

from surveyapp.foundation.documents.blocks import Block, Document, DocumentHeading, DocumentParagraph, Facts
from surveyapp.planning.cases.ages import Age
from surveyapp.subject_access.held import HeldAboutCase, HeldReturn

_BEFORE_DISCLOSURE = (
    "Before any of this is given to the child or a parent: ask each agency whose file it comes from, and "
    "take out what concerns other people or could harm somebody."
)
_NOT_LINKED = (
    "Findings, paragraphs of the report, notes of workshops and the brief are about the audit as a whole. "
    "They are linked to no child and are not in this document: read them for a mention of this case."
)


def held_document(held: HeldAboutCase, *, author: str) -> Document:
    """The document for one case of one audit."""
    case = held.case
    blocks: list[Block] = [
        DocumentParagraph(_BEFORE_DISCLOSURE, "strong"),
        DocumentHeading("The case"),
        Facts((("Audit", case.audit.title), *_case_facts(held))),
    ]
    for held_return in held.returns:
        blocks += _return_blocks(held_return)
    if held.elsewhere:
        blocks.append(DocumentHeading("Other texts about this case"))
        for text in held.elsewhere:
            blocks += [DocumentHeading(text.what, 2), DocumentParagraph(text.text)]
    blocks += [DocumentHeading("Not in this document"), DocumentParagraph(_NOT_LINKED)]
    return Document(
        f"What is held about {case.pseudonym}", author, f"{author}: {case.pseudonym}", tuple(blocks)
    )


def _case_facts(held: HeldAboutCase) -> tuple[tuple[str, str], ...]:
    case = held.case
    known = (
        ("Pseudonym", case.pseudonym),
        ("Age", str(Age(case.age_months, case.unborn))),
        ("Gender", case.gender),
        ("Category", case.category),
        ("Plan type", case.plan),
        ("Sibling group", case.sibling_group),
        ("Needs and experiences", ", ".join(case.needs)),
    )
    return tuple((name, value) for name, value in known if value)


def _return_blocks(held_return: HeldReturn) -> list[Block]:
    facts = [("How it stands", held_return.state)]
    if held_return.reference:
        facts.insert(0, ("The agency’s own reference", held_return.reference))
    blocks: list[Block] = [DocumentHeading(held_return.agency), Facts(tuple(facts))]
    reason, where = held_return.nil
    if reason:
        blocks.append(DocumentParagraph(f"The agency was not involved: {reason}. {where}".strip()))
    for question in held_return.answers:
        if question.lines:
            blocks.append(DocumentHeading(question.heading, 2, keep_together=True))
            blocks += [DocumentParagraph(question.wording, "quiet")] if question.wording else []
            blocks.append(DocumentParagraph("\n".join(question.lines)))
    if held_return.earlier:
        blocks.append(DocumentHeading("Earlier text, replaced since", 2))
        blocks.append(Facts(tuple((text.what, text.text) for text in held_return.earlier)))
    return blocks
