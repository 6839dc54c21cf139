from lab.noise import noise
from lab import seeds
seeds.fix(3)
print("noise:", noise())
print("seeded:", seeds.draw())
