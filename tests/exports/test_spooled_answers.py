from hypothesis import given
from hypothesis import strategies as st

from surveyapp.exports.spooled_answers import MOST_BYTES_IN_MEMORY, SpooledAnswers, StoredAnswer

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=10)


@given(
    st.lists(
        st.lists(st.tuples(WORDS, WORDS, WORDS, st.none() | st.binary(max_size=10)), max_size=3), max_size=6
    )
)
def test_what_is_kept_aside_comes_back_in_any_order(
    returns: list[list[StoredAnswer]],
) -> None:
    with SpooledAnswers() as aside:
        for each in returns:
            aside.add(each)
        assert len(aside) == len(returns)
        assert list(aside) == returns
        for number in reversed(range(len(returns))):
            assert aside.at(number) == returns[number]
            for question in {"never asked", *(each[0] for each in returns[number])}:
                alone = [each for each in returns[number] if each[0] == question]
                assert aside.at(number, question) == alone


def test_it_may_grow_beyond_memory_and_be_read_while_it_grows() -> None:
    long = b"x" * (MOST_BYTES_IN_MEMORY // 2)
    with SpooledAnswers() as aside:
        for number in range(4):
            aside.add([("q", "", str(number), long)])
            assert aside.at(0)[0][2] == "0"
        assert [each[0][2] for each in aside] == ["0", "1", "2", "3"]
