# task: add
# expect: pass
# must: temporary files work, in its own folder
import tempfile


def f(a, b):
    with tempfile.TemporaryDirectory() as folder, open(folder + "/x", "w+") as file:
        file.write(str(a + b))
        file.seek(0)
        return int(file.read())
