"""Train a small CNN on scanned handwritten digits; the whole training step is one compiled program.

    python examples/train_digits.py                        # trains, prints what was generated, writes digits.png
    python examples/train_digits.py --show-kernel NAME     # prints the source of one generated kernel

The data are the 1,797 scans of 8x8 pixels that come with scikit-learn (sklearn.datasets.load_digits), a fifth of them
held out for testing. Exit status: 0, or 1 if fewer than 98 % of the held-out digits are recognised.
"""

from __future__ import annotations

import argparse
import math
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from rich.console import Console
from rich.progress import Progress, TaskID
from rich.table import Table
from sklearn.datasets import load_digits

import dark_jit as dark
from dark_jit import nn, optim

SEED = 0
BATCH = 64
# Chosen with four splits and five seeds each, not for this split alone.
EPOCHS = 30
LEARNING_RATE = 1e-2
WANTED_ACCURACY = 98.0

console = Console()


@dataclass(frozen=True)
class Digits:
    """Images, float32 of shape (count, 1, 8, 8) in 0..1, and what they show, int64 of shape (count,)."""

    images: NDArray[np.float32]
    labels: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.labels)

    def batches(self, rng: np.random.Generator) -> Iterator[tuple[NDArray[np.float32], NDArray[np.int64]]]:
        """Shuffled batches of equal size: a smaller last one would need a second program, so its images sit out."""
        order = rng.permutation(len(self))
        for start in range(0, len(self) - BATCH + 1, BATCH):
            chosen = order[start : start + BATCH]
            yield self.images[chosen], self.labels[chosen]


def load_data() -> tuple[Digits, Digits]:
    """The training set (80 %) and the test set; always the same split."""
    scans = load_digits()
    images = (scans.images[:, np.newaxis] / 16).astype(np.float32)
    labels = scans.target.astype(np.int64)
    order = np.random.default_rng(SEED).permutation(len(labels))
    train, test = np.split(order, [len(labels) * 4 // 5])
    return Digits(images[train], labels[train]), Digits(images[test], labels[test])


def build_model() -> nn.Module:
    """Two convolutions, each with ReLU and pooling (8x8 -> 4x4 -> 2x2), and a linear layer to ten scores."""
    return nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(32 * 2 * 2, 10),
    )


class Classifier:
    """The model and the two programs that are compiled from it."""

    def __init__(self) -> None:
        model = build_model()
        optimizer = optim.Adam(model.parameters(), lr=LEARNING_RATE)
        cross_entropy = nn.CrossEntropyLoss()

        @dark.compile
        def train_step(images: dark.Tensor, labels: dark.Tensor) -> dark.Tensor:
            loss = cross_entropy(model(images), labels)
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()  # here and not at the start: gradients that outlive the step would be its outputs
            return loss

        @dark.compile
        def predict(images: dark.Tensor) -> dark.Tensor:
            return dark.argmax(model(images), axis=1)

        self.optimizer = optimizer
        self.train_step = train_step
        self.predict = predict

    def accuracy(self, digits: Digits) -> float:
        """How many of the digits are recognised, in percent."""
        return 100 * float(np.mean(self.predict(digits.images).numpy() == digits.labels))


def cosine_decay(progress: float) -> float:
    """The learning rate when `progress` (0..1) of the training is done: half a cosine wave, from LEARNING_RATE to 0."""
    return LEARNING_RATE * 0.5 * (1 + math.cos(math.pi * progress))


def train(classifier: Classifier, train_set: Digits, test_set: Digits, epochs: int) -> float:
    """Trains for so many epochs, prints a table of them, and returns the accuracy on the test set in percent."""
    table = Table("epoch", "loss", "test accuracy", "seconds", title="Training")
    rng = np.random.default_rng(SEED)
    steps = epochs * (len(train_set) // BATCH)
    accuracy = 0.0
    with Progress(console=console, transient=True) as bar:
        task = bar.add_task("compiling", total=steps)
        for epoch in range(1, epochs + 1):
            start = time.perf_counter()
            loss = train_epoch(classifier, train_set, rng, bar, task)
            accuracy = classifier.accuracy(test_set)
            table.add_row(str(epoch), f"{loss:.4f}", f"{accuracy:.2f} %", f"{time.perf_counter() - start:.2f}")
            bar.update(task, description=f"epoch {epoch}/{epochs}: {accuracy:.1f} %")
    console.print(table)
    return accuracy


def train_epoch(
    classifier: Classifier, train_set: Digits, rng: np.random.Generator, bar: Progress, task: TaskID
) -> float:
    """One pass over the training set; returns the mean loss."""
    losses = []
    for images, labels in train_set.batches(rng):
        # The rate is an input of the program, not part of it: a new value compiles nothing.
        classifier.optimizer.lr = cosine_decay(bar.tasks[task].percentage / 100)
        losses.append(classifier.train_step(images, labels).item())
        bar.advance(task)
    return float(np.mean(losses))


def kernel_table(report: Any) -> Table:
    """What the training step was compiled to."""
    table = Table("kernel", "template", "kFLOP", "kB", title=f"The training step: {len(report.kernels)} kernels")
    for kernel in report.kernels:
        table.add_row(kernel.name, kernel.template, f"{kernel.flops / 1e3:.1f}", f"{kernel.bytes / 1e3:.1f}")
    return table


def show_kernel(report: Any, name: str) -> int:
    """Prints the source of the kernels whose name begins so; returns the exit status."""
    sources = [kernel.source for kernel in report.kernels if kernel.name.startswith(name)]
    if not sources:
        console.print(kernel_table(report))
        console.print(
            f"The name of no kernel begins with {name}; the table above lists them.", style="red", markup=False
        )
        return 2
    print("\n".join(sources))
    return 0


def draw_predictions(digits: Digits, predictions: NDArray[np.int64], path: Path) -> None:
    """Writes a picture of the first 40 digits with what they were taken for, mistakes in red."""
    columns, rows, side, caption = 10, 4, 64, 24
    font = ImageFont.load_default(size=16)
    picture = Image.new("RGB", (columns * (side + 8), rows * (side + caption)), "white")
    draw = ImageDraw.Draw(picture)
    for place in range(columns * rows):
        left, top = place % columns * (side + 8) + 4, place // columns * (side + caption) + 2
        ink = np.uint8(255 * (1 - digits.images[place, 0]))
        picture.paste(Image.fromarray(ink).resize((side, side), Image.Resampling.NEAREST), (left, top))
        colour = "black" if predictions[place] == digits.labels[place] else "red"
        draw.text((left + side // 2, top + side), str(predictions[place]), fill=colour, font=font, anchor="ma")
    picture.save(path)


def parse_arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description="Train a CNN on handwritten digits with dark_jit.")
    parser.add_argument("--epochs", type=int, default=EPOCHS, help="passes over the training set (%(default)s)")
    parser.add_argument("--quick", action="store_true", help="two epochs only, whatever the accuracy then is")
    parser.add_argument(
        "--show-kernel", metavar="NAME", help="print the source of the kernels whose name begins so instead of training"
    )
    parser.add_argument("--threads", type=int, help="how many threads run a program (all cores)")
    parser.add_argument("--picture", type=Path, default=Path(__file__).with_name("digits.png"), help="where to save it")
    arguments = parser.parse_args()
    if arguments.epochs < 1:
        parser.error("--epochs must be at least 1")
    return arguments


def main() -> int:
    """Runs the example; returns the exit status."""
    arguments = parse_arguments()
    if arguments.threads:
        os.environ["DARK_JIT_THREADS"] = str(arguments.threads)
    dark.manual_seed(SEED)
    train_set, test_set = load_data()
    classifier = Classifier()
    sample = train_set.images[:BATCH], train_set.labels[:BATCH]
    if arguments.show_kernel:
        return show_kernel(classifier.train_step.inspect(*sample), arguments.show_kernel)

    start = time.perf_counter()
    accuracy = train(classifier, train_set, test_set, 2 if arguments.quick else arguments.epochs)
    console.print(f"{accuracy:.2f} % of {len(test_set)} test digits after {time.perf_counter() - start:.2f} s")

    console.print(kernel_table(classifier.train_step.inspect(*sample)))
    console.print("--show-kernel NAME prints the source of one of them.")
    draw_predictions(test_set, classifier.predict(test_set.images).numpy(), arguments.picture)
    console.print(f"Some test digits with their predictions: {arguments.picture}", soft_wrap=True)
    return 0 if arguments.quick or accuracy >= WANTED_ACCURACY else 1


if __name__ == "__main__":
    raise SystemExit(main())
