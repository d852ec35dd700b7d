"""The ways in which a text gives a number of children, as patterns for the check of small numbers."""

from surveyapp.foundation.words.late_pattern import LatePattern
from surveyapp.foundation.words.number_words import AMOUNT, NOT_A_LABEL, NUMBER

# “A children’s home” or “a child protection conference” does not count children.
_NO_PEOPLE = (
    r"(?!['’]?s?['’]?\s+(?:services?|homes?|centres?|hospitals?|hubs?|schools?|clinics?|wards?|teams?|workers?"
    r"|social|guardians?|boards?|panels?|courts?|groups?|members?|mental|nurses?|doctors?|therap\w*|psych\w*"
    r"|referral|premium|support|intervention|practitioners?|partnerships?|safeguarding|development|approach"
    r"|protection\s+(?:conference|review|team|chair|meeting|process|procedure|medical)s?)\b)"
)
_SEVERAL = (
    r"(?:(?:school)?children|(?:school)?boys|(?:school)?girls|babies|infants|toddlers|newborns|teenagers|teens"
    r"|adolescents|minors|youths|youngsters|kids|pupils|students|siblings|brothers|sisters|sons|daughters"
    r"|young\s+(?:wo)?men|young\s+carers"
    r"|young people|families|[\w-]{1,20}[\s-]year[\s-]olds)"
)
_ONE = (
    r"(?:(?:school)?child|(?:school)?boy|(?:school)?girl|baby|infant|toddler|newborn|teenager|adolescent"
    r"|youngster|kid|pupil|student|sibling|brother|sister|son|daughter|young\s+(?:person|carer|(?:wo)?man)|family)"
)
_CHILDREN = rf"(?:{_SEVERAL}|{_ONE})\b{_NO_PEOPLE}"
# Words before “children”, including any such as “unaccompanied”, “missing” or “primary-aged”.
_KINDS_OF = (
    r"(?:(?:young|younger|older|youngest|oldest|eldest|little|pre-?school|primary|secondary|school-?age|unborn"
    r"|female|male|teenage|pregnant|other|different|single|looked[- ]after|vulnerable|black|white|asian|roma"
    r"|new|small"
    r"|(?!(?:meet|hear|train|sett|build|brief)ing\b)[\w-]{3,20}(?:ed|ing|ish|ese|ian|ic))\s+){0,2}"
)
_OF = r"(?:(?:out\s+)?of\s+(?:(?:the|these|those|our|their|all)\s+){0,2})"
_CASES = (
    r"cases?\b(?!\s+(?:conference|holder|stud|file|note|audit|manage|meeting|discussion|review|worker|record"
    r"|law|summar|example|map))"
)
# Verbs that follow a number of children, and what happens to children alone.
_DID = r"(?:is|are|was|were|has|have|had|did|do|does|went|live[sd]?|came|moved|waited|missed|ran|said|told)\b"
_HAPPENED = (
    r"(?:seen|(?:found|left)\s+(?:alone|at)|hurt|hit|harmed|injured|abused|assaulted|pregnant|born|adopted|excluded"
    r"|in\s+care|looked\s+after|removed|missing\s+from|killed)\b"
)
# One pattern for each way of writing a number of children; its one group holds the number.
# “Three children”, “two of the ten older boys”.
_NUMBER_OF_CHILDREN = rf"(?P<of_children>{AMOUNT})\s+{_OF}?(?:{NUMBER}\s+)?{_KINDS_OF}{_CHILDREN}"
# “Two of them”.
_NUMBER_OF_THEM = rf"(?P<of_them>{AMOUNT})\s+of\s+(?:them|these|those|whom)\b"
# “Two cases”, “2 of 10 cases”.
_NUMBER_OF_CASES = rf"(?P<of_cases>{AMOUNT})\s+(?:{_OF}(?:{NUMBER}\s+)?)?{_CASES}"
# “Five are girls”, “two were sisters”.
_NUMBER_WHO_ARE = rf"(?P<who_are>{NUMBER})\s+(?:is|are|was|were)\s+(?:an?\s+|the\s+)?{_KINDS_OF}{_CHILDREN}"
# “3 have a child in need plan”.
_NUMBER_WITH_A_PLAN = (
    rf"(?P<with_a_plan>{NUMBER})\s+(?:has|have|had)\s+(?:an?\s+)?(?:[\w-]+\s+){{0,4}}plans?\b"
)
# “Of whom two went missing”.
_NUMBER_AFTER_OF_WHOM = rf"\bof\s+whom,?\s+(?P<after_of_whom>{AMOUNT})\b"
# “Only 2 were seen”.
_NUMBER_AFTER_ONLY = rf"\b(?:only|just)\s+(?P<after_only>{AMOUNT})\s+(?:is|are|was|were|has|have|had|did)\b"
# “Several children, 4, were missed”; the number in “a girl, 13, was missed” is an age.
_NUMBER_BESIDE_CHILDREN = (
    rf"\b{_SEVERAL}\s*[,(:–—]\s*(?P<beside_children>{AMOUNT})(?=\s*(?:[,);.:–—]|$|(?:out\s+)?of\s))"
)
# “Of the ten children, two had moved”, “of the ten, two had”.
_NUMBER_AFTER_ALL = (
    rf"\bof\s+(?:(?:the|these|those|our|all)\s+){{0,2}}(?:(?:{NUMBER}\s+)?{_KINDS_OF}(?:{_CHILDREN}|{_CASES}),?"
    rf"|{NUMBER},)\s+(?:only\s+)?(?P<after_all>{AMOUNT})(?=\s*(?:$|[,.;:)])|\s+{_DID})"
)
# “Two were found alone”.
_NUMBER_TO_WHOM_IT_HAPPENED = (
    rf"(?P<to_whom>{AMOUNT})\s+(?:is|are|was|were|had\s+been|ha(?:s|ve)\s+been)\s+(?:not\s+)?{_HAPPENED}"
)
# Where several fit at one place of a text, the first of them counts.
_WAYS_OF_COUNTING = (
    _NUMBER_OF_CHILDREN,
    _NUMBER_OF_THEM,
    _NUMBER_OF_CASES,
    _NUMBER_WHO_ARE,
    _NUMBER_WITH_A_PLAN,
    _NUMBER_AFTER_OF_WHOM,
    _NUMBER_AFTER_ONLY,
    _NUMBER_BESIDE_CHILDREN,
    _NUMBER_AFTER_ALL,
    _NUMBER_TO_WHOM_IT_HAPPENED,
)
COUNT = LatePattern(rf"{NOT_A_LABEL}(?:{'|'.join(_WAYS_OF_COUNTING)})")
# In the block about the children a bare number counts children: “three have a child in need plan”.
COUNT_ALONE = LatePattern(rf"(?P<number>{NUMBER})\s+(?:is|are|has|have|was|were)\b")
# “All but two”, “with the exception of one”.
ALL_BUT = LatePattern(
    r"\b(?:(?:all|every(?:one|body|\s+child)|each|none|nobody)\s+(?:but|except(?:\s+for)?|bar|save|apart\s+from)"
    rf"|exception\s+of)\s+(?P<number>{AMOUNT})\b"
    r"(?!\s+(?:of\s+)?(?:the\s+)?(?:agenc|organis|meeting|visit|return|record|file|audit|answer|question|service"
    r"|worker|professional|week|month|day|year))",
)
FEW_WITHOUT_A_NUMBER = LatePattern(
    rf"\b(?:the only|a single|just the one)\s+{_KINDS_OF}{_CHILDREN}"
    rf"|\bboth\s+(?:of\s+)?(?:the\s+)?{_KINDS_OF}{_CHILDREN}|\btwins\b|\btriplets\b"
    rf"|\b(?:a\s+handful\s+of|very\s+few|hardly\s+any)\s+(?:of\s+)?(?:the\s+)?{_KINDS_OF}{_CHILDREN}",
)
# A share of other children than the audit’s. “In the area” is not here: the audit’s children live there.
_ELSEWHERE = (
    r"(?P<elsewhere>\s+(?:nationally|in\s+(?:England|Wales|Scotland|Britain|the\s+(?:UK|country)))\b)?"
)
# “2/15 children”, “1 in 15 children”.
SHARE = LatePattern(
    rf"(?P<count>{NUMBER}|(?<![\d.,/-])\d{{1,3}}(?=/))\s*(?:/|\b(?:in|per|out\s+of)\s+(?:every\s+)?)\s*"
    rf"(?P<of>{NUMBER}|(?<=/)\d{{1,3}}(?![\d/]))\s+{_OF}?{_KINDS_OF}(?:{_CHILDREN}|{_CASES}){_ELSEWHERE}",
)
DENOMINATORS = {"hal": 2, "thir": 3, "quarter": 4, "fif": 5, "six": 6, "eigh": 8, "ten": 10}
FRACTION = LatePattern(
    r"\b(?:(?P<half>half)\s+(?:of\s+)?"
    r"|(?P<how_many>an?|one|two|three|four)[\s-](?P<part>third|quarter|fifth|sixth|eighth|tenth)s?\s+of\s+)"
    rf"(?:(?:the|these|those|our|all)\s+){{0,2}}(?:{_KINDS_OF}{_CHILDREN}|them\b|{_CASES}){_ELSEWHERE}",
)
