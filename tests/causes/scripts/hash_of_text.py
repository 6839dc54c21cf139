print("a:", hash("a text"))
