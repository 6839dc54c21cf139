from dataclasses import dataclass


@dataclass
class Village:
    people: int
    sick: int = 0
    immune: int = 0
    ever: int = 0

    @property
    def healthy(self):
        return self.people - self.sick - self.immune

    def step(self, rng, rate):
        if not self.sick:
            return 0
        chance = 1 - (1 - rate / self.people) ** self.sick
        new = int(rng.binomial(self.healthy, chance))
        well = int(rng.binomial(self.sick, 0.15))
        self.sick += new - well
        self.immune += well
        self.ever += new
        return self.sick

    def visit(self, rng, *others):
        for other in others:
            if other.sick and self.healthy and rng.random() < 0.02 * other.sick / other.people * 10:
                self.sick += 1
                self.ever += 1


def ring(count, people):
    return [Village(people) for _ in range(count)]
