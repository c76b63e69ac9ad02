"""A dump of the size and shape of ConceptNet's: 34 million lines, a tenth of them English to English, 75 relations."""

import os
import shutil
from pathlib import Path

import duckdb

LINES, FEWER_LINES = 34_000_000, 10_000_000
BYTES_A_LINE = 60
"""Disk that a line takes while the dump is written and built from, with room to spare."""

FOLDER = Path(__file__).parent / "data"

QUERY = """
    CREATE MACRO language(x) AS
        (['fr', 'ja', 'de', 'la', 'es', 'ru', 'it', 'pt', 'zh', 'fi', 'sv', 'nl'])[1 + CAST(x % 12 AS INT)];
    COPY (
        SELECT '/a/[/r/' || relation || '/,' || head || '/,' || tail || '/]' AS uri,
            '/r/' || relation AS relation, head, tail,
            '{{"dataset": "/d/wiktionary/' || language(k) || '", "license": "cc:by-sa/4.0", "sources": '
            || '[{{"contributor": "/s/resource/wiktionary/' || language(k) || '", "process": "/s/process/x"}}], '
            || '"surfaceText": "[[' || i || ']]", "weight": ' || (1 + k % 5) || '.0}}' AS metadata
        FROM (SELECT i, k,
            CASE WHEN k % 75 < 45 THEN 'RelatedTo' ELSE 'Relation' || (k % 75) END AS relation,
            '/c/' || CASE WHEN k % 10 = 0 THEN 'en' ELSE language(k // 7) END || '/term_'
                || CAST(floor(1100000 * pow(a, 2)) AS BIGINT) || CASE WHEN k % 3 = 0 THEN '/n' ELSE '' END AS head,
            '/c/' || CASE WHEN k % 10 = 0 THEN 'en' ELSE language(k // 11) END || '/term_'
                || CAST(floor(1100000 * pow(b, 2)) AS BIGINT) AS tail
            FROM (SELECT range AS i, CAST(hash(range) % 1000003 AS BIGINT) AS k,
                (hash(range + 1) % 1000000007) / 1000000007 AS a, (hash(range + 2) % 1000000009) / 1000000009 AS b
                FROM range({lines})))
    ) TO '{path}' (FORMAT csv, DELIMITER '\t', HEADER false, QUOTE '', ESCAPE '', COMPRESSION gzip)
"""


def dump() -> tuple[Path, int]:
    """Return the dump and how many lines it has; it is written once, and again after ``make clean``.

    ``GATBERT_BENCHMARK_LINES`` says how many lines; by default 34 million, or 10 million where disk is short.
    """
    FOLDER.mkdir(exist_ok=True)
    room = shutil.disk_usage(FOLDER).free > LINES * BYTES_A_LINE
    lines = int(os.environ.get("GATBERT_BENCHMARK_LINES") or (LINES if room else FEWER_LINES))
    path = FOLDER / f"assertions-{lines}.csv.gz"
    if not path.exists():
        aside = path.with_name(f"partial-{path.name}")
        with duckdb.connect() as connection:
            connection.execute("SET preserve_insertion_order = false")
            connection.execute(QUERY.format(lines=lines, path=aside))
        aside.rename(path)
    return path, lines
