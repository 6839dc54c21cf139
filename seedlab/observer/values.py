"""Converts a printed value to its dtype, shape and bytes."""

import struct
import sys

DTYPES = frozenset({
    "bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64",
    "float16", "bfloat16", "float32", "float64", "complex64", "complex128",
})  # fmt: skip


def array_bits(value):
    """Return (dtype, shape, memoryview of bytes) of an array-like or a number, or None for anything else.

    The dtype is one of `DTYPES`. The bytes are little-endian and row-major; they are not copied from an array that is
    already stored so.
    """
    try:
        return _numpy_bits(value) or _python_bits(value)
    except Exception:  # Whatever cannot be read as numbers is text, and the script must not notice the attempt.
        return None


def _numpy_bits(value):
    numpy = sys.modules.get("numpy")
    if numpy is None or not hasattr(numpy, "ndarray"):
        return None
    value = _without_tensors(value, numpy)
    if isinstance(value, (list, tuple)) and not _holds(value, (numpy.ndarray, numpy.generic)):
        return None
    if not isinstance(value, (numpy.ndarray, numpy.generic, list, tuple)):
        return None
    array = numpy.asarray(value)
    name, shape = array.dtype.name, array.shape
    if name not in DTYPES:
        return None
    order = array.dtype.byteorder
    if order == ">" or (order == "=" and sys.byteorder == "big"):
        array = array.astype(array.dtype.newbyteorder("<"))
    flat = numpy.ascontiguousarray(array).reshape(-1)
    # Viewed as uint8, because the buffer protocol does not support bfloat16.
    return name, shape, memoryview(flat.view(numpy.uint8)) if flat.size else memoryview(b"")


def _without_tensors(value, numpy):
    """Return ``value`` with eager tensors, of any library that offers ``numpy()``, converted to arrays."""
    if isinstance(value, (list, tuple)):
        return [_without_tensors(item, numpy) for item in value]
    if not isinstance(value, (numpy.ndarray, numpy.generic)) and hasattr(value, "dtype"):
        return value.numpy()
    return value


def _holds(value, kinds):
    if isinstance(value, (list, tuple)):
        return any(_holds(item, kinds) for item in value)
    return isinstance(value, kinds)


def _python_bits(value):
    shape, numbers = [], value
    while isinstance(numbers, (list, tuple)):
        shape.append(len(numbers))
        if not numbers:
            break
        numbers = numbers[0]
    flat = []
    if not _flatten(value, tuple(shape), flat):
        return None
    kinds = {type(item) for item in flat}
    if kinds == {bool}:
        return "bool", shape, memoryview(bytes(flat))
    if kinds <= {int, bool} and flat:
        try:
            return "int64", shape, _packed("q", flat)
        except struct.error:
            return "uint64", shape, _packed("Q", flat)
    if complex in kinds:
        return "complex128", shape, _packed("d", [part for z in map(complex, flat) for part in (z.real, z.imag)])
    return "float64", shape, _packed("d", flat)


def _packed(kind, numbers):
    return memoryview(struct.pack("<%d%s" % (len(numbers), kind), *numbers))


def _flatten(value, shape, flat):
    if not shape:
        flat.append(value)
        return isinstance(value, (bool, int, float, complex))
    if not isinstance(value, (list, tuple)) or len(value) != shape[0]:
        return False
    return all(_flatten(item, shape[1:], flat) for item in value)
