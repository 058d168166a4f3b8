"""The public names."""

from __future__ import annotations

from types import ModuleType

import pytest

import dark_jit as dark
import dark_jit.tensor as dt


@pytest.mark.parametrize(
    ("module", "name", "hint"),
    [
        (dark, "maxpool2d", "'dark_jit' has no attribute 'maxpool2d'; did you mean max_pool2d"),
        (dt, "concatenat", "'dark_jit.tensor' has no attribute 'concatenat'; did you mean concatenate or concat?"),
        (dark, "zzz", "'dark_jit' has no attribute 'zzz'"),
    ],
)
def test_an_unknown_name_suggests_the_nearest(module: ModuleType, name: str, hint: str) -> None:
    with pytest.raises(AttributeError) as found:
        getattr(module, name)
    assert hint in str(found.value)
    assert ("did you mean" in str(found.value)) == ("did you mean" in hint)


# In the words of their users; both `dark` and `dark.tensor` have all functions.
FUNCTIONS = """
    abs add all any arange argmax argmin argsort asarray astype avg_pool2d batch_norm broadcast_to cat ceil clip
    conv2d conv_transpose2d corr2d cos cross_entropy cumsum dilate div dropout einsum equal erf exp expand_dims
    eye flip floor full gelu grad greater im2col isfinite isinf isnan jvp layer_norm less linspace log
    log_softmax logical_and logical_not logical_or manual_seed mask matmul max max_pool2d maximum mean min
    minimum moveaxis mul neg no_grad nonzero one_hot ones ones_like pad pow prod rand randint randn relu reshape
    round rsqrt sigmoid sign sin softmax sort split sqrt squeeze stack subtract sum take take_along_axis tanh
    transpose upsample2d value_and_grad var view vjp where zeros zeros_like Constant Operation Parameter Tensor
"""
LAYERS = """
    AvgPool2d BCEWithLogitsLoss BatchNorm2d Conv2d ConvTranspose2d CrossEntropyLoss Dropout Embedding Flatten
    GELU LayerNorm LeakyReLU Linear MSELoss MaxPool2d Module ModuleList MultiheadAttention ReLU Sequential
    Sigmoid Softmax Tanh Upsample2d functional init
"""


@pytest.mark.parametrize(
    ("module", "names"),
    [
        (dark, FUNCTIONS + "compile inspect inspection nn optim series testing"),
        (dt, FUNCTIONS + "is_cuda"),
        (dark.nn, LAYERS),
        (dark.optim, "Adam AdamW SGD clip_grad_norm_ clip_grad_value_ lr_scheduler"),
        (dark.testing, "assert_equivalent gradcheck gradgradcheck reference"),
    ],
    ids=["dark", "dt", "nn", "optim", "testing"],
)
def test_public_names(module: ModuleType, names: str) -> None:
    assert [name for name in names.split() if not hasattr(module, name)] == []


def test_what_a_tensor_and_a_compiled_function_have() -> None:
    x = dark.asarray([[1.0, 2.0]], requires_grad=True)
    for name in (
        "T",
        "backward",
        "data",
        "detach",
        "device",
        "dtype",
        "grad",
        "item",
        "ndim",
        "numpy",
        "shape",
        "zero_grad",
    ):
        assert hasattr(x, name)
    function = dark.compile(dark.tanh, device="cpu", precision="default", donate=())
    assert function(x).shape == (1, 2)
    with pytest.raises(dark.ArgumentError, match="name two places to run"):
        dark.compile(dark.tanh, device="cpu", backend="reference")
    with pytest.raises(dark.ArgumentError, match="there is no backend 'tpu'"):
        dark.compile(dark.tanh, device="tpu")
    assert all(callable(getattr(function, name)) for name in ("inspect", "explain", "cache_info"))
