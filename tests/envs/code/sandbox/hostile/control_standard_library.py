# task: add
# expect: pass
# must: the standard library is there
import codecs
import ctypes
import decimal
import email.message
import hashlib
import sqlite3
import unittest
import xml.etree.ElementTree
import zoneinfo


def f(a, b):
    (total,) = sqlite3.connect(":memory:").execute("select ? + ?", (a, b)).fetchone()
    assert codecs.encode("x", "shift_jis") and hashlib.sha256(b"x").hexdigest()
    return total
