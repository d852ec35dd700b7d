"""The key of a flag, by which its answer is found."""

from tests.checks.flagged_points import flags_of


def test_the_key_of_a_flag_changes_only_with_its_sentence() -> None:
    [one] = flags_of("Three children moved")
    [other] = flags_of("Three  children moved")
    [edited] = flags_of("Three children moved away")
    assert one.key == other.key
    assert one.key != edited.key
    both = flags_of("Three children moved. Three children moved. They came back.")
    assert len(both) == 1
