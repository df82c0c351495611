"""Conversations as Arrow tables, for pandas, DuckDB, Polars, Spark and Parquet. Needs the extra `export` or `spark`.

    table = to_arrow(mind.conversations.stream(range(1, 1001)))

A row is a conversation, with its ticket and its place in it. Columns are named and nested as the models are, and worked
out from them: lists of objects are `list<struct>`, moments `timestamp[us, UTC]`, enums text.

| in the model                                           | in the table                                               |
|--------------------------------------------------------|------------------------------------------------------------|
| absent (`UNSET`) or null (`None`)                      | null                                                       |
| an object that may hold anything, a union, recursion   | JSON text                                                  |
| `additional_properties`                                | the column of that name, JSON text; null if there are none |
| what its type cannot hold: 10^30, half a character     | null, and under its wire name in `additional_properties`   |

JSON columns say `content: json` in the metadata of their field.
"""

# pyarrow tells no types
# pyright: reportUnknownVariableType=false
try:
    from enneo_mind_client.arrow.rows import Errors, Rows, conversation_schema
    from enneo_mind_client.arrow.schemas import schema
    from enneo_mind_client.arrow.tables import batches, to_arrow
except ModuleNotFoundError as error:
    needed = "Arrow tables need an extra; install it with: pip install 'enneo-mind-client[export]'"
    raise ModuleNotFoundError(needed, name=error.name) from error

__all__ = ["Errors", "Rows", "batches", "conversation_schema", "schema", "to_arrow"]
