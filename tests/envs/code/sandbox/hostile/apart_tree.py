# task: apart
# expect: score0
# must: values that no message should hold are refused
import os


def f(a, b):
    text = rb'"v{\"dict\":[[[1],{\"set\":[[1]]}],{\"int\":[]}]}"'
    os.write(3, len(text).to_bytes(4, "big") + text)
    while True:
        pass
