"""A Spark session on this machine, all of whose traces are kept to be searched, and a local Mind to read from."""

import os
import re
import shutil
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from enneo_mind_client.testing import LocalMind

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

TOKEN = "fake-token-c0ffee-3f9a77"
MISSING = 13
_LOGGING = """
rootLogger.level = debug
rootLogger.appenderRef.file.ref = file
appender.file.type = File
appender.file.name = file
appender.file.fileName = {folder}/driver.log
appender.file.layout.type = PatternLayout
appender.file.layout.pattern = %p %c %m%n%ex
"""


def java() -> str:
    """Return the Java that Spark would take, with its version; empty if there is none."""
    home = os.environ.get("JAVA_HOME")
    command = f"{home}/bin/java" if home else shutil.which("java")
    if not command:
        return ""
    done = subprocess.run([command, "-version"], capture_output=True, text=True, check=False)
    return done.stderr


@pytest.fixture(scope="session")
def mind() -> Iterator[LocalMind]:
    """Run a local Mind in which one ticket is missing."""
    with LocalMind(token=TOKEN) as mind:
        mind.fail(ticket=MISSING, status=404, times=None)
        yield mind


@pytest.fixture(scope="session")
def traces(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the session writes its log and its events."""
    return tmp_path_factory.mktemp("traces")


@pytest.fixture(scope="session")
def spark(traces: Path) -> "Iterator[SparkSession]":
    """Run Spark with two cores, in which a task may fail once, and write down everything."""
    version = re.search(r'version "(\d+)', java())
    if version is None or int(version[1]) < 17:
        pytest.skip("Spark needs Java 17 or later, which is not here")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # the gateway's sockets and processes
        with pytest.MonkeyPatch.context() as environment:
            # The executors' own. What is in `spark.executorEnv` Spark writes into its log at the level of debugging.
            environment.setenv("ENNEO_TOKEN", TOKEN)
            environment.setenv("TOKEN_OF_ANOTHER_NAME", TOKEN)
            environment.setenv("PYSPARK_PYTHON", sys.executable)  # and not the first one of the path
            session = _session(traces)
        yield session
        session.stop()


def _session(traces: Path) -> "SparkSession":
    from pyspark.sql import SparkSession

    logging = traces / "log4j2.properties"
    logging.write_text(_LOGGING.format(folder=traces))
    options = {
        "spark.driver.memory": "1g",
        "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile=file://{logging}",
        "spark.eventLog.enabled": "true",
        "spark.eventLog.compress": "false",
        "spark.eventLog.dir": f"file://{traces}",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.warehouse.dir": f"file://{traces}/warehouse",
        "spark.ui.port": "0",
        "spark.ui.showConsoleProgress": "false",
    }
    builder = SparkSession.builder.master("local[2,2]").appName("enneo-mind-client")
    for name, value in options.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()
