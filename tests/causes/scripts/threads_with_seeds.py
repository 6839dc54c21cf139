import random
import threading
results = {}
def work(number):
    rng = random.Random(number)
    results[number] = sum(rng.random() for _ in range(500))
threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("sums:", [results[number] for number in range(4)])
print("global:", random.random())
