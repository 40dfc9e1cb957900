"""`linkage`: how well the product's evidence links a public labelled set, and splink the same records in the same run.

Both weigh the pairs that agree in one of the same blocks, learn their weights from them without a label, and link from
a probability of 0.99 on. Labels only judge: precision is the share of linked pairs that are one person, recall the
share of all pairs of one person that are linked.
"""

from __future__ import annotations

import csv
import gzip
import importlib
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

from bench.report import figure
from yizhan.desk.resolution import FieldWeights, Known, Level, Pattern, ResolutionDocument, bits_of, fit, judge, pattern

DATA = Path(__file__).parents[1] / "tests" / "desk" / "resolution" / "data" / "febrl3.csv.gz"
LINK_AT = 0.99

Record = dict[str, str]
Pair = tuple[str, str]

FIELDS = {
    "given_name": "text", "surname": "text", "street_number": "digits", "address_1": "text", "address_2": "text",
    "suburb": "text", "postcode": "digits", "state": "text", "date_of_birth": "digits", "soc_sec_id": "digits",
}  # fmt: skip
BLOCKS = (
    ("soc_sec_id",), ("date_of_birth",), ("given_name", "surname"), ("given_name", "postcode"), ("surname", "postcode"),
    ("address_1", "street_number"), ("postcode",),
)  # fmt: skip


class Quality(NamedTuple):
    precision: float
    recall: float
    linked: int
    pairs: int
    seconds: float


def run() -> None:
    records = list(read())
    own = measured(records, linked_by_us)
    theirs, note = _splink(records)
    figure("linkage", own.precision, "precision", goal=f">= 0.99 at recall >= 0.95 (recall {own.recall:.4f})",
           limit=theirs.precision if theirs else None, ratio=None, detail={
        "set": "Febrl 3", "records": len(records), "linked": own.linked, "pairs_of_one_person": own.pairs,
        "recall": round(own.recall, 4), "seconds": round(own.seconds, 1), "splink": note, "limit_is": "splink's",
    })  # fmt: skip


def read(path: Path = DATA) -> Iterator[Record]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def measured(records: Sequence[Record], link: Callable[[Sequence[Record]], Iterable[Pair]]) -> Quality:
    started = time.perf_counter()
    linked = {_ordered(pair) for pair in link(records)}
    seconds = time.perf_counter() - started
    persons: dict[str, list[str]] = defaultdict(list)
    for record in records:
        persons[record["rec_id"].split("-")[1]].append(record["rec_id"])
    true = {_ordered(pair) for ids in persons.values() for pair in combinations(ids, 2)}
    right = len(linked & true)
    return Quality(right / max(len(linked), 1), right / len(true), len(linked), len(true), seconds)


def linked_by_us(records: Sequence[Record]) -> list[Pair]:
    """The product's own comparing, estimating and judging; nothing here knows of weights."""
    known = {each["rec_id"]: Known(texts={f: [each[f]] for f in FIELDS if each[f]}) for each in records}
    alike: dict[Pattern, list[Pair]] = defaultdict(list)
    for one, other in blocked(records):
        alike[pattern(DOCUMENT, known[one], known[other])].append((one, other))
    rules = fit(DOCUMENT, {levels: len(pairs) for levels, pairs in alike.items()})
    least = bits_of(LINK_AT)
    linked = [pairs for pairs in alike.values() if judge(rules, *(known[id] for id in pairs[0])).bits >= least]
    return [pair for pairs in linked for pair in pairs]


def blocked(records: Sequence[Record]) -> set[Pair]:
    found: set[Pair] = set()
    for block in BLOCKS:
        together: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for each in records:
            if all(each[field] for field in block):
                together[tuple(each[field] for field in block)].append(each["rec_id"])
        found |= {_ordered(pair) for ids in together.values() for pair in combinations(ids, 2)}
    return found


def linked_by_splink(records: Sequence[Record]) -> list[Pair]:
    """As its documentation has it: `u` from random pairs, `m` by expectation and maximisation under two blocks."""
    splink: Any = importlib.import_module("splink")
    library: Any = importlib.import_module("splink.comparison_library")
    arrow: Any = importlib.import_module("pyarrow")
    rows = [{"unique_id": each["rec_id"], **{f: each[f] or None for f in FIELDS}} for each in records]
    rules = [splink.block_on(*block) for block in BLOCKS]
    ways = {"text": lambda field: library.JaroWinklerAtThresholds(field, [0.92, 0.84]),
            "digits": lambda field: library.DamerauLevenshteinAtThresholds(field, [1])}  # fmt: skip
    settings = splink.SettingsCreator(
        link_type="dedupe_only", comparisons=[ways[how](field) for field, how in FIELDS.items()],
        blocking_rules_to_generate_predictions=rules,
    )  # fmt: skip
    linker = splink.Linker(splink.DuckDBAPI().register(arrow.Table.from_pylist(rows)), settings, log_level="ERROR")
    learn = linker.training
    learn.estimate_probability_two_random_records_match([rules[0], rules[2]], recall=0.8)
    learn.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for rule in (rules[1], rules[2]):
        learn.estimate_parameters_using_expectation_maximisation(rule, record_sample_proportion=1.0)
    found = linker.inference.predict(threshold_match_probability=LINK_AT).as_dict()
    return list(zip(found["unique_id_l"], found["unique_id_r"], strict=True))


def _splink(records: Sequence[Record]) -> tuple[Quality | None, dict[str, object] | str]:
    """It is a tool of this comparison alone; where it is missing nothing is compared, and the line says so."""
    try:
        version = importlib.import_module("splink").__version__
    except ImportError:
        return None, "not installed: nothing to compare with (make bench installs it where it can)"
    found = measured(records, linked_by_splink)
    return found, {
        "version": version, "precision": round(found.precision, 4), "recall": round(found.recall, 4),
        "linked": found.linked, "seconds": round(found.seconds, 1),
    }  # fmt: skip


def _ordered(pair: Sequence[str]) -> Pair:
    one, other = sorted(pair)
    return one, other


def _field(name: str, how: str) -> FieldWeights:
    """A guess nobody measured: what agrees speaks for one person. What it really weighs is to be learnt."""
    shares: Mapping[str, tuple[float, float]] = {
        "same": (0.7, 0.05), "close": (0.15, 0.05), "similar": (0.05, 0.05), "different": (0.1, 0.85),
    }  # fmt: skip
    levels = tuple(Level(at, *shares[at]) for at in shares if how == "text" or at != "similar")
    return FieldWeights(field=name, zh=name, en=name, how="text" if how == "text" else "digits", levels=levels)


DOCUMENT = ResolutionDocument(
    prior=0.2, link_at=LINK_AT, fields=tuple(_field(name, how) for name, how in FIELDS.items())
)
