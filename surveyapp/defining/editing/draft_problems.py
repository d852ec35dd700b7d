"""The checks of a form that is being made, by the part of its pages that each concerns."""

from dataclasses import dataclass

from surveyapp.defining.editing.draft import FormDraft
from surveyapp.defining.form_checks import FormProblem, form_problems


@dataclass(frozen=True)
class DraftProblems:
    """Every mistake and warning of a form that is being made."""

    draft: FormDraft
    problems: tuple[FormProblem, ...]

    @property
    def mistakes(self) -> tuple[FormProblem, ...]:
        """What keeps the form from being used."""
        return tuple(problem for problem in self.problems if not problem.is_warning)

    @property
    def warnings(self) -> tuple[FormProblem, ...]:
        """What works but may not be as intended."""
        return tuple(problem for problem in self.problems if problem.is_warning)

    def of_question(self, name: str) -> tuple[FormProblem, ...]:
        """Those of one question, and of the list of answers that it uses."""
        question = self.draft.question(name)
        shared = question.answers if question else None
        return self.only_of_question(name) + (self.of_list(shared) if isinstance(shared, str) else ())

    def only_of_question(self, name: str) -> tuple[FormProblem, ...]:
        """Those of one question by itself; the mistakes first."""
        index = next(index for index, question in enumerate(self.draft.questions) if question.id == name)
        return tuple(problem for problem in self.problems if problem.loc[:2] == ("questions", index))

    def of_theme(self, name: str) -> tuple[FormProblem, ...]:
        """Those of one theme."""
        return tuple(problem for problem in self.problems if problem.loc[:2] == ("themes", name))

    def of_list(self, name: str) -> tuple[FormProblem, ...]:
        """Those of one list of answers."""
        return tuple(problem for problem in self.problems if problem.loc[:2] == ("answers", name))

    @property
    def of_form(self) -> tuple[FormProblem, ...]:
        """Those of the form as a whole."""
        return tuple(problem for problem in self.problems if len(problem.loc) == 1)


def problems_of(draft: FormDraft) -> DraftProblems:
    """Check a form that is being made by the rules of form files."""
    lacking = [
        FormProblem((name,), words)
        for name, words in (
            ("questions", "The form has no question yet."),
            ("themes", "The form has no theme yet. Themes are the headings of the report."),
        )
        if not getattr(draft, name)
    ]
    return DraftProblems(draft, (*lacking, *form_problems(draft.content)))
