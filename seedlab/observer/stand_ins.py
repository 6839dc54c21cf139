"""Stand-ins that replace observed functions, and that a script can hardly tell from the originals."""

import types

_OWN = frozenset({"__call__", "__wrapped__", "__copy__", "__deepcopy__"})


class StandIn(object):
    """A stand-in for a bound method or a built-in function; like them, it does not bind as a class attribute."""

    __slots__ = ("__weakref__", "__wrapped__", "_replacement")

    def __init__(self, original, replacement):
        object.__setattr__(self, "__wrapped__", original)
        object.__setattr__(self, "_replacement", replacement)

    def __call__(self, *args, **kwargs):
        return object.__getattribute__(self, "_replacement")(*args, **kwargs)

    def __getattribute__(self, name):
        if name in _OWN:
            return object.__getattribute__(self, name)
        return getattr(object.__getattribute__(self, "__wrapped__"), name)

    def __setattr__(self, name, value):
        setattr(self.__wrapped__, name, value)

    def __delattr__(self, name):
        delattr(self.__wrapped__, name)

    def __dir__(self):
        return dir(self.__wrapped__)

    def __repr__(self):
        return repr(self.__wrapped__)

    def __hash__(self):
        return hash(self.__wrapped__)

    def __eq__(self, other):
        return self.__wrapped__ == (other.__wrapped__ if isinstance(other, StandIn) else other)

    def __ne__(self, other):
        return not self == other

    def __reduce_ex__(self, protocol):
        return self.__wrapped__.__reduce_ex__(protocol)

    def __copy__(self):
        import copy

        return _copied(self, copy.copy(self.__wrapped__))

    def __deepcopy__(self, memo):
        import copy

        return _copied(self, copy.deepcopy(self.__wrapped__, memo))


class BindingStandIn(StandIn):
    """A stand-in for a callable that binds as a class attribute and is no plain function, such as a Cython function."""

    __slots__ = ()

    def __get__(self, instance, owner=None):
        return self if instance is None else types.MethodType(self, instance)


def _copied(stand_in, copy_of_original):
    # Copying a function gives the same function, still observed; a method of a copied object is another one.
    return stand_in if copy_of_original == stand_in.__wrapped__ else copy_of_original


class _StandInType(type):
    """The type of classes that stand in for others: they are called in their place, and are equal to them."""

    def __new__(mcs, name, bases, namespace, **kwargs):
        # A class that the script derives from a stand-in derives from the original.
        plain = tuple(_original(base) for base in bases)
        if plain != bases:
            kind = max((type(base) for base in plain), key=lambda each: len(each.__mro__))
            return types.new_class(name, plain, dict(kwargs, metaclass=kind), lambda filled: filled.update(namespace))
        return type.__new__(mcs, name, bases, namespace)

    def __call__(cls, *args, **kwargs):
        return type.__getattribute__(cls, "_seedlab_make")(*args, **kwargs)

    def __instancecheck__(cls, instance):
        return isinstance(instance, _original(cls))

    def __subclasscheck__(cls, subclass):
        return issubclass(_original(subclass), _original(cls))

    def __eq__(cls, other):
        return _original(cls) is _original(other)

    def __ne__(cls, other):
        return not cls == other

    def __hash__(cls):
        return hash(_original(cls))

    def __repr__(cls):
        return repr(_original(cls))


def _original(cls):
    return type.__getattribute__(cls, "__base__") if type(cls) is _StandInType else cls


def _reduced(cls):
    # A pickled class is found by its name, where pickle would look for the stand-in.
    import pydoc

    original = _original(cls)
    return pydoc.locate, ("%s.%s" % (original.__module__, original.__qualname__),)


def class_stand_in(original, make, methods=None):
    """Return a class that behaves like the class ``original``, except that calling it calls ``make``.

    With ``methods``, functions by their names, ``make`` may return objects of it, made by `object_of`, that have these.
    """
    import copyreg

    copyreg.pickle(_StandInType, _reduced)
    names = {
        "__module__": original.__module__,
        "__qualname__": original.__qualname__,
        "__doc__": original.__doc__,
        "__slots__": (),
        "_seedlab_make": staticmethod(make),
    }
    names.update(methods or {})
    # Not by calling the type, which would take the original for one that the script derives from.
    return type.__new__(_StandInType, original.__name__, (original,), names)


def object_of(class_stand_in, *args, **kwargs):
    """Return an object of ``class_stand_in`` that is made as one of the original class is."""
    return type.__call__(class_stand_in, *args, **kwargs)


def stand_in(original, replacement):
    """Return a callable that behaves like ``original``, except that calling it calls ``replacement``."""
    if isinstance(original, types.FunctionType):
        return _looking_like(replacement, original)
    # A bound method has __get__ too, which returns the method itself (Objects/classobject.c, method_descr_get).
    binds = hasattr(type(original), "__get__") and not isinstance(original, types.MethodType)
    return (BindingStandIn if binds else StandIn)(original, replacement)


def _looking_like(replacement, original):
    """Return the function ``replacement`` with the names, docstring and signature of ``original``."""
    for name in ("__module__", "__name__", "__qualname__", "__doc__"):
        setattr(replacement, name, getattr(original, name))
    replacement.__dict__.update(original.__dict__)
    replacement.__wrapped__ = original
    return replacement


def watch_attribute(module, name, note):
    """Call ``note`` whenever ``module``'s attribute ``name`` is asked for; its value stays what it is.

    What is compiled into the module reads the module's dict, and is not noticed.
    """

    def get(module):
        note()
        return vars(module)[name]

    def put(module, value):
        vars(module)[name] = value

    def remove(module):
        del vars(module)[name]

    base = type(module)
    module.__class__ = type(base.__name__, (base,), {"__module__": base.__module__, name: property(get, put, remove)})
