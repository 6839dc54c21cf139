# -*- coding: latin-1 -*-
"""Würfelspiele: wie oft gewinnt welche Strategie? (Schweinerei, auch »Pig« genannt)"""

import hashlib
import inspect
import math
import pickle
import random
import statistics
from collections import Counter
from dataclasses import dataclass, field, fields, replace
from enum import Enum
from typing import Callable

ZIEL = 60


class Ende(Enum):
    GEWONNEN = "gewonnen"
    VERLOREN = "verloren"


@dataclass(frozen=True)
class Strategie:
    name: str
    genug: int
    mutig: bool = False

    def weiter(self, runde, punkte, gegner):
        if punkte + runde >= ZIEL:
            return False
        if self.mutig and gegner > ZIEL - 10:
            return True
        return runde < self.genug


@dataclass
class Spiel:
    spieler: tuple
    zufall: random.Random = field(repr=False)
    punkte: list = field(default_factory=lambda: [0, 0])
    züge: int = 0

    def zug(self, wer):
        runde = 0
        while True:
            self.züge += 1
            augen = self.zufall.randint(1, 6)
            if augen == 1:
                return
            runde += augen
            if not self.spieler[wer].weiter(runde, self.punkte[wer], self.punkte[1 - wer]):
                self.punkte[wer] += runde
                return

    def spielen(self):
        wer = 0
        while max(self.punkte) < ZIEL:
            self.zug(wer)
            wer = 1 - wer
        return Ende.GEWONNEN if self.punkte[0] >= ZIEL else Ende.VERLOREN


@dataclass
class Ergebnis:
    name: str
    anteil: float
    züge: list

    @property
    def fehler(self):
        return math.sqrt(self.anteil * (1 - self.anteil) / len(self.züge))


def messen(strategie, gegner, spiele, zufall):
    zähler, züge = Counter(), []
    for _ in range(spiele):
        spiel = Spiel((strategie, gegner), zufall)
        zähler[spiel.spielen()] += 1
        züge.append(spiel.züge)
    return Ergebnis(strategie.name, zähler[Ende.GEWONNEN] / spiele, züge)


def pi_schätzen(anzahl, ziehen: Callable[[], float] = random.random):
    treffer = sum(ziehen() ** 2 + ziehen() ** 2 < 1 for _ in range(anzahl))
    return 4 * treffer / anzahl


def main():
    zufall = random.Random(1848)
    vorsichtig = Strategie("vorsichtig", 12)
    auswahl = [vorsichtig, replace(vorsichtig, name="übermütig", genug=30), Strategie("schlau", 20, mutig=True)]

    ergebnisse = [messen(s, vorsichtig, 1500, zufall) for s in auswahl]
    print("Strategie     Anteil   Fehler   Züge")
    for e in ergebnisse:
        print(f"{e.name:<12} {e.anteil:7.4f} {e.fehler:8.5f} {statistics.mean(e.züge):7.2f}")

    with open("ergebnisse.pickle", "wb") as datei:
        pickle.dump((auswahl, ergebnisse), datei)
    with open("ergebnisse.pickle", "rb") as datei:
        strategien, gelesen = pickle.load(datei)
    print("pickle:", strategien == auswahl, gelesen == ergebnisse, type(gelesen[0]).__module__)

    # was hier steht, und nicht, was anderswo steht
    text = inspect.getsource(Strategie.weiter)
    print("Quelltext:", len(text.splitlines()), "Zeilen", hashlib.md5(text.encode()).hexdigest())
    print("Zeile von main:", inspect.getsourcelines(main)[1])
    print("Felder:", [f.name for f in fields(Spiel)])
    print("straße:", "straße".upper(), len("Grüße"))

    print(f"pi mit Seed:  {pi_schätzen(40_000, zufall.random):.6f}")
    print("pi ohne Seed:", *(f"{pi_schätzen(10_000):.4f}" for _ in range(4)))
    print("Mischung:", random.sample(range(100), 6))
    print("hash:", hash("Würfel") & 0xFFFF_FFFF_FFFF)
    print("Menge:", {s.name for s in auswahl} | {"kühn", "träge", "wild", "zahm"})
    print("sortiert:", sorted({s.name for s in auswahl}))


if __name__ == "__main__":
    main()
