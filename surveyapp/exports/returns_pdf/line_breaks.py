"""Breaks text into lines, and measures their width."""

from surveyapp.foundation.documents.fonts import THOUSAND, font_of_weight

# The number of words whose widths are cached.
MEASURED = 50_000


class LineBreaker:
    """Breaks text of one weight and size into lines of one width; all measures are in points."""

    def __init__(self, weight: str, size: float, width: float) -> None:
        """Begin with an empty cache of widths."""
        self.weight, self.size = weight, size
        self._widths = font_of_weight(weight).widths
        self._most = width * THOUSAND / size
        self._space = self._widths[" "]
        self._words: dict[str, int] = {}

    def lines(self, text: str) -> list[str]:
        """The lines of a printable text.

        All but the last end with a space, so that screen readers do not join their words.
        """
        lines: list[str] = []
        for line in text.split("\n"):
            if lines:
                lines[-1] += " "
            lines += self._broken(line)
        return lines

    def points(self, text: str) -> float:
        """The width of a printable text on one line."""
        return self._wide(text) * self.size / THOUSAND

    def _broken(self, line: str) -> list[str]:
        """Break a text without line ends at its spaces."""
        lines: list[str] = []
        words: list[str] = []
        used = 0
        for word in line.split(" "):
            wide = self._wide(word)
            if words and used + self._space + wide > self._most:
                lines.append(" ".join(words) + " ")
                words, used = [], 0
            if words:
                used += self._space
            elif wide > self._most:
                *full_lines, word = self._cut(word)  # noqa: PLW2901 — what is left of it goes on
                lines += full_lines
                wide = self._wide(word)
            words.append(word)
            used += wide
        return [*lines, " ".join(words)]

    def _cut(self, word: str) -> list[str]:
        """Cut a word that is too long for a line into pieces that fit."""
        pieces, begin, used = [], 0, 0
        for place, letter in enumerate(word):
            wide = self._widths[letter]
            if used + wide > self._most and place > begin:
                pieces.append(word[begin:place])
                begin, used = place, 0
            used += wide
        return [*pieces, word[begin:]]

    def _wide(self, word: str) -> int:
        """The width of a word in font units."""
        width = self._words.get(word)
        if width is None:
            if len(self._words) == MEASURED:
                self._words.clear()
            width = self._words[word] = sum(map(self._widths.__getitem__, word))
        return width
