"""What gives all that Keras draws from a seed at once."""

from seedlab.study.remedies import SeedArgument, Seeding

REMEDIES = (
    # keras/src/utils/rng_utils.py, set_random_seed: Python's, NumPy's and TensorFlow's own.
    Seeding(
        functions=("keras.utils.set_random_seed", "tensorflow.keras.utils.set_random_seed"),
        states=(("python", "global"), ("numpy", "global"), ("tensorflow", "eager"), ("tensorflow", "function")),
        package="keras",
    ),
    SeedArgument(
        doors=("keras.random.SeedGenerator", "keras.initializers", "keras.random"), functions=(), keyword="seed"
    ),
)
