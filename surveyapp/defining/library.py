"""The folder of form files: its forms, their mistakes, and the JSON Schema for editors."""

import json
from dataclasses import dataclass
from pathlib import Path

from surveyapp.defining.definition import AuditForm
from surveyapp.defining.form_checks import FormWarning, check_file, read_form
from surveyapp.defining.form_schema import WrittenForm
from surveyapp.defining.mistakes import MOST_LISTED, Mistake
from surveyapp.foundation.settings import settings


@dataclass(frozen=True)
class FormFile:
    """One file of the folder: its form, or its mistakes."""

    path: Path
    form: AuditForm | None
    mistakes: tuple[Mistake, ...]
    warnings: tuple[FormWarning, ...]

    @property
    def listed_mistakes(self) -> tuple[Mistake, ...]:
        """The mistakes that the page lists: the first MOST_LISTED."""
        return self.mistakes[:MOST_LISTED]


def forms_folder() -> Path:
    """The folder of form files: the one in the settings, else that of the shipped forms."""
    set_folder = settings().forms_folder
    return Path(set_folder) if set_folder else shipped_forms()


def shipped_forms() -> Path:
    """The folder of the shipped forms, in the wheel or else in the source tree."""
    package = Path(__file__).parent.parent
    packaged = package / "forms"
    return packaged if packaged.is_dir() else package.parent / "forms"


def form_paths(folder: Path) -> list[Path]:
    """The form files of a folder, by name."""
    return sorted(path for path in folder.glob("*.y*ml") if path.suffix in {".yaml", ".yml"})


def form_files(folder: Path) -> list[FormFile]:
    """Every form file of a folder, by name; a second file of the same form counts as a mistake."""
    checked: list[FormFile] = []
    files: dict[str, str] = {}
    for path in form_paths(folder):
        mistakes, warnings = check_file(path)
        form = None if mistakes else read_form(path.read_bytes(), str(path))
        if form is not None and form.form in files:
            mistakes = [Mistake(str(path), 1, 1, f'the form "{form.form}" is in {files[form.form]} already')]
            form = None
        if form is not None:
            files[form.form] = path.name
        checked.append(FormFile(path, form, tuple(mistakes), tuple(warnings)))
    return checked


def available_forms(folder: Path) -> list[AuditForm]:
    """The forms without mistakes, by title."""
    forms = [file.form for file in form_files(folder) if file.form is not None]
    return sorted(forms, key=lambda form: (form.title.casefold(), form.form))


def form_named(folder: Path, name: str) -> AuditForm:
    """The form with this id. Raises KeyError if no file has it, FormMistakes if its file has mistakes."""
    # A file is named after its form, so the others need not be read.
    likely = folder / f"{name}.yaml"
    if name.isidentifier() and likely.is_file():
        form = read_form(likely.read_bytes(), str(likely))
        if form.form == name:
            return form
    for form in available_forms(folder):
        if form.form == name:
            return form
    raise KeyError(name)


def form_path(folder: Path, name: str) -> Path | None:
    """The file of the form with this id, also one with mistakes; None if there is none."""
    files = form_files(folder)
    stems = (file.path for file in files if file.form is None and file.path.stem == name)
    return next((file.path for file in files if file.form and file.form.form == name), next(stems, None))


def json_schema() -> str:
    """The JSON Schema of a form file, for editors that check a file while it is written."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **WrittenForm.model_json_schema(by_alias=True),
    }
    return json.dumps(schema | {"title": "Audit form"}, indent=2, ensure_ascii=False) + "\n"
