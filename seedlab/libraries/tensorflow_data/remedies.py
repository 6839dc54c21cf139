"""What keeps the order of tf.data's elements."""

from seedlab.study.remedies import Argument

REMEDIES = (Argument(hold="deterministic tf.data", name="deterministic", value="True"),)
