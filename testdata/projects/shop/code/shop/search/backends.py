try:
    from rapidfuzz import fuzz
except ImportError:
    fuzz = None

try:
    import ujson as json
except ImportError:
    import json


def words(text):
    return [word for word in text.lower().split() if len(word) > 2]


class WordBackend:
    """Counts shared words; good enough for a few thousand products."""

    def score(self, left, right):
        if fuzz is not None:
            return fuzz.token_set_ratio(left, right) / 100.0
        a, b = set(words(left)), set(words(right))
        if not a or not b:
            return 0.0
        return len(a & b) / float(len(a | b))

    def dump(self, documents):
        return json.dumps([[document.pk, document.body] for document in documents])
