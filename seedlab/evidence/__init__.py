"""What rules are given and what they answer, as values. Rules are the libraries', words are made elsewhere."""
