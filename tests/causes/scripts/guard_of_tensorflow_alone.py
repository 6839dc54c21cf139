import argparse
import tensorflow as tf
import keras


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=None)
    args = parser.parse_args()
    if args.seed:
        tf.random.set_seed(args.seed)
    layer = keras.layers.Dense(4)
    layer.build((None, 3))
    print("weights:", layer.get_weights()[0][0])
    print("noise:", float(tf.random.normal([])))


main()
