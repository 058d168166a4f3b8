from dataclasses import dataclass
@dataclass(frozen=True)
class Rendered:
    text: str
    symbol: str
    grid: tuple
    block: tuple
    written: tuple
