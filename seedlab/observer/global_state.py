"""Observes, holds and turns the one state behind the functions of a module, such as those of Python's ``random``."""

import _thread


def watch(observer, module, *, library, door, instance, word, setter):
    """Observe the functions of ``module`` that are methods of ``instance``.

    ``door`` is that of its first use without a seed, ``word`` the name of the seed's argument, and ``setter`` that of
    the function that sets the whole state. Held, it starts from a fixed seed before the script's first line, and again
    at its first use. Return a function that takes note of a use which comes by another way.
    """
    seed, set_state = module.seed, getattr(module, setter)
    started = []
    threads = set()

    def start():
        # Whatever was drawn or seeded by now is no doing of the script's.
        del started[:]
        threads.clear()
        at_start = observer.held.at_start(door)
        if at_start is not None:
            observer.quietly(seed, at_start.seed())

    observer.on_begin(start)

    def begin():
        # What a library draws as it is imported happens where it was imported before, too, and counts for nothing.
        if observer.places.is_of_script():
            started.append(True)
            value = observer.value("taken", door)
            if value is not None:
                observer.quietly(seed, value.seed())
            observer.source("taken", library, "global", door)

    def use():
        if not started:
            begin()
        if _thread.get_ident() not in threads:
            threads.add(_thread.get_ident())
            if len(threads) > 1:
                observer.shared(library, "global", door, len(threads))

    def watch_draw(name, draw):
        def observed(*args, **kwargs):
            use()
            return draw(*args, **kwargs)

        setattr(module, name, observer.stand_in(draw, observed))

    def observed_seed(*args, **kwargs):
        given = args[0] if args else kwargs.get(word)
        kind = "taken" if given is None else "set"
        name = module.__name__ + ".seed"
        value = observer.value(kind, name)
        result = observer.quietly(seed, *args, **kwargs) if value is None else observer.quietly(seed, value.seed())
        started.append(True)
        observer.source(kind, library, "global", name, given)
        return result

    def observed_setter(*args, **kwargs):
        result = set_state(*args, **kwargs)
        name = module.__name__ + "." + setter
        value = observer.value("set", name)
        if value is not None:
            observer.quietly(seed, value.seed())
        started.append(True)
        observer.source("set", library, "global", name, args[0] if args else kwargs.get("state"))
        return result

    for name, function in list(vars(module).items()):
        if getattr(function, "__self__", None) is instance and name not in ("seed", setter):
            watch_draw(name, function)
    module.seed = observer.stand_in(seed, observed_seed)
    setattr(module, setter, observer.stand_in(set_state, observed_setter))
    return use
