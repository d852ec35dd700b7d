"""The number by which the NHS knows a patient; what looks like one is never to stand in an audit."""


def is_nhs_number(text: str) -> bool:
    """Whether ten digits, with or without spaces and dashes, end with the check digit of an NHS number.

    Modulus 11 (NHS Data Model and Dictionary, attribute NHS NUMBER): the first nine digits weigh 10 down
    to 2; eleven less the remainder of their sum by 11 is the check digit, 11 written as 0, 10 never given.
    """
    digits = [int(each) for each in text if each in "0123456789"]
    if len(digits) != 10:  # noqa: PLR2004 — the length is the rule
        return False
    check = 11 - sum(digit * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    return check % 11 == digits[9]
