"""The JSON that the observer needs, without the ``json`` package, whose import takes as long as starting Python."""

try:
    from _json import encode_basestring_ascii, make_scanner
except ImportError:  # Only CPython has it.
    from json import JSONDecoder
    from json.encoder import encode_basestring_ascii

    def make_scanner(_settings):
        return JSONDecoder().raw_decode


class _Settings:
    """The settings that the scanner reads (Lib/json/decoder.py, JSONDecoder)."""

    strict = True
    object_hook = object_pairs_hook = None
    parse_float, parse_int, parse_constant = float, int, float
    memo = {}


def read(text):
    """Return the value of the JSON ``text``, which must not begin with white space. Raise ValueError for other text."""
    try:
        return make_scanner(_Settings)(text, 0)[0]
    except StopIteration:
        raise ValueError("this is no JSON: %r" % (text[:200],))


def write(value):
    """Return, in ASCII, the JSON of None, a bool, an int, a str, or lists and dicts of these."""
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
