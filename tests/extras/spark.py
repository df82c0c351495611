"""The extra `spark`: tickets are a source that Spark reads; where there is no Java, only its schema is asked for."""

import os
import shutil
import sys

from enneo_mind_client.spark import ConversationsSource, register

BASE_URL, TOKEN = sys.argv[1:]
os.environ |= {"ENNEO_TOKEN": TOKEN, "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
OPTIONS = {"instance": BASE_URL, "range": "1-5"}

if not ("JAVA_HOME" in os.environ or shutil.which("java")):
    assert ConversationsSource(OPTIONS).schema()
    sys.exit()

from pyspark.sql import SparkSession  # noqa: E402 - it is there if the room is

spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
try:
    register(spark)
    assert spark.read.format("enneo_conversations").options(**OPTIONS).load().count()
finally:
    spark.stop()
