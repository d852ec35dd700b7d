"""Where the lines of a return break, and how wide they are."""

from surveyapp.foundation.documents.fonts import THOUSAND, font_of_weight

# So many different words stay measured.
MEASURED = 50_000


class LineBreaker:
    """Breaks text of one weight and size into lines of one width, in points."""

    def __init__(self, weight: str, size: float, width: float) -> None:
        """Begin with no word measured."""
        self.weight, self.size = weight, size
        self._widths = font_of_weight(weight).widths
        self._most = width * THOUSAND / size
        self._space = self._widths[" "]
        self._words: dict[str, int] = {}

    def lines(self, text: str) -> list[str]:
        """The lines of a printable text; all but the last end with a blank, for those who hear them."""
        found: list[str] = []
        for line in text.split("\n"):
            if found:
                found[-1] += " "
            found += self._broken(line)
        return found

    def points(self, text: str) -> float:
        """How wide a printable text is on one line."""
        return self._wide(text) * self.size / THOUSAND

    def _broken(self, line: str) -> list[str]:
        done: list[str] = []
        words: list[str] = []
        used = 0
        for word in line.split(" "):
            wide = self._wide(word)
            if words and used + self._space + wide > self._most:
                done.append(" ".join(words) + " ")
                words, used = [], 0
            if words:
                used += self._space
            elif wide > self._most:
                *whole, word = self._cut(word)  # noqa: PLW2901 — what is left of it goes on
                done += whole
                wide = self._wide(word)
            words.append(word)
            used += wide
        return [*done, " ".join(words)]

    def _cut(self, word: str) -> list[str]:
        """A word too long for a line, in pieces that fit."""
        pieces, begin, used = [], 0, 0
        for place, each in enumerate(word):
            wide = self._widths[each]
            if used + wide > self._most and place > begin:
                pieces.append(word[begin:place])
                begin, used = place, 0
            used += wide
        return [*pieces, word[begin:]]

    def _wide(self, word: str) -> int:
        found = self._words.get(word)
        if found is None:
            if len(self._words) == MEASURED:
                self._words.clear()
            found = self._words[word] = sum(map(self._widths.__getitem__, word))
        return found
