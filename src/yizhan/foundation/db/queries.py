"""SQL as it is written: named blocks of a `queries.sql` beside the store that wraps them.

-- name: oldest_waiting(queue_id, count)
-- The conversations that wait longest in a queue.
SELECT … WHERE queue_id = $1 ORDER BY … LIMIT $2;
"""

import re
from collections.abc import Iterator, Mapping
from importlib.resources import files

_HEADER = re.compile(r"^-- name:[ \t]*(?P<name>[a-z_][a-z0-9_]*)\((?P<parameters>[a-z0-9_, ]*)\)[ \t]*$", re.MULTILINE)
_PARAMETER = re.compile(r"\$(\d+)")


class Queries(Mapping[str, str]):
    """The queries of one capability, by name: `SQL.oldest_waiting` or `SQL["oldest_waiting"]`."""

    def __init__(self, package: str, texts: Mapping[str, str]) -> None:
        self.package = package
        self._texts = dict(texts)

    def __getitem__(self, name: str) -> str:
        return self._texts[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def __getattr__(self, name: str) -> str:
        try:
            return self._texts[name]
        except KeyError:
            raise AttributeError(f"{self.package}/queries.sql has no query {name}") from None


def load_queries(package: str | None) -> Queries:
    """Reads `queries.sql` of a package; call it once, as `SQL = load_queries(__package__)`."""
    if not package:
        raise ValueError("queries belong to a package")
    return Queries(package, parse_queries(files(package).joinpath("queries.sql").read_text("utf-8"), package))


def parse_queries(text: str, package: str) -> dict[str, str]:
    """A comment with the full name stays in front of each query, so that the server's own views tell whose it is."""
    headers = list(_HEADER.finditer(text))
    if text.count("-- name:") != len(headers):
        raise ValueError(f"{package}/queries.sql: a '-- name:' line is not of the form name(parameter, parameter)")
    texts: dict[str, str] = {}
    for header, following in zip(headers, [*headers[1:], None], strict=True):
        name = header["name"]
        body = _body(text[header.end() : following.start() if following else len(text)])
        _check_parameters(f"{package}.{name}", header["parameters"], body)
        if name in texts:
            raise ValueError(f"{package}/queries.sql has two queries named {name}")
        texts[name] = f"/* {package.removeprefix('yizhan.')}.{name} */ {body}"
    return texts


def _body(block: str) -> str:
    lines = block.strip().splitlines()
    while lines and lines[0].startswith("--"):
        lines.pop(0)
    return "\n".join(lines).strip().rstrip(";")


def _check_parameters(name: str, declared: str, body: str) -> None:
    wanted = len([parameter for parameter in declared.split(",") if parameter.strip()])
    used = {int(number) for number in _PARAMETER.findall(body)}
    if used != set(range(1, wanted + 1)):
        raise ValueError(f"{name} declares {wanted} parameters but uses {sorted(used)}")
