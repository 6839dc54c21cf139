import datetime
import random
now = datetime.datetime.now()
random.seed(now.microsecond)
print("drawn:", random.random())
print("year:", now.year > 2000)
