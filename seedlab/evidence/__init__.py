"""What rules are given and what they return. The rules belong to the libraries; the words are made elsewhere."""
