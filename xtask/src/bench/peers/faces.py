"""One verification's faces with onnxruntime on one thread: told by a plan in JSON, answers in JSON."""

import json
import math
import resource
import sys
import time

import numpy
import onnxruntime
import PIL
from PIL import Image

plan = json.load(sys.stdin)
networks = 0.0


class Model:
    def __init__(self, told):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self.told = told
        self.session = onnxruntime.InferenceSession(told["file"], options, providers=["CPUExecutionProvider"])

    def run(self, picture):
        global networks
        told = self.told
        values = numpy.asarray(picture, dtype=numpy.float32)
        if told["bgr"]:
            values = values[:, :, ::-1]
        values = (values - numpy.array(told["mean"], dtype=numpy.float32)) * numpy.float32(told["scale"])
        planes = numpy.ascontiguousarray(values.transpose(2, 0, 1)[None])
        begun = time.process_time()
        answers = self.session.run(told["outputs"], {told["input"]: planes})
        networks += time.process_time() - begun
        return answers


detector, embedder = Model(plan["detector"][0]), Model(plan["embedder"][0])
landmarks = Model(plan["landmarks"][0]) if plan["landmarks"] else None
pads = [Model(told) for told in plan["pad"]]


def find(picture, longest):
    factor = min(longest / max(picture.size), 4.0)
    width, height = (max(1, round(side * factor)) for side in picture.size)
    small = picture.resize((width, height), Image.BOX)
    padded = Image.new("RGB", (-(-width // 32) * 32, -(-height // 32) * 32))
    padded.paste(small)
    answers = detector.run(padded)
    best = None
    for level, stride in enumerate((8, 16, 32)):
        classes, objects, boxes, points = (answers[kind * 3 + level][0] for kind in range(4))
        scores = numpy.sqrt(classes[:, 0].clip(0, 1) * objects[:, 0].clip(0, 1))
        place = int(scores.argmax())
        if scores[place] < 0.6 or (best and best[0] >= scores[place]):
            continue
        row, column = divmod(place, padded.width // stride)
        x, y = (column + boxes[place, 0]) * stride, (row + boxes[place, 1]) * stride
        wide, high = math.exp(boxes[place, 2]) * stride, math.exp(boxes[place, 3]) * stride
        at = (points[place].reshape(5, 2) + [column, row]) * stride
        best = (scores[place], numpy.array([x - wide / 2, y - high / 2, wide, high]) / factor, at / factor)
    return best


def cut(picture, area, widen, size):
    left, top, wide, high = area
    widen = min(widen, (picture.width - 1) / wide, (picture.height - 1) / high)
    x, y, wide, high = left + wide / 2, top + high / 2, wide * widen, high * widen
    left = min(max(x - wide / 2, 0), picture.width - 1 - wide)
    top = min(max(y - high / 2, 0), picture.height - 1 - high)
    return picture.resize(tuple(size), Image.BILINEAR, (left, top, left + wide, top + high))


def embed(picture, points):
    template = numpy.array(embedder.told["template"])
    # The similarity that brings the template onto the landmarks, by least squares.
    source, target = template - template.mean(0), points - points.mean(0)
    spread = (source**2).sum()
    a = (source * target).sum() / spread
    b = (source[:, 0] * target[:, 1] - source[:, 1] * target[:, 0]).sum() / spread
    turn = numpy.array([[a, -b], [b, a]])
    shift = points.mean(0) - turn @ template.mean(0)
    matrix = (a, -b, shift[0], b, a, shift[1])
    face = picture.transform(tuple(embedder.told["size"]), Image.AFFINE, matrix, Image.BILINEAR)
    values = embedder.run(face)[0].ravel()
    return values / numpy.linalg.norm(values)


def verify():
    longest = detector.told["size"][0]
    found = 0
    page = Image.open(plan["pictures"] + "/page.jpg").convert("RGB")
    face = find(page, longest * 2)
    found += face is not None
    if landmarks:
        landmarks.run(cut(page, face[1], 1.0, landmarks.told["size"]))
    holder = embed(page, face[2])
    for number in range(plan["frames"]):
        picture = Image.open(f"{plan['pictures']}/frame-{number:02}.jpg").convert("RGB")
        face = find(picture, longest * 7 // 10) or find(picture, longest)
        if face is None:
            continue
        found += 1
        # The deciding frame of each step; the best one is also looked at for its landmarks.
        if number % 2 == plan["best"] % 2:
            holder @ embed(picture, face[2])
        if number == plan["best"] and landmarks:
            landmarks.run(cut(picture, face[1], 1.0, landmarks.told["size"]))
        if number in (plan["best"], (plan["best"] + 2) % plan["frames"]):
            for pad in pads:
                pad.run(cut(picture, face[1], pad.told["crop"], pad.told["size"]))
    return found


times, alone = [], []
for number in range(plan["times"] + 1):
    networks = 0.0
    begun = time.process_time()
    found = verify()
    if number:
        times.append((time.process_time() - begun) * 1000)
        alone.append(networks * 1000)
version = f"onnxruntime {onnxruntime.__version__}, Pillow {PIL.__version__}, Python {sys.version.split()[0]}"
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps({"version": version, "faces": times, "networks": alone, "peak_kib": peak, "found": found}))
