"""The Python that jinja2 compiles templates to, with plain calls and attributes.

jinja2 asks at each call whether the function wants the template's context, at each attribute whether the object is a
dict, and of each macro call which arguments it has. For our macros, which are called some ten thousand times for a
program, that is half of the time of rendering. Functions that our templates call want nothing, and dicts are
subscripted.
"""

from __future__ import annotations

from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame, MacroRef
from jinja2.runtime import Macro


class PlainCode(CodeGenerator):
    """Writes `x.name` and `f(a, b)` as they stand. Only for environments of class `PlainEnvironment`."""

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:
        """An attribute."""
        self.write("(")
        self.visit(node.node, frame)
        self.write(f").{node.attr}")

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:
        """A call; arguments that are unpacked (`*`, `**`) are left to jinja2."""
        if node.dyn_args or node.dyn_kwargs:
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.visit(node.node, frame)
        self.write("(")
        for argument in (*node.args, *node.kwargs):
            self.visit(argument, frame)
            self.write(", ")
        self.write("caller=caller)" if forward_caller else ")")

    def macro_def(self, macro_ref: MacroRef, frame: Frame) -> None:
        """The macro of the function `macro`, which was just written."""
        names = tuple(argument.name for argument in macro_ref.node.args)
        accesses = macro_ref.accesses_kwargs, macro_ref.accesses_varargs, macro_ref.accesses_caller
        described = ", ".join(map(repr, (getattr(macro_ref.node, "name", None), names, *accesses)))
        self.write(f"environment.macro_class(environment, macro, {described}, context.eval_ctx.autoescape)")


class PlainMacro(Macro):
    """A macro that is called quickly with all of its arguments by position."""

    def __init__(self, *description: Any) -> None:
        super().__init__(*description)
        extra = self.caller or self.catch_kwargs or self.catch_varargs or self._default_autoescape
        self._plain = -1 if extra else self._argument_count

    def __call__(self, *args: Any, **kwargs: Any) -> str:
        """What the macro writes."""
        if len(args) == self._plain and not kwargs:
            return self._func(*args)
        return super().__call__(*args, **kwargs)


class PlainEnvironment(jinja2.Environment):
    """An environment whose templates are compiled so."""

    code_generator_class = PlainCode
    macro_class = PlainMacro
