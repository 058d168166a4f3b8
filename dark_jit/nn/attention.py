"""Attention with several heads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import dark_jit as dark
from dark_jit.nn import functional, init
from dark_jit.nn.linear import Linear
from dark_jit.nn.module import Module


class MultiheadAttention(Module):
    """Scaled dot-product attention in `num_heads` subspaces of embed_dim / num_heads axes (Vaswani et al. 2017).

    in_proj makes queries, keys and values, in this order, of one embedding each; out_proj mixes the heads' results.
    Sequences are (length, N, embed_dim), or (N, length, embed_dim) with batch_first, or without N.
    """

    foreign_names: ClassVar[Mapping[str, str | None]] = {
        "in_proj_weight": "in_proj.weights",
        "in_proj_bias": "in_proj.bias",
    }

    def __init__(self, embed_dim: int, num_heads: int, bias: bool = True, batch_first: bool = False) -> None:
        if num_heads < 1 or embed_dim % num_heads:
            raise dark.ArgumentError(f"num_heads={num_heads} must divide embed_dim={embed_dim}")
        self.embed_dim, self.num_heads, self.batch_first = embed_dim, num_heads, batch_first
        self.in_proj = Linear(embed_dim, 3 * embed_dim, bias)
        self.out_proj = Linear(embed_dim, embed_dim, bias)
        init.xavier_uniform_(self.in_proj.weights)
        for layer in (self.in_proj, self.out_proj):
            if layer.bias is not None:
                init.zeros_(layer.bias)

    def forward(
        self,
        query: Any,
        key: Any,
        value: Any,
        key_padding_mask: Any = None,
        need_weights: bool = True,
        attn_mask: Any = None,
    ) -> tuple[dark.Tensor, dark.Tensor | None]:
        """The result, (L, N, embed_dim), and the weights averaged over heads, (N, L, S), or None unless needed.

        query (L, N, embed_dim); key, value (S, N, embed_dim). key_padding_mask (N, S) and attn_mask (L, S) or (N *
        num_heads, L, S): bool, True where a key is left out, or numbers that are added. Raises ShapeError.
        """
        for name, x in (("query", query), ("key", key), ("value", value)):
            if len(x.shape) != len(query.shape) or len(x.shape) not in (2, 3) or x.shape[-1] != self.embed_dim:
                raise dark.ShapeError(
                    f"MultiheadAttention needs {name} (length, N, {self.embed_dim}) or (length, {self.embed_dim}) as "
                    f"query is, got shape {tuple(x.shape)}"
                )
        single = len(query.shape) == 2
        q, k, v = (self._heads(x, i, single) for i, x in enumerate((query, key, value)))
        weights = functional.attention_weights(q, k, self._mask(key_padding_mask, attn_mask, q.shape), False, None)
        mixed = self.out_proj(self._together(dark.matmul(weights, v), single))
        if not need_weights:
            return mixed, None
        average = dark.mean(weights, 1)
        return mixed, average[0] if single else average

    def _heads(self, x: Any, part: int, single: bool) -> dark.Tensor:
        """Queries (part 0), keys (1) or values (2) of x, as (N, heads, length, E)."""
        ours = slice(part * self.embed_dim, (part + 1) * self.embed_dim)
        bias = self.in_proj.bias
        y = functional.linear(x, self.in_proj.weights[ours], None if bias is None else bias[:, ours])
        y = dark.reshape(y, (*y.shape[:-1], self.num_heads, -1))
        if single:
            return dark.expand_dims(dark.transpose(y, (1, 0, 2)), 0)
        return dark.transpose(y, (0, 2, 1, 3) if self.batch_first else (1, 2, 0, 3))

    def _together(self, y: dark.Tensor, single: bool) -> dark.Tensor:
        """(N, heads, length, E) in the form of the query."""
        y = dark.transpose(y, (0, 2, 1, 3) if single or self.batch_first else (2, 0, 1, 3))
        y = dark.reshape(y, (*y.shape[:2], self.embed_dim))
        return y[0] if single else y

    def _mask(self, key_padding_mask: Any, attn_mask: Any, heads: tuple[int, ...]) -> Any:
        """Both masks as numbers to add to scores (N, heads, L, S)."""
        total: Any = None
        if key_padding_mask is not None:
            total = dark.reshape(_added(key_padding_mask), (heads[0], 1, 1, -1))
        if attn_mask is not None:
            found = _added(attn_mask)
            if found.ndim == 3:
                found = dark.reshape(found, (*heads[:2], *found.shape[1:]))
            total = found if total is None else dark.add(total, found)
        return total

    def extra_repr(self) -> str:
        """The sizes."""
        return f"{self.embed_dim}, num_heads={self.num_heads}, batch_first={self.batch_first}"


def _added(mask: Any) -> dark.Tensor:
    """A mask as numbers to add: -infinity where it is True."""
    found = dark.asarray(mask)
    return dark.where(found, -float("inf"), 0.0) if found.dtype == dark.bool else found
