"""A trained network as the package ships it: encoder.onnx (8-bit), heads.onnx, encoder.json, vocabulary.txt."""

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from encoder.model import Network


def shrink(whole: Path, to: Path) -> None:
    """Weights in 8 bits. Products are also worked out in 8 bits (weights 7, so that nothing saturates on processors
    without VNNI), but for those whose inputs have outliers: the way down and out of a layer, kept in 8 bits and multiplied in floats."""
    model = onnx.load(whole)
    weights = {weight.name: weight for weight in model.graph.initializer}
    products = [node for node in model.graph.node if node.op_type == "MatMul" and node.input[1] in weights]
    kept = {node.name for node in products if "/down/" in node.name or "/out/" in node.name}
    first = []
    for node in products:
        if node.name in kept:
            name = node.input[1]
            values = numpy_helper.to_array(weights[name])
            scale = np.abs(values).max(0, keepdims=True) / 127
            model.graph.initializer.remove(weights[name])
            model.graph.initializer.append(
                numpy_helper.from_array(np.round(values / scale).astype(np.int8), f"{name}_bits")
            )
            model.graph.initializer.append(numpy_helper.from_array(scale.astype(np.float32), f"{name}_scale"))
            first.append(helper.make_node("Cast", [f"{name}_bits"], [f"{name}_cast"], to=TensorProto.FLOAT))
            first.append(helper.make_node("Mul", [f"{name}_cast", f"{name}_scale"], [name]))
    for node in reversed(first):
        model.graph.node.insert(0, node)
    smaller = whole.with_name("smaller.onnx")
    onnx.save(model, smaller)
    quantize_dynamic(
        smaller, to, per_channel=True, reduce_range=True, weight_type=QuantType.QInt8,
        op_types_to_quantize=["MatMul", "Gather"], nodes_to_exclude=sorted(kept),
    )  # fmt: skip


def export(
    network: Network,
    folder: Path,
    types: Sequence[str],
    vocabulary: Sequence[str],
    calibration: dict,
    *,
    masked: bool,
    eight_bit: bool = True,
) -> None:
    """Write all four files."""
    folder.mkdir(parents=True, exist_ok=True)
    network.eval()
    width = network.body.words.embedding_dim
    given = tuple(torch.ones(1, 8, dtype=torch.long) for _ in range(3))
    with tempfile.TemporaryDirectory() as scratch:
        whole = Path(scratch) / "encoder.onnx"
        torch.onnx.export(
            network.body, given, whole, input_names=["ids", "slots", "new"], output_names=["vectors", "scores"], dynamo=False, opset_version=17,
            dynamic_axes={name: {1: "pieces"} for name in ("ids", "slots", "new", "vectors", "scores")},
        )  # fmt: skip
        if eight_bit:
            shrink(whole, folder / "encoder.onnx")
        else:
            (folder / "encoder.onnx").write_bytes(whole.read_bytes())
    torch.onnx.export(
        network.heads, (torch.zeros(2, width), torch.zeros(2, dtype=torch.long), torch.zeros(3, width)), folder / "heads.onnx",
        input_names=["stretch", "kind", "words"], output_names=["query", "key", "without", "status", "near", "undated"], dynamo=False, opset_version=17,
        dynamic_axes={"stretch": {0: "n"}, "kind": {0: "n"}, "words": {0: "m"}, "query": {0: "n"}, "key": {0: "m"}, "without": {0: "n"}, "status": {0: "n"}, "undated": {0: "n"}},
    )  # fmt: skip
    (folder / "encoder.json").write_text(
        json.dumps({"types": list(types), **calibration, "masked": masked}, indent=1) + "\n", encoding="utf-8"
    )
    (folder / "vocabulary.txt").write_text("\n".join(vocabulary), encoding="utf-8")
