"""Spooling answers to a temporary file."""

from hypothesis import given
from hypothesis import strategies as st

from surveyapp.exports.spooled_answers import MOST_BYTES_IN_MEMORY, SpooledAnswers, StoredAnswer

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=10)


@given(
    st.lists(
        st.lists(st.tuples(WORDS, WORDS, WORDS, st.none() | st.binary(max_size=10)), max_size=3), max_size=6
    )
)
def test_spooled_answers_can_be_read_in_any_order(
    returns: list[list[StoredAnswer]],
) -> None:
    with SpooledAnswers() as spool:
        for answers in returns:
            spool.add(answers)
        assert len(spool) == len(returns)
        assert list(spool) == returns
        for number in reversed(range(len(returns))):
            assert spool.at(number) == returns[number]
            for question in {"never asked", *(answer[0] for answer in returns[number])}:
                alone = [answer for answer in returns[number] if answer[0] == question]
                assert spool.at(number, question) == alone


def test_answers_can_be_read_while_the_spool_grows_beyond_memory() -> None:
    long = b"x" * (MOST_BYTES_IN_MEMORY // 2)
    with SpooledAnswers() as spool:
        for number in range(4):
            spool.add([("q", "", str(number), long)])
            assert spool.at(0)[0][2] == "0"
        assert [answers[0][2] for answers in spool] == ["0", "1", "2", "3"]
