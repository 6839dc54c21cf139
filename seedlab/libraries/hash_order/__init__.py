"""The order of sets of texts, which goes by the secret that Python draws as it starts."""
