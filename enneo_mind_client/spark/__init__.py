"""Conversations in Spark, read by many tasks at once. Needs the extra `spark`: PySpark 4, and Java 17 or 21.

    register(spark)
    df = spark.read.format("enneo_conversations").option("instance", "demo").option("range", "1-20000").load()

    df = read_tickets(spark.table("tickets"), "ticket_id", instance="demo")      # the ids are in a table

The schema is that of `enneo_mind_client.arrow.conversation_schema`. Each task reads with the asynchronous client, as
fast as the instance lets it. What it proves itself with is found on the executors: `ENNEO_TOKEN`, or what `tokenEnv` or
`tokenFile` name; or it is given to `register`, which ships it with the code. It is no option, since Spark writes
options into plans.
"""

try:
    from enneo_mind_client.spark.source import ConversationsSource, register
    from enneo_mind_client.spark.tables import read_tickets
except ModuleNotFoundError as error:
    needed = "reading in Spark needs an extra; install it with: pip install 'enneo-mind-client[spark]'"
    raise ModuleNotFoundError(needed, name=error.name) from error

__all__ = ["ConversationsSource", "read_tickets", "register"]
