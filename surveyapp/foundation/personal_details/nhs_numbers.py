"""The check digit of NHS numbers, which identify a patient and must not appear in an audit."""


def is_nhs_number(text: str) -> bool:
    """Whether a text of ten digits, with or without spaces and dashes, ends with a valid check digit.

    Modulus 11 (NHS Data Model and Dictionary, attribute NHS NUMBER): the first nine digits have the weights
    10 down to 2. The check digit is 11 less the remainder of their sum divided by 11; 11 is written as 0, and
    10 is never issued.
    """
    digits = [int(character) for character in text if character in "0123456789"]
    if len(digits) != 10:  # noqa: PLR2004 — the length of an NHS number
        return False
    check = 11 - sum(digit * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    return check % 11 == digits[9]
