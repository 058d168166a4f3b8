"""Nodes: one for equal parts, immutable in effect, gone when nobody holds them."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest

from dark_jit import ops
from dark_jit.graph.graph import graph_input
from dark_jit.graph.node import OPS, make, rebuild, register

from ..concurrency import at_once, run_script

F32 = np.dtype("float32")
X = graph_input(0, (2, 3), F32)
Y = graph_input(1, (2, 3), F32)


def test_equal_nodes_are_one():
    assert ops.add(X, Y) is ops.add(X, Y)
    assert ops.reshape(X, (3, 2)) is ops.reshape(X, (-1, 2))
    assert ops.multiply(X, 2.0) is ops.multiply(X, 2)


def test_different_nodes_are_several():
    assert ops.add(X, Y) is not ops.add(Y, X)
    assert graph_input(0, (2, 3), F32) is not graph_input(0, (2, 3), np.dtype("float64"))
    assert ops.transpose(X) is not ops.reshape(X, (3, 2))
    assert ops.multiply(X, 0.0) is not ops.multiply(X, -0.0)


def test_constants_are_equal_by_their_bits():
    nan = float("nan")
    assert ops.constant(nan, F32) is ops.constant(-nan, F32)
    assert ops.constant(0.1, F32) is ops.constant(float(np.float32(0.1)), F32)
    assert ops.constant(0.1, F32) is not ops.constant(0.1, np.dtype("float64"))
    assert ops.constant(1, F32) is ops.constant(True, F32)


def test_attributes_and_size():
    node = ops.slice_(X, [(0, 2, 1), (1, 3, 2)])
    assert node["ranges"] == ((0, 2, 1), (1, 3, 2))
    assert (node.ndim, node.size) == (2, 2)
    assert graph_input(0, (), F32).size == 1
    with pytest.raises(KeyError):
        node["axis"]
    assert repr(node) == "<slice ranges=((0, 2, 1), (1, 3, 2)): float32[2, 1]>"


def test_a_node_goes_when_nobody_holds_it():
    node = weakref.ref(ops.add(ops.multiply(X, 3.25), Y))
    gc.collect()
    assert node() is None


def test_threads_get_the_same_node():
    def make_all():
        return [ops.add(X, float(i)) for i in range(300)]

    made = at_once(*[make_all] * 8)
    assert len(set().union(*made)) == 300


def test_nodes_die_while_other_threads_make_them():
    """Each is given up at once, so that what one thread finds is often just going."""

    def make_and_drop():
        for i in range(5000):
            node = ops.add(X, float(i % 7))
            assert (node.op.name, node["index"] if node.op.kind == "leaf" else node.shape) == ("add", (2, 3))
            assert node is ops.add(X, float(i % 7))

    at_once(*[make_and_drop] * 4)


def test_a_finaliser_may_make_nodes_while_one_is_made():
    run_script("""
        import gc
        import numpy as np
        from dark_jit import ops
        from dark_jit.graph.graph import graph_input
        x, made = graph_input(0, (2, 3), np.dtype("float32")), []
        class Cycle:
            def __init__(self):
                self.me = self
            def __del__(self):
                made.append(ops.multiply(x, float(len(made))))
        for i in range(400):    # the collection comes after the i-th object
            gc.disable()
            gc.collect()
            Cycle()
            gc.set_threshold(i)
            gc.enable()
            made.append(ops.add(x, float(i)))
        assert len(made) > 700, len(made)
    """)


def test_the_child_of_a_fork_makes_nodes_though_another_thread_was_making_some():
    run_script("""
        import os, signal, sys, threading
        import numpy as np
        from dark_jit import ops
        from dark_jit.graph.graph import graph_input
        x, going = graph_input(0, (2, 3), np.dtype("float32")), True
        def make():
            i = 0
            while going:
                i += 1
                ops.add(x, float(i))
        sys.setswitchinterval(1e-6)
        thread = threading.Thread(target=make)
        thread.start()
        for fork in range(60):
            pid = os.fork()
            if pid == 0:
                signal.alarm(10)
                ops.multiply(x, float(fork))
                os._exit(0)
            assert os.waitpid(pid, 0)[1] == 0
        going = False
        thread.join()
    """)


def test_rebuild_changes_inputs_alone():
    node = ops.concatenate([X, Y], 1)
    other = rebuild(node, (Y, X))
    assert other is ops.concatenate([Y, X], 1)
    assert rebuild(node, node.inputs) is node


def test_every_operation_says_what_it_is():
    kinds = {"leaf", "constant", "elementwise", "movement", "reduction", "contraction", "window", "marker"}
    kinds |= {"gather", "scatter", "scan", "sort", "assembly"}
    for op in OPS.values():
        assert op.kind in kinds
        assert op.doc.strip()


def test_a_name_can_be_taken_once():
    with pytest.raises(ValueError, match="'add' is defined already"):
        register(OPS["add"])


def test_make_uses_the_rule_of_the_operation():
    node = make(OPS["transpose"], (X,), axes=(1, 0))
    assert (node.shape, node.dtype) == ((3, 2), F32)
    assert node is ops.transpose(X)
