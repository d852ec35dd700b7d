"""`survey collate` prints every question for people; its JSON is compared in tests/collating."""

import json

from tests.commands.terminal import Run
from tests.row_maker import Maker


def test_every_figure_is_printed_with_its_denominator(run: Run, make: Maker) -> None:
    audit = make.audit(cases=2, agencies=1, returned=1, title="Repeat plans")
    output = run("collate", audit.id).stdout
    assert output.startswith(
        "Collation: Repeat plans\n"
        "1 of 2 returned (50%). The figures count the 1 return with answers, on 1 case.\n"
    )
    supervision = output.partition("  2  Case overseen")[2].partition("  3  ")[0]
    assert [" ".join(line.split()) for line in supervision.splitlines()[1:7]] == [
        "Out of the 1 return that answered, “Not applicable” counted.",
        "Yes 1 of 1 return (100%)",
        "No 0 of 1 return (0%)",
        "Not applicable 0 of 1 return (0%)",
        "Not answered 0 of 1 return",
        "",
    ]


def test_one_case_is_printed_alone(run: Run, make: Maker) -> None:
    audit = make.audit(cases=2, agencies=1, returned=1, title="Repeat plans")
    assert "no returns yet" in run("collate", audit.id, "--case", "child 2").stdout
    assert (
        json.loads(run("collate", "Repeat plans", "--case", "Child 1", "--json").stdout)["case"] == "Child 1"
    )


def test_an_audit_or_a_case_that_is_not_there_is_refused_in_a_sentence(run: Run, make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1, title="Repeat plans")
    nobody = run("collate", audit.id, "--case", "Child 9")
    assert (nobody.exit_code, nobody.stderr) == (1, "There is no case “Child 9” in “Repeat plans”.\n")
    assert run("collate", 99).exit_code == 1


def test_before_any_return_there_are_questions_and_no_figures(run: Run, make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1)
    output = run("collate", audit.id).stdout
    assert output.count("no returns yet") == 14
    assert "%" not in output.partition("\n1. ")[2]
