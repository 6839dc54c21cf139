import random
import threading
def work(number, found):
    found[number] = random.Random(number + 1).random()
found = {}
threads = [threading.Thread(target=work, args=(number, found)) for number in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("a:", [found[number] for number in range(3)])
