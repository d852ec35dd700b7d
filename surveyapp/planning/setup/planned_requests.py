"""Who will be asked about how many cases, once a set-up file is stored."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from surveyapp.agencies.directory_import.directory_plan import DirectoryPlan, PlannedAgency, PlannedContact
from surveyapp.foundation.words.clean_text import name_key
from surveyapp.planning.setup.setup_schema import SetUp


@dataclass(frozen=True)
class PlannedRequests:
    """How many cases an agency will be asked about, and whom; `contact` is None if it has nobody to ask."""

    agency: PlannedAgency
    contact: PlannedContact | None
    cases: int


def planned_requests(set_up: SetUp, plan: DirectoryPlan) -> list[PlannedRequests]:
    """Who will be asked about how many cases, by name of agency, as the page before issuing shows it."""
    cases = Counter(name_key(name) for case in set_up.cases for name in case.agencies)
    asked = [
        PlannedRequests(planned, planned.to_ask, cases[name_key(agency.name)])
        for agency, planned in zip(set_up.agencies, plan.agencies, strict=True)
        if cases[name_key(agency.name)]
    ]
    return sorted(asked, key=lambda requests: requests.agency.name.casefold())


def unreachable_agencies(set_up: SetUp, plan: DirectoryPlan) -> Iterator[tuple[int, str]]:
    """Warnings about agencies that are asked and have nobody to ask, each with its number in the file."""
    asked = {name_key(name) for case in set_up.cases for name in case.agencies}
    for index, (agency, planned) in enumerate(zip(set_up.agencies, plan.agencies, strict=True)):
        if planned.to_ask is None and name_key(agency.name) in asked:
            yield index, f"{planned.name} has nobody to ask: give it a lead or a deputy"
