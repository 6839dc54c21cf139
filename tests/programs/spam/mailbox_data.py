"""Made-up mails: words drawn from two vocabularies that overlap."""

import numpy as np

GOOD = "meeting report lunch project thanks train budget review notes team friday draft".split()
SPAM = "winner prize free click offer loan credit urgent deal bonus cash limited".split()
BOTH = "hello today please your new account time best reply help week call".split()
WORDS = ["<pad>", *GOOD, *SPAM, *BOTH]
INDEX = {word: number for number, word in enumerate(WORDS)}


class Mails:
    """Mails as rows of word numbers, with labels: 1 for spam."""

    def __init__(self, texts, labels):
        self.x = np.asarray(texts, dtype="int32")
        self.y = np.asarray(labels, dtype="float32")

    def __len__(self):
        return len(self.y)

    def split(self, share):
        """Cut off the last ``share`` of the mails."""
        cut = int(len(self) * (1 - share))
        return Mails(self.x[:cut], self.y[:cut]), Mails(self.x[cut:], self.y[cut:])

    def batches(self, size):
        """Yield the mails in batches, shuffled."""
        order = np.random.permutation(len(self))
        for start in range(0, len(self), size):
            chosen = order[start : start + size]
            yield self.x[chosen], self.y[chosen]


def write(rng, is_spam, length):
    """Return one mail as numbers of words."""
    own = SPAM if is_spam else GOOD
    words = [rng.choice(own) if rng.random() < 0.4 else rng.choice(BOTH) for _ in range(length)]
    return [INDEX[word] for word in words]


def make(count, length=12):
    """Return ``count`` mails, half of them spam."""
    rng = np.random.default_rng()
    labels = rng.integers(0, 2, size=count)
    return Mails([write(rng, bool(label), length) for label in labels], labels)
