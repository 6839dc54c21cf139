import random
random.seed(0)
edges = [("a", "b"), ("a", "c"), ("a", "d"), ("b", "e"), ("c", "e"), ("d", "f"), ("e", "f"), ("b", "g"), ("g", "a")]
graph = {}
for left, right in edges:
    graph.setdefault(left, set()).add(right)
    graph.setdefault(right, set()).add(left)
node, walk = "a", ["a"]
for _ in range(30):
    node = random.choice(list(graph[node]))
    walk.append(node)
print("walk:", [ord(node) for node in walk])
print("nodes:", [ord(node) for node in graph])
print("number:", random.random())
