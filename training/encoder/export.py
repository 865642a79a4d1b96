"""A trained network as the package ships it: encoder.onnx (8-bit), heads.onnx, encoder.json, vocabulary.txt."""

import copy
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from encoder.model import LOOK, LOOKS, Network
from legation.reading.encoder import Window

SMOOTHED = {("query", "key", "value"): 0.65, ("out",): 0.65, ("up",): 0.65, ("down",): 0.8}
"""How much of the spread of their inputs is moved into the weights (Xiao et al. 2023) of products that have the same inputs. Of 0.2 to 1, those
with the least error in 40 windows."""


class Scaled(nn.Module):
    """A product whose inputs are scaled first."""

    def __init__(self, linear: nn.Linear, scale: nn.Parameter) -> None:
        super().__init__()
        self.linear, self.scale = linear, scale

    def forward(self, x: Tensor) -> Tensor:
        result: Tensor = self.linear(x * self.scale)
        return result


@torch.no_grad()
def smoothed(network: Network, heard: Sequence[Window]) -> Network:
    """The same function, with inputs of products that have no outliers on the windows `heard`, so that 8 bits are enough for them."""
    network = copy.deepcopy(network).eval()
    largest: dict[nn.Module, Tensor] = {}

    def look(module: nn.Module, given: tuple[Tensor]) -> None:
        seen = given[0].abs().flatten(0, -2).amax(0)
        largest[module] = torch.maximum(largest[module], seen) if module in largest else seen

    hooks = [
        getattr(layer, ways[0]).register_forward_pre_hook(look) for layer in network.body.layers for ways in SMOOTHED
    ]
    for window in heard:
        network.body(*(torch.tensor([row]) for row in (window.ids, window.slots, window.new)))
    for hook in hooks:
        hook.remove()
    for layer in network.body.layers:
        for ways, share in SMOOTHED.items():
            products = [getattr(layer, way) for way in ways]
            weight = torch.stack([product.weight.abs().amax(0) for product in products]).amax(0)
            scale = largest[products[0]].clamp(min=1e-4) ** share / weight.clamp(min=1e-4) ** (1 - share)
            for product in products:
                product.weight.mul_(scale)
            if ways == ("out",):  # attention only mixes values: they can be smaller from the start
                value = layer.value.linear
                value.weight.div_(scale[:, None])
                value.bias.div_(scale)
            else:
                shared = nn.Parameter(1 / scale)
                for way, product in zip(ways, products, strict=True):
                    setattr(layer, way, Scaled(product, shared))
    return network


def halve(path: Path) -> None:
    """Keep the larger weights of a network in 16 bits; they are made 32 again where it is loaded."""
    model = onnx.load(path)
    for weight in [w for w in model.graph.initializer if len(w.dims) > 1 and w.data_type == TensorProto.FLOAT]:
        half = numpy_helper.from_array(numpy_helper.to_array(weight).astype(np.float16), f"{weight.name} in 16 bits")
        model.graph.initializer.remove(weight)
        model.graph.initializer.append(half)
        model.graph.node.insert(0, helper.make_node("Cast", [half.name], [weight.name], to=TensorProto.FLOAT))
    onnx.save(model, path)


def export(
    network: Network,
    folder: Path,
    types: Sequence[str],
    vocabulary: Sequence[str],
    calibration: dict,
    heard: Sequence[Window],
    *,
    masked: bool,
    eight_bit: bool = True,
) -> None:
    """Write all four files. Weights in 8 bits; products are worked out in 8 bits too (weights 7, so that nothing saturates on processors
    without VNNI), their inputs smoothed as they are on the windows `heard`."""
    folder.mkdir(parents=True, exist_ok=True)
    network.eval()
    width = network.body.words.embedding_dim
    given = tuple(torch.ones(1, 8, dtype=torch.long) for _ in range(3))
    with tempfile.TemporaryDirectory() as scratch:
        whole = Path(scratch) / "encoder.onnx"
        torch.onnx.export(
            (smoothed(network, heard) if eight_bit else network).body, given, whole, input_names=["ids", "slots", "new"], output_names=["vectors", "scores", "shown"], dynamo=False, opset_version=17,
            dynamic_axes={name: {1: "pieces"} for name in ("ids", "slots", "new", "vectors", "scores", "shown")},
        )  # fmt: skip
        if eight_bit:
            quantize_dynamic(
                whole, folder / "encoder.onnx", per_channel=True, reduce_range=True, weight_type=QuantType.QInt8,
                op_types_to_quantize=["MatMul", "Gather"],
            )  # fmt: skip
        else:
            (folder / "encoder.onnx").write_bytes(whole.read_bytes())
    torch.onnx.export(
        network.heads, (torch.zeros(2, width), torch.zeros(2, dtype=torch.long), torch.zeros(3, width), torch.zeros(1, 8, 2, LOOKS, LOOK), torch.zeros(2, 8, dtype=torch.long)),
        folder / "heads.onnx", input_names=["stretch", "kind", "words", "shown", "bands"], output_names=["query", "key", "without", "status", "near", "undated"], dynamo=False, opset_version=17,
        dynamic_axes={"stretch": {0: "n"}, "kind": {0: "n"}, "words": {0: "m"}, "shown": {1: "pieces"}, "bands": {0: "n", 1: "pieces"}, "query": {0: "n"}, "key": {0: "m"}, "without": {0: "n"}, "status": {0: "n"}, "undated": {0: "n"}},
    )  # fmt: skip
    if eight_bit:
        halve(folder / "heads.onnx")
    (folder / "encoder.json").write_text(
        json.dumps({"types": list(types), **calibration, "masked": masked}, indent=1) + "\n", encoding="utf-8"
    )
    (folder / "vocabulary.txt").write_text("\n".join(vocabulary), encoding="utf-8")
