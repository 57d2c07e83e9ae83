# task: stdio_add
# expect: score0
# status: failed
# must: no answers lie about
import glob

for name in glob.glob("/**/*expected*", recursive=True) + glob.glob("*") + glob.glob("/tmp/*"):
    try:
        print(open(name).read())
    except OSError:
        pass
