"""The JSON that the observer needs, without the ``json`` package, whose import takes as long as starting Python."""

try:
    from _json import encode_basestring_ascii, make_encoder, make_scanner
except ImportError:  # Only CPython has it.
    from json import JSONDecoder, dumps

    def make_scanner(_settings):
        return JSONDecoder().raw_decode

    def _pieces(value, _indent):
        return (dumps(value),)

else:
    # As json.dumps does it (Lib/json/encoder.py, JSONEncoder.iterencode), without a look for lists in themselves.
    _pieces = make_encoder(None, None, encode_basestring_ascii, None, ": ", ", ", False, False, False)


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
    """Return, in ASCII, the JSON of None, a bool, an int, a str, or lists, tuples and dicts of these."""
    return "".join(_pieces(value, 0))
