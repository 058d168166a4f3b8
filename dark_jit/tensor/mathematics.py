"""More elementwise functions of NumPy's and of the Array API standard; NumPy's names of the inverses too."""

from __future__ import annotations

from dark_jit.ops import mathematics
from dark_jit.tensor.elementwise import Binary, Unary, binary, unary

expm1: Unary = unary(mathematics.expm1, "expm1")
log1p: Unary = unary(mathematics.log1p, "log1p")
log2: Unary = unary(mathematics.log2, "log2")
log10: Unary = unary(mathematics.log10, "log10")
sinh: Unary = unary(mathematics.sinh, "sinh")
cosh: Unary = unary(mathematics.cosh, "cosh")
asinh: Unary = unary(mathematics.asinh, "asinh")
acosh: Unary = unary(mathematics.acosh, "acosh")
atanh: Unary = unary(mathematics.atanh, "atanh")
tan: Unary = unary(mathematics.tan, "tan")
asin: Unary = unary(mathematics.asin, "asin")
acos: Unary = unary(mathematics.acos, "acos")
atan: Unary = unary(mathematics.atan, "atan")
signbit: Unary = unary(mathematics.signbit, "signbit")
trunc: Unary = unary(mathematics.trunc, "trunc")
atan2: Binary = binary(mathematics.atan2, "atan2")
hypot: Binary = binary(mathematics.hypot, "hypot")
logaddexp: Binary = binary(mathematics.logaddexp, "logaddexp")
copysign: Binary = binary(mathematics.copysign, "copysign")
nextafter: Binary = binary(mathematics.nextafter, "nextafter")

arcsin, arccos, arctan, arctan2 = asin, acos, atan, atan2
arcsinh, arccosh, arctanh = asinh, acosh, atanh
