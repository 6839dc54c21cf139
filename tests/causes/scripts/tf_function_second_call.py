import tensorflow as tf
tf.random.set_seed(3)
@tf.function
def noise():
    return tf.random.normal([2])
print("first:", noise().numpy())
print("second:", noise().numpy())
