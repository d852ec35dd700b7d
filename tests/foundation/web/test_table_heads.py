from surveyapp.foundation.web.table_heads import with_heads


def test_each_cell_is_given_the_head_of_its_column() -> None:
    rows = '<tr class="row"><th scope="row">Child 1</th><td>4 of 5</td><td class="quiet">sent</td></tr>' * 2
    headed = (
        '<tr class="row"><th scope="row">Child 1</th><td data-head="Returned">4 of 5</td>'
        '<td class="quiet" data-head="State">sent</td></tr>'
    )
    assert with_heads(rows, ["Case", "Returned", "State"]) == headed * 2


def test_a_cell_over_several_columns_and_one_without_a_head_stay_as_they_are() -> None:
    rows = '<tr><td colspan="2">Both</td><td>x</td><td>y</td><td>z</td></tr>'
    assert with_heads(rows, ["A", "B", "C", ""]) == (
        '<tr><td colspan="2">Both</td><td data-head="C">x</td><td>y</td><td>z</td></tr>'
    )


def test_a_head_is_escaped() -> None:
    assert with_heads("<tr><td>1</td></tr>", ['"A" & B']) == (
        '<tr><td data-head="&#34;A&#34; &amp; B">1</td></tr>'
    )
