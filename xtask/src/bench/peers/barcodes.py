"""Reads PDF417 with the PyPI package zxing-cpp: a file a line in, a JSON object a line out."""

import json
import resource
import sys
import time

import numpy
import zxingcpp
from PIL import Image

for file in filter(None, sys.stdin.read().split("\n")):
    begun = time.process_time()
    picture = numpy.asarray(Image.open(file).convert("L"))
    found = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.PDF417)
    text = found[0].bytes.decode("latin-1") if found else None
    milliseconds = (time.process_time() - begun) * 1000
    kibibytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"file": file, "text": text, "milliseconds": milliseconds, "kibibytes": kibibytes}))
