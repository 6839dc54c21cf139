import secrets
print("a:", secrets.randbits(60))
print("b:", int(secrets.token_hex(6), 16))
