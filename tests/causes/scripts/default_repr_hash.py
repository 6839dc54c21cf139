class Node:
    pass
nodes = [Node() for _ in range(3)]
print("order:", hash(nodes[0]))
