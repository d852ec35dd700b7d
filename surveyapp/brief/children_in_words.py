"""The sentences of a brief about its children: their number, ages, splits and needs."""

from collections import Counter
from collections.abc import Callable, Sequence

from surveyapp.checks.audit_facts import AuditFacts, Child
from surveyapp.foundation.words.dates_and_lists import list_in_words
from surveyapp.foundation.words.number_words import capitalised, number_in_words
from surveyapp.planning.cases.ages import age_in_words


def counted_children(count: int) -> str:
    """The number of children in words, such as “ten children”."""
    return f"{number_in_words(count)} {'child' if count == 1 else 'children'}"


def children_in_words(facts: AuditFacts, *, shows_splits: bool) -> tuple[str, ...]:
    """Two paragraphs on the children (stories I3): their ages, with splits if wanted, and their needs.

    The second is empty if no needs are recorded; without children there are none.
    """
    if not facts.children:
        return ()
    count = len(facts.children)
    sentences = [_ages(facts.children)]
    if shows_splits:
        sentences += [
            _split(facts.children, "gender", _are_of_gender),
            _split(facts.children, "plan", _have_plan),
        ]
    needs = Counter(need for child in facts.children for need in dict.fromkeys(child.needs))
    # The most frequent first; needs of equal frequency stay in the order of the children.
    most_first = [need for need, _ in needs.most_common()]
    possessive = "Their" if count > 1 else "The child’s"
    needs_sentence = f"{possessive} needs and experiences include {list_in_words(most_first)}."
    return (" ".join(filter(None, sentences)), needs_sentence if needs else "")


def _ages(children: Sequence[Child]) -> str:
    count = len(children)
    known_ages = sorted(child.age_months for child in children if child.age_months is not None)
    unborn = sum(child.unborn for child in children)
    subject = f"The {counted_children(count)} {'was' if count == 1 else 'were'}"
    if not known_ages:
        return f"{subject} not yet born at the time of the audit." if unborn == count else ""
    youngest, oldest = age_in_words(known_ages[0]), age_in_words(known_ages[-1])
    some = " where their age is known" if len(known_ages) + unborn < count else ""
    until = "old at the time of the audit"
    if not unborn and youngest == oldest:
        return f"{subject} {oldest} {until}{some}."
    unit = oldest.rpartition(" ")[2]
    # “2 to 13 years”, but “6 months to 13 years”.
    young = "from before birth" if unborn else youngest.removesuffix(f" {unit}")
    return f"{subject} {young} to {oldest} {until}{some}."


_GENDERS = {"female": ("a girl", "girls"), "male": ("a boy", "boys")}


def _split(children: Sequence[Child], name: str, say: Callable[[str, int], str]) -> str:
    """A sentence such as “Five are girls and five are boys”; empty if unknown for any child."""
    counts = Counter(str(getattr(child, name)) for child in children)
    if "" in counts or len(children) == 1:
        return ""
    most_first = sorted(counts.items(), key=lambda value_and_count: (-value_and_count[1], value_and_count[0]))
    return capitalised(list_in_words([say(value, count) for value, count in most_first]) + ".")


def _are_of_gender(value: str, count: int) -> str:
    one, many = _GENDERS.get(value, (value, value))
    return f"{number_in_words(count)} is {one}" if count == 1 else f"{number_in_words(count)} are {many}"


def _have_plan(value: str, count: int) -> str:
    if value == "looked after":
        return _are_of_gender(value, count)
    plan = value if value.endswith("plan") else f"{value} plan"
    article = "an" if plan[:1] in "aeiou" else "a"
    return f"{number_in_words(count)} {'has' if count == 1 else 'have'} {article} {plan}"
