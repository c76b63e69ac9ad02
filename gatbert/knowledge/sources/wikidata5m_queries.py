"""SQL that turns the files of Wikidata5M into assertions, out of core.

Entities and relations are numbers, ``Q22686`` 22686, so that tables of millions of rows stay small.
"""

_LINES = """read_csv(?, delim = '{delimiter}', quote = '', escape = '', header = false, auto_detect = false,
    null_padding = false, max_line_size = 16777216, compression = '{{compression}}', columns = {columns})"""

_WHOLE_LINES = _LINES.format(delimiter="\x01", columns="{{'line': 'VARCHAR'}}")
"""Lines have as many cells as there are names, so that they are divided by hand."""


def term(name: str) -> str:
    """Return the SQL of the term of a name, as ``concept_key`` makes it."""
    return f"regexp_replace(trim(lower(replace({name}, '/', ' '))), '[\\s\\pZ]+', '_', 'g')"


def folded(name: str) -> str:
    """Return the SQL of a name in folded form, as ``fold`` makes it."""
    words = f"regexp_replace(lower(replace({name}, '/', ' ')), '[\\s\\pZ_]+', ' ', 'g')"
    return f"strip_accents(trim({words}))"


READ_ENTITIES = f"""
    CREATE TABLE wikidata_entities AS SELECT entity, names, names[1] AS label FROM (
        SELECT CAST(substr(cells[1], 2) AS INTEGER) AS entity,
            list_filter(if(len(cells) > 1, cells[2:], error('no names')),
                lambda name: regexp_matches(name, '[^\\s\\pZ\\pM_/]')) AS names
        FROM (SELECT string_split(rtrim(line, chr(13)), chr(9)) AS cells FROM {_WHOLE_LINES}))
    WHERE len(names) > 0
"""  # noqa: S608

READ_TEXTS = f"""
    UPDATE wikidata_entities SET label = found.name FROM (
        SELECT entity, list_max(list_transform(
            list_filter(names, lambda name: starts_with(beginning, name)
                AND NOT regexp_matches(substr(beginning, length(name) + 1, 1), '[\\pL\\pN]')),
            lambda name: {{{{'letters': length(name), 'name': name}}}})).name AS name
        FROM (SELECT CAST(substr(cells[1], 2) AS INTEGER) AS entity, substr(cells[2], 1, 200) AS beginning
            FROM (SELECT string_split(line, chr(9)) AS cells FROM {_WHOLE_LINES}))
        JOIN wikidata_entities USING (entity)) AS found
    WHERE wikidata_entities.entity = found.entity AND found.name IS NOT NULL
"""  # noqa: S608
"""A text begins with what it is about. The longest name is taken: ``Donald John Trump`` rather than ``Donald``."""

KEEP_ENTITIES = f"""
    CREATE TABLE wikidata_kept AS SELECT DISTINCT entity FROM (
        SELECT entity, unnest(names) AS name FROM wikidata_entities)
    WHERE {folded("name")} IN (SELECT phrase FROM wikidata_phrases)
"""  # noqa: S608

_NUMBERS = ", ".join(f"CAST(substr({name}, 2) AS INTEGER) AS {name}" for name in ("head", "relation", "tail"))

_THREE_CELLS = _LINES.format(delimiter="\t", columns="{{'head': 'VARCHAR', 'relation': 'VARCHAR', 'tail': 'VARCHAR'}}")

READ_TRIPLES = f"""
    CREATE TABLE wikidata_triples AS SELECT * FROM (SELECT {_NUMBERS} FROM {_THREE_CELLS})
"""  # noqa: S608

TOUCH_KEPT = """
    WHERE head IN (SELECT entity FROM wikidata_kept) OR tail IN (SELECT entity FROM wikidata_kept)
"""
"""Edges of a kept entity, to any other."""

COUNT_STATEMENTS = """
    CREATE TABLE wikidata_counts AS SELECT entity, count(*) AS statements
    FROM (SELECT head AS entity FROM wikidata_triples UNION ALL SELECT tail FROM wikidata_triples) GROUP BY entity
"""

SELECT_RELATIONS = f"""
    SELECT 'en/' || {term("h.label")} AS head, coalesce(r.name, 'P' || w.relation) AS relation,
        'en/' || {term("t.label")} AS tail, 1.0 AS weight, 'CC0 1.0' AS license
    FROM wikidata_triples w JOIN wikidata_entities h ON w.head = h.entity JOIN wikidata_entities t ON w.tail = t.entity
        LEFT JOIN wikidata_relations r ON w.relation = r.relation
"""  # noqa: S608

SELECT_ALIASES = f"""
    SELECT 'en/' || term AS head, 'FormOf' AS relation, 'en/' || {term("label")} AS tail, 1.0 AS weight,
        'CC0 1.0' AS license
    FROM (SELECT term, arg_max(entity, statements * 4294967296 - entity) AS entity FROM (
        SELECT {term("name")} AS term, entity, statements FROM (
            SELECT entity, statements, unnest(names) AS name
            FROM wikidata_entities JOIN wikidata_counts USING (entity)))
        GROUP BY term)
        JOIN wikidata_entities USING (entity)
    WHERE term <> {term("label")}
"""  # noqa: S608
"""Of several entities with a name, the one with the most triples; of several with as many, the one with the lowest id,
which is the oldest: what matters most was written first."""

SELECT_SPELLINGS = f"""
    SELECT 'en/' || {term("name")} AS key, min(name) AS phrase
    FROM (SELECT entity, unnest(names) AS name FROM wikidata_entities JOIN wikidata_counts USING (entity))
    GROUP BY entity, key
"""  # noqa: S608
"""Of ``Donald Trump`` and ``donald trump`` for one entity the first, as capitals stand before small letters: small ones
are often careless."""

_TABLES = ("entities", "kept", "triples", "counts")
DROP_TABLES = "; ".join(f"DROP TABLE IF EXISTS wikidata_{table}" for table in _TABLES)
