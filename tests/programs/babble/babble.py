"""Words that sound like a text: a Markov chain over letters and over words."""

import json
import random
from collections import Counter, defaultdict
from pathlib import Path

import click

HERE = Path(__file__).resolve().parent


def words_of(path):
    text = Path(path).read_text(encoding="utf-8").lower()
    return [word for word in "".join(c if c.isalpha() else " " for c in text).split()]


def chain_of_words(words):
    following = defaultdict(list)
    for before, after in zip(words, words[1:]):
        following[before].append(after)
    return following


def chain_of_letters(words, order):
    following = defaultdict(list)
    for word in words:
        padded = "^" * order + word + "$"
        for i in range(len(padded) - order):
            following[padded[i : i + order]].append(padded[i + order])
    return following


def invent(following, order, draw):
    state, letters = "^" * order, ""
    while len(letters) < 14:
        letter = draw.choice(following[state])
        if letter == "$":
            break
        letters += letter
        state = (state + letter)[-order:]
    return letters


@click.group()
@click.option("--corpus", type=click.Path(exists=True, dir_okay=False), default=str(HERE / "corpus.txt"))
@click.option("--seed", type=int, default=None)
@click.pass_context
def cli(context, corpus, seed):
    """Make up words and sentences."""
    if seed is not None:
        random.seed(seed)
    context.obj = words_of(corpus)


@cli.command()
@click.pass_obj
def count(words):
    """Show what there is."""
    common = Counter(words).most_common(5)
    click.echo(f"words: {len(words)}, different: {len(set(words))}")
    for word, times in common:
        click.echo(f"  {word:<10}{times}")


@cli.command()
@click.option("--length", type=click.IntRange(1, 200), default=12, show_default=True)
@click.option("--sentences", default=2)
@click.option("--save", type=click.File("w"), default=None)
@click.pass_obj
def sentences(words, length, sentences, save):
    """Make up sentences."""
    following = chain_of_words(words)
    starts = sorted(set(words))
    vocabulary = list(set(words))  # in the order of the hashes, which are other ones in each process
    made = []
    for number in range(sentences):
        word = random.choice(starts)
        sentence = [word]
        while len(sentence) < length and following[word]:
            word = random.choice(following[word])
            sentence.append(word)
        made.append(" ".join(sentence))
        click.secho(f"sentence {number + 1}: {made[-1]}.", bold=True)
    click.echo(f"letters: {sum(map(len, made))}")
    click.echo(f"words of the day: {', '.join(random.sample(vocabulary, 4))}")
    click.echo(f"luck: {random.random():.6f}")
    if save:
        json.dump(made, save)


@cli.command()
@click.option("--order", default=2)
@click.argument("number", type=int)
@click.pass_obj
def invented(words, order, number):
    """Make up NUMBER words."""
    following = chain_of_letters(words, order)
    dice = random.SystemRandom()
    for i in range(number):
        click.echo(f"new word {i}: {invent(following, order, random)} / {invent(following, order, dice)}")
    known = set(words)
    tries = [invent(following, order, random) for _ in range(500)]
    click.echo("known share: " + str(sum(word in known for word in tries) / len(tries)))
    click.echo("longest: %s" % max(tries, key=len))


if __name__ == "__main__":
    cli()
