"""The wire rules, under the names that generated models use.

| on the wire                                            | in Python                                                   |
|--------------------------------------------------------|-------------------------------------------------------------|
| null for anything                                      | None                                                        |
| `[]` where an object is due                            | an empty object                                             |
| `{"0": ..., "2": ...}` where a list is due             | the list in the order of the keys                           |
| a date as epoch seconds, ISO 8601, Y-m-d H:M:S         | an aware datetime; no zone means UTC                        |
| a zero or unreadable date                              | None, the raw value kept                                    |
| 0, 1, "0", "1" for a boolean; "123", 123.0 for an int  | the declared type                                           |
| any other value of the wrong type                      | `UNSET`, the raw value kept, a drift noted                  |
| in a list of objects what is none, null among it       | an empty model that keeps it as `model["$"]`                |
| in another list an item that is not as declared        | left out, the whole raw list kept                           |
| an unknown enum value                                  | as it came                                                  |
| an unknown field                                       | in `additional_properties`                                  |

*Kept* is in `additional_properties` under the wire name, so that `from_dict(m.to_dict()) == m` for every model, and
`to_dict()` gives back what came. A field that is set ends the keeping of its raw value. Where nothing can keep an item,
in an answer that is a list of texts as a whole, one `ResponseError` names every such item.
"""

from .decoders import (
    Decoder,
    array,
    binary,
    boolean,
    choice,
    const,
    date,
    either,
    free,
    integer,
    moment,
    null,
    number,
    text,
    uuid,
)
from .drift import UNSET, Unset, drifts
from .model import Model, additional, describe, model
from .scalars import File

__all__ = [
    "UNSET",
    "Decoder",
    "File",
    "Model",
    "Unset",
    "additional",
    "array",
    "binary",
    "boolean",
    "choice",
    "const",
    "date",
    "describe",
    "drifts",
    "either",
    "free",
    "integer",
    "model",
    "moment",
    "null",
    "number",
    "text",
    "uuid",
]
