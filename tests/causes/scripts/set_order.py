words = {"alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta"}
print("order:", [sum(map(ord, word)) for word in words])
print("total:", len(words))
