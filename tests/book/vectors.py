#!/usr/bin/env python3
"""An independent implementation of docs/agent-book.md, without any code of the console.

Needs the packages `cryptography` and `argon2-cffi`.

    python3 tests/book/vectors.py make     writes vectors.json beside this file
    python3 tests/book/vectors.py open     reads {"passphrase": …, "text": …} from the standard
                                           input, and writes the agents of the book as JSON
"""

import base64
import hashlib
import json
import os
import pathlib
import sys

from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

HERE = pathlib.Path(__file__).parent

FORMAT = "odp-console agent book"
DEFAULT = {"name": "argon2id", "version": 19, "memoryKiB": 19456, "passes": 2, "lanes": 1}
PADDED = 64


def b64(data):
    return base64.b64encode(data).decode()


def derive(passphrase, kdf, salt):
    both = hash_secret_raw(
        secret=passphrase.encode(),
        salt=salt,
        time_cost=kdf["passes"],
        memory_cost=kdf["memoryKiB"],
        parallelism=kdf["lanes"],
        hash_len=64,
        type=Type.ID,
        version=kdf["version"],
    )
    return both[:32], both[32:]


def header(book):
    kdf = book["kdf"]
    numbers = [kdf["version"], kdf["memoryKiB"], kdf["passes"], kdf["lanes"]]
    lines = [
        f"{book['format']} {book['version']}",
        " ".join([kdf["name"], *map(str, numbers)]),
        book["salt"],
        book["check"],
    ]
    return "".join(line + "\n" for line in lines)


def checksum(book):
    text = header(book) + book["list"] + "\n"
    for name, sealed in sorted(book["passwords"].items()):
        text += f"{name} {sealed}\n"
    return hashlib.sha256(text.encode()).hexdigest()


def seal(key, associated, plain):
    nonce = os.urandom(12)
    return b64(nonce + AESGCM(key).encrypt(nonce, plain, associated.encode()))


def unseal(key, associated, sealed):
    data = base64.b64decode(sealed, validate=True)
    return AESGCM(key).decrypt(data[:12], data[12:], associated.encode())


def about_password(book, name, address):
    return header(book) + f"password {name}\n{address}\n"


def make(passphrase, agents, kdf=None):
    """A book of agents that have a password in clear text."""
    salt = os.urandom(16)
    book = {"format": FORMAT, "version": 1, "kdf": {**DEFAULT, **(kdf or {})}, "salt": b64(salt)}
    key, check = derive(passphrase, book["kdf"], salt)
    book["check"] = b64(check)
    listed, passwords = [], {}
    for agent in agents:
        password = agent["password"].encode()
        name = os.urandom(16).hex()
        padded = len(password).to_bytes(2, "big") + password
        padded += bytes(-len(padded) % PADDED)
        passwords[name] = seal(key, about_password(book, name, agent["address"]), padded)
        listed.append({**agent, "password": name})
    plain = json.dumps({"agents": listed}, ensure_ascii=False, separators=(",", ":"))
    book["list"] = seal(key, header(book) + "list\n", plain.encode())
    book["passwords"] = dict(sorted(passwords.items()))
    return finished(book)


def finished(book):
    return {**book, "sha256": checksum(book)}


def written(book):
    return json.dumps(book, ensure_ascii=False, separators=(",", ":"))


def opened(passphrase, text):
    book = json.loads(text)
    assert (book["format"], book["version"]) == (FORMAT, 1)
    assert book["sha256"] == checksum(book)
    key, check = derive(passphrase, book["kdf"], base64.b64decode(book["salt"]))
    assert b64(check) == book["check"]
    plain = unseal(key, header(book) + "list\n", book["list"])
    agents = json.loads(plain)["agents"]
    assert {agent["password"] for agent in agents} == set(book["passwords"])
    for agent in agents:
        name = agent["password"]
        padded = unseal(key, about_password(book, name, agent["address"]), book["passwords"][name])
        assert len(padded) % PADDED == 0
        length = int.from_bytes(padded[:2], "big")
        assert not any(padded[2 + length :])
        agent["password"] = padded[2 : 2 + length].decode()
    return agents


AGENTS = [
    {"address": "10.10.10.1:2886", "label": "odp-1", "group": "east", "password": "Pw#1"},
    {"address": "db-7.example:2886", "label": "测试 \"7\"", "password": "密码 \\ ß € \N{KEY}"},
    {
        "address": "[fd00::1]:2886",
        "group": "west",
        "endpoint": "https://gate.example/{address}",
        "password": "x" * 62,
    },
    {"address": "10.10.10.2:1", "password": "x" * 63},
]


def vectors():
    passphrase = "correct horse 电池 staple"
    opens = [
        {"name": "no agents", "passphrase": "an empty book", "agents": []},
        {"name": "four agents", "passphrase": passphrase, "agents": AGENTS},
    ]
    opens = [
        {**vector, "text": written(make(vector["passphrase"], vector["agents"]))}
        for vector in opens
    ]
    stronger = {"memoryKiB": 20480, "passes": 3, "lanes": 2}
    opens.append(
        {
            "name": "more memory, passes and lanes",
            "passphrase": passphrase,
            "agents": AGENTS[:1],
            "text": written(make(passphrase, AGENTS[:1], stronger)),
        }
    )

    book = make(passphrase, AGENTS)
    other = make(passphrase, AGENTS)
    first, second = list(book["passwords"])[:2]
    swapped = {**book["passwords"]}
    swapped[first], swapped[second] = swapped[second], swapped[first]
    one_less = dict(list(book["passwords"].items())[1:])
    stranger = {**book["passwords"], first: next(iter(other["passwords"].values()))}
    spoiled = bytearray(base64.b64decode(book["list"]))
    spoiled[20] ^= 1
    kdf = lambda **changed: {"kdf": {**DEFAULT, **changed}}
    # Deliberate changes with a valid checksum.
    refused = [
        ("a list with another bit", {"list": b64(bytes(spoiled))}, "Changed"),
        ("the list of another book", {"list": other["list"]}, "Changed"),
        ("a password less", {"passwords": one_less}, "Changed"),
        ("another salt", {"salt": other["salt"]}, "Passphrase"),
        ("another check value", {"check": other["check"]}, "Passphrase"),
        ("a memory of 8 KiB", kdf(memoryKiB=8), "Weak"),
        ("one pass", kdf(passes=1), "Weak"),
        ("Argon2i", kdf(name="argon2i"), "Weak"),
        ("Argon2 of version 16", kdf(version=16), "Weak"),
        ("a memory of 100 GiB", kdf(memoryKiB=100 << 20), "Heavy"),
        ("4,000,000,000 passes", kdf(passes=4_000_000_000), "Heavy"),
        ("16 lanes", kdf(lanes=16), "Heavy"),
        ("version 2", {"version": 2}, "Newer"),
        ("a format of another name", {"format": "odp-console agent list"}, "NotABook"),
    ]
    refused = [
        {"name": name, "text": written(finished({**book, **change})), "error": error}
        for name, change, error in refused
    ]
    # The list opens, a password does not.
    unopened = [
        {"name": name, "text": written(finished({**book, "passwords": passwords}))}
        for name, passwords in [
            ("two passwords swapped", swapped),
            ("a password of another book", stranger),
        ]
    ]
    return {
        "opens": opens,
        "refused": {"passphrase": passphrase, "books": refused},
        "unopened": {"passphrase": passphrase, "books": unopened},
    }


def main():
    if sys.argv[1:] == ["make"]:
        text = json.dumps(vectors(), ensure_ascii=False, indent=1)
        (HERE / "vectors.json").write_text(text + "\n")
    elif sys.argv[1:] == ["open"]:
        given = json.load(sys.stdin)
        json.dump(opened(given["passphrase"], given["text"]), sys.stdout)
    else:
        sys.exit(__doc__)


main()
