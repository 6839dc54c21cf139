"""JSON as the observer needs it, without the package: importing that takes as long as a whole bare Python starts."""

try:
    from _json import encode_basestring_ascii, make_scanner
except ImportError:  # Only CPython has it.
    from json import JSONDecoder
    from json.encoder import encode_basestring_ascii

    def make_scanner(_settings):
        return JSONDecoder().raw_decode


class _Settings:
    """What the scanner asks for (Lib/json/decoder.py, JSONDecoder)."""

    strict = True
    object_hook = object_pairs_hook = None
    parse_float, parse_int, parse_constant = float, int, float
    memo = {}


def read(text):
    """Return the value of the JSON ``text``, which begins without white space. Raises ValueError."""
    try:
        return make_scanner(_Settings)(text, 0)[0]
    except StopIteration:
        raise ValueError("this is no JSON: %r" % (text[:200],))


def write(value):
    """Return the JSON, in ASCII, of None, a bool, an int, a text, or of lists and dicts of those."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, str):
        return encode_basestring_ascii(value)
    if isinstance(value, dict):
        return "{%s}" % ", ".join(
            ["%s: %s" % (encode_basestring_ascii(name), write(item)) for name, item in value.items()]
        )
    return "[%s]" % ", ".join([write(item) for item in value])
