"""The truth of every library's experiments, found by plain cold runs, against what seedlab says of them."""
