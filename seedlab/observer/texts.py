"""Makes text of a script's objects, whose own code may fail or give anything."""


def text_of(value, convert=str):
    """Return ``convert(value)``, or, as tracebacks do, a text that says that this failed."""
    try:
        return convert(value)
    except Exception:
        return "<%s %s() failed>" % (type(value).__name__, convert.__name__)


def encodable(text):
    """Return ``text`` with lone surrogates escaped, which stand for bytes of names that are no UTF-8."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
