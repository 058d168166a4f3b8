"""A table of vectors."""

from __future__ import annotations

from typing import Any

import dark_jit as dark
from dark_jit.nn import functional, init
from dark_jit.nn.weighted import Weighted


class Embedding(Weighted):
    """A learned vector for each index: weights (num_embeddings, embedding_dim), drawn from a normal distribution."""

    def __init__(self, num_embeddings: int, embedding_dim: int) -> None:
        self.num_embeddings, self.embedding_dim = num_embeddings, embedding_dim
        self.weights = init.normal_(dark.Parameter(dark.zeros((num_embeddings, embedding_dim))))

    def forward(self, indices: Any) -> dark.Tensor:
        """Integers of any shape to (..., embedding_dim). Raises DTypeError, and IndexOutOfRangeError when computed."""
        return functional.embedding(indices, self.weights)

    def extra_repr(self) -> str:
        """The sizes."""
        return f"{self.num_embeddings}, {self.embedding_dim}"
