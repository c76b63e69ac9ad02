"""Each source: what it reads, and the one sentence that each mistake in it gets."""

import gzip
from collections import Counter
from pathlib import Path

import pytest

from gatbert.errors import UserError
from gatbert.knowledge import KnowledgeGraph
from gatbert.knowledge.build import build_graph
from gatbert.knowledge.sources import Sources, Triples
from gatbert.knowledge.sources.assertions import Choice
from gatbert.knowledge.sources.wordnet import PARTS, read_synsets
from tests.knowledge.dump import assertion, write_dump, write_wordnet

LINES = [
    assertion("en/wind_power", "IsA", "en/energy", 2.0),
    assertion("en/wind_power/n", "IsA", "en/energy/n/wn/phenomenon", 1.0),
    assertion("en/test/n/wikt/en_1", "dbpedia/genre", "en/exam", 0.5),
    assertion("en/exam", "RelatedTo", "en/exam"),
    assertion("fr/éolienne", "RelatedTo", "en/wind_power"),
    assertion("fr/éolienne", "IsA", "fr/énergie"),
]


def edges(graph: KnowledgeGraph) -> set[tuple[str, str, str, float]]:
    """Return the forward edges of a graph by name."""
    labels = graph.relations.labels()
    found = set()
    for concept in range(len(graph)):
        around = graph.neighbours(concept)
        for neighbour, relation, weight in zip(*around[1:], strict=True):
            name = labels[relation]
            if not name.endswith("^-1") and (name not in graph.relations.symmetric or concept < neighbour):
                found.add((graph.key(concept), name, graph.key(int(neighbour)), round(float(weight), 4)))
    return found


def build(tmp_path: Path, lines: list[str], name: str = "dump.csv", **choice: object) -> KnowledgeGraph:
    dump = write_dump(tmp_path / name, lines)
    return KnowledgeGraph(build_graph(tmp_path / "graph", Sources([str(dump)]), choice=Choice(**choice)))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["dump.csv", "dump.csv.gz"])
def test_conceptnet_folds_senses_and_keeps_the_greatest_weight(tmp_path: Path, name: str) -> None:
    assert edges(build(tmp_path, LINES, name)) == {
        ("en/wind_power", "IsA", "en/energy", 2.0),
        ("en/test", "dbpedia/genre", "en/exam", 0.5),
    }


def test_conceptnet_can_keep_senses_languages_and_self_loops(tmp_path: Path) -> None:
    graph = build(tmp_path, LINES, keep_senses=True, languages=("fr", "en"), keep_self_loops=True)
    found = {(head, name, tail) for head, name, tail, _ in edges(graph)}
    assert ("en/wind_power/n", "IsA", "en/energy/n/wn/phenomenon") in found
    assert ("fr/éolienne", "IsA", "fr/énergie") in found
    assert len(graph.meta.num_edges_by_relation) == 3
    assert graph.num_edges == len(LINES)
    assert graph.concept_id("eolienne") == graph.concept_id("Éolienne") is not None


@pytest.mark.parametrize(
    ("choice", "relations"),
    [
        ({"keep_relations": ("IsA",)}, {"IsA"}),
        ({"drop_relations": ("IsA",)}, {"dbpedia/genre"}),
        ({"min_weight": 1.5}, {"IsA"}),
    ],
)
def test_choices_are_heeded(tmp_path: Path, choice: dict[str, object], relations: set[str]) -> None:
    assert {name for _, name, _, _ in edges(build(tmp_path, LINES, **choice))} == relations


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("/a/x\t/r/IsA\t/c/en/a\t/c/en/b", ":3: 4 columns instead of 5"),
        (assertion("en/a", "IsA", "en/b").replace("{", "{{"), ":3: the last column is no JSON object with a weight"),
        (assertion("en/a", "IsA", "en/b").replace('"weight"', '"wait"'), ":3: the last column is no JSON object"),
        ("a\tb\tc\td\te\tf", ":3: 6 columns instead of 5"),
    ],
)
def test_wrong_lines_of_conceptnet_are_named(tmp_path: Path, wrong: str, words: str) -> None:
    with pytest.raises(UserError, match=words):
        build(tmp_path, [*LINES[:2], wrong, *LINES[2:]])
    assert not (tmp_path / "graph").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["dump.csv"]


def test_a_cut_gzip_file_is_named(tmp_path: Path) -> None:
    whole = gzip.compress("".join(f"{line}\n" for line in LINES * 500).encode())
    dump = tmp_path / "dump.csv.gz"
    dump.write_bytes(whole[: len(whole) - 30])
    with pytest.raises(UserError, match=r"dump\.csv\.gz:\d+: the gzip file is cut short"):
        build_graph(tmp_path / "graph", Sources([str(dump)]))
    assert [path.name for path in tmp_path.iterdir()] == ["dump.csv.gz"]


def test_bytes_that_are_not_utf8_are_named(tmp_path: Path) -> None:
    dump = tmp_path / "dump.csv"
    dump.write_bytes("\n".join(LINES).encode("latin-1"))
    with pytest.raises(UserError, match=r"dump\.csv:5: byte 0xe9 is not UTF-8"):
        build_graph(tmp_path / "graph", Sources([str(dump)]))


def test_a_language_that_is_not_there_lists_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"no concept in de; its languages are en, fr"):
        build(tmp_path, LINES, languages=("de",))


def test_wordnet_becomes_conceptnets_relations(tmp_path: Path) -> None:
    graph = KnowledgeGraph(build_graph(tmp_path / "graph", Sources(wordnet=[str(write_wordnet(tmp_path / "dict"))])))
    assert edges(graph) == {
        ("en/abortion", "Synonym", "en/termination", 0.5),
        ("en/abortion", "IsA", "en/ending", 1.0),
        ("en/termination", "IsA", "en/ending", 0.5),
        ("en/abortion", "DerivedFrom", "en/abort", 1.0),
        ("en/abort", "DerivedFrom", "en/abortion", 1.0),
        ("en/women", "FormOf", "en/woman", 1.0),
        ("en/abortion", "RelatedTo", "en/ending", 0.5),
        ("en/ending", "RelatedTo", "en/termination", 0.25),
        ("en/abortion", "RelatedTo", "en/pregnancy", 0.5),
        ("en/pregnancy", "RelatedTo", "en/termination", 0.25),
        ("en/abort", "RelatedTo", "en/pregnancy", 0.5),
    }


def test_damaged_wordnet_is_named(tmp_path: Path) -> None:
    folder = write_wordnet(tmp_path / "dict")
    data = folder / "data.noun"
    whole = data.read_text()
    data.write_text(whole.replace("04 n 01 pregnancy", "04 n xx pregnancy"))
    with pytest.raises(UserError, match=r"data\.noun:4: no synset"):
        build_graph(tmp_path / "graph", Sources(wordnet=[str(folder)]))
    data.write_text("\n".join(whole.splitlines()[:2]) + "\n")
    with pytest.raises(UserError, match="points to n00000002, which is not there"):
        build_graph(tmp_path / "graph", Sources(wordnet=[str(folder)]))
    data.unlink()
    with pytest.raises(UserError, match=r"data\.noun is missing"):
        build_graph(tmp_path / "graph", Sources(wordnet=[str(folder)]))


def triples_graph(tmp_path: Path, text: str, name: str = "t.tsv", **options: object) -> KnowledgeGraph:
    (tmp_path / name).write_text(text)
    source = Triples(str(tmp_path / name), **options)  # type: ignore[arg-type]
    return KnowledgeGraph(build_graph(tmp_path / "graph", Sources(triples=[source])))


def test_triples_in_any_column_order_phrases_or_uris(tmp_path: Path) -> None:
    graph = triples_graph(
        tmp_path,
        'what,from,note,to\n"IsA",/c/en/wind_power/n,x,"Energy, clean"\nUsedFor, Wind  Power ,y,light\n',
        "t.csv",
        columns=("relation", "head", "_", "tail"),
        header=True,
    )
    assert edges(graph) == {
        ("en/wind_power", "IsA", "en/energy,_clean", 1.0),
        ("en/wind_power", "UsedFor", "en/light", 1.0),
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("IsA\ta\tb\nIsA\ta\n", r"t\.tsv:2: 2 columns instead of 3"),
        ("IsA\ta\t \n", r"t\.tsv:1: the tail is empty"),
        ("", r"t\.tsv: the file has no triples"),
        (
            "IsA\t/c/en\twind\n",
            r"t\.tsv:1: the head '/c/en' names no concept; accepted are phrases, or /c/LANGUAGE/TERM",
        ),
        ("IsA\twind\t/c/en/\n", r"t\.tsv:1: the tail '/c/en/' names no concept"),
        ("IsA\twind\t/c//a\n", r"t\.tsv:1: the tail '/c//a' names no concept"),
        ("IsA\twind\t/c/en/_\n", r"t\.tsv:1: the tail '/c/en/_' names no concept"),
        ("IsA\twind\t/\n", r"t\.tsv:1: the tail '/' names no concept"),
        ("IsA\twind\t___\n", r"t\.tsv:1: the tail '___' names no concept"),
        ("IsA\twind\t\u0301\n", r"t\.tsv:1: the tail .* names no concept"),
    ],
)
def test_wrong_triples_are_named(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(UserError, match=words):
        triples_graph(tmp_path, text)


@pytest.mark.real_data
def test_the_real_assertions_are_read_exactly(data_folder: Path, tmp_path: Path) -> None:
    path = data_folder / "conceptnet" / "assertions_sample" / "assertions_assertions.csv"
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    assert len(rows) == 764
    wanted = {
        (row[2][3:].split("/")[1], row[1][3:], row[3][3:].split("/")[1])
        for row in rows
        if row[2].startswith("/c/en/") and row[3].startswith("/c/en/")
    }
    graph = KnowledgeGraph(build_graph(tmp_path / "graph", Sources([str(path)]), choice=Choice(keep_self_loops=True)))
    symmetric = graph.relations.symmetric
    unordered = {(*sorted((h, t)), r) if r in symmetric else (h, t, r) for h, r, t in wanted}
    assert graph.num_edges == len(wanted)
    found = {(h[3:], r, t[3:]) for h, r, t, _ in edges(graph)} | {(h, r, t) for h, r, t in wanted if h == t}
    assert {(*sorted((h, t)), r) if r in symmetric else (h, t, r) for h, r, t in found} == unordered
    # 82 of the lines point to a page on the web, which is no concept.
    concepts = [row for row in rows if row[2].startswith("/c/") and row[3].startswith("/c/")]
    assert len(concepts) == 682
    languages = {row[column].split("/")[2] for row in concepts for column in (2, 3)}
    everything = build_graph(
        tmp_path / "all",
        Sources([str(path)]),
        choice=Choice(languages=sorted(languages), keep_self_loops=True, keep_senses=True),
    )
    assert KnowledgeGraph(everything).num_edges == len({(row[1], row[2], row[3]) for row in concepts})


@pytest.mark.real_data
def test_wordnet_has_the_published_synsets(data_folder: Path) -> None:
    counts = Counter({part: sum(1 for _ in read_synsets(data_folder / "wordnet" / "dict", part)) for part in PARTS})
    assert counts == {"noun": 82115, "verb": 13767, "adj": 18156, "adv": 3621}
    assert counts.total() == 117659


def test_bytes_of_triples_that_are_not_utf8_are_named_by_their_line(tmp_path: Path) -> None:
    path = tmp_path / "t.tsv"
    path.write_bytes(b"IsA\ta\tb\n" * 101 + b"IsA\t\xe9\tb\n")
    for name in ("t.tsv", "t.tsv.gz"):
        (tmp_path / name).write_bytes(gzip.compress(path.read_bytes()) if name.endswith("gz") else path.read_bytes())
        with pytest.raises(UserError, match=rf"{name}:102: byte 0xe9 is not UTF-8"):
            build_graph(tmp_path / "graph", Sources(triples=[Triples(str(tmp_path / name))]))
    whole = gzip.compress(b"".join(b"IsA\ta\tb%d\n" % n for n in range(9999)))
    (tmp_path / "t.tsv.gz").write_bytes(whole[:-20])
    with pytest.raises(UserError, match=r"t\.tsv\.gz:\d+: the gzip file is cut short"):
        build_graph(tmp_path / "graph", Sources(triples=[Triples(str(tmp_path / "t.tsv.gz"))]))


def test_a_byte_order_mark_is_no_part_of_a_relation(tmp_path: Path) -> None:
    assert edges(triples_graph(tmp_path, "\ufeffIsA\ta\tb\n")) == {("en/a", "IsA", "en/b", 1.0)}


@pytest.mark.parametrize("weight", ["nan", "inf", "-inf", "heavy"])
def test_a_weight_that_is_no_number_is_named(tmp_path: Path, weight: str) -> None:
    with pytest.raises(UserError, match=rf"t\.tsv:1: the weight '{weight}' is no number"):
        triples_graph(tmp_path, f"IsA\ta\tb\t{weight}\n", columns=("relation", "head", "tail", "weight"))


@pytest.mark.parametrize("num_lines", [60, 900, 40_000])
def test_columns_in_another_order_show_the_first_lines(tmp_path: Path, num_lines: int) -> None:
    text = "".join(f"thing {n}\tIsA\tplace {n % 7}\n" for n in range(num_lines))
    with pytest.raises(
        UserError, match=r"different relations in [\d,]+ lines .*'thing 0 \| IsA \| place 0', .*--triples_columns"
    ):
        triples_graph(tmp_path, text)
    assert [path.name for path in tmp_path.iterdir()] == ["t.tsv"]
    graph = triples_graph(tmp_path, text, columns=("head", "relation", "tail"))
    assert graph.relations.names == ("IsA",)


def test_a_table_of_posts_is_no_graph(tmp_path: Path) -> None:
    text = "text,target,stance\n" + "".join(f'"A post, the {n}th",zoos {n % 5},favor\n' for n in range(100))
    with pytest.raises(UserError, match=r"101 different relations in 101 lines .*'text \| target \| stance'"):
        triples_graph(tmp_path, text, "posts.csv")


def test_the_user_may_allow_more_relations(tmp_path: Path) -> None:
    path = tmp_path / "t.tsv"
    path.write_text("".join(f"r{n}\ta{n}\tb{n}\n" for n in range(1200)))
    sources = Sources(triples=[Triples(str(path))])
    with pytest.raises(UserError, match="1,001 different relations in 1,001 lines"):
        build_graph(tmp_path / "graph", sources)
    with pytest.raises(UserError, match="1,101 different relations"):
        build_graph(tmp_path / "graph", sources, Choice(max_relations=1100))
    made = KnowledgeGraph(build_graph(tmp_path / "graph", sources, Choice(max_relations=1200)))
    assert len(made.relations.names) == 1200
    assert len(made.neighbours(made.concept_id("a1199") or 0).relations) == 1


def test_sources_together_may_not_have_more_relations(tmp_path: Path) -> None:
    sources = []
    for name in "ab":
        (tmp_path / name).write_text("".join(f"{name}{n % 600}\tx{n}\ty{n}\n" for n in range(1300)))
        sources.append(Triples(str(tmp_path / name)))
    with pytest.raises(UserError, match=r"1,200 different relations, such as 'a0', .* more than max_relations 1,000"):
        build_graph(tmp_path / "graph", Sources(triples=sources))


def test_a_wrong_source_is_refused_before_another_is_read(tmp_path: Path) -> None:
    dump = write_dump(tmp_path / "dump.csv", LINES)
    steps: list[str] = []
    (tmp_path / "t.tsv").write_text("IsA\ta\n")
    for sources, words in (
        (Sources([str(dump)], triples=[Triples(str(tmp_path / "t.tsv"))]), r"t\.tsv:1: 2 columns"),
        (Sources([str(dump)], triples=[Triples(str(tmp_path / "nowhere.tsv"))]), r"nowhere\.tsv does not exist"),
        (Sources([str(dump)], wordnet=[str(tmp_path)]), r"data\.noun is missing"),
    ):
        with pytest.raises(UserError, match=words):
            build_graph(tmp_path / "graph", sources, progress=lambda what, _: steps.append(what))
    assert steps == []


@pytest.mark.parametrize(
    ("order", "words"),
    [
        ((1, 0, 2, 3, 4), r":1: column 2 is '/a/\["),
        ((0, 2, 1, 3, 4), r":1: column 2 is '/c/en/wind_power'"),
        ((0, 1, 4, 2, 3), r"column 3 '\{"),
        ((2, 3, 1, 0, 4), r":1: column 2 is '/c/en/energy'"),
    ],
)
def test_a_dump_with_columns_in_another_order_is_named(tmp_path: Path, order: tuple[int, ...], words: str) -> None:
    lines = ["\t".join(line.split("\t")[column] for column in order) for line in LINES]
    with pytest.raises(UserError, match=words):
        build(tmp_path, lines)


@pytest.mark.parametrize("wrong", ["/c/en/", "/c/en", "/c/en//n"])
@pytest.mark.parametrize("before", [0, 1500])
def test_a_term_that_is_empty_is_named(tmp_path: Path, wrong: str, before: int) -> None:
    bad = assertion("en/a", "IsA", "en/b").replace("/c/en/b\t", f"{wrong}\t")
    good = [assertion(f"en/a{n}", "IsA", "en/b") for n in range(before)]
    with pytest.raises(UserError, match=rf":{before + 1}: .*'{wrong}' has no term; accepted is /c/LANGUAGE/TERM"):
        build(tmp_path, [*good, bad])


def test_damaged_lines_of_wordnet_are_named(tmp_path: Path) -> None:
    folder = write_wordnet(tmp_path / "dict")
    cases = [
        ("noun.exc", b"women woman\n\nmen man\n", r"noun\.exc:2: no form and its lemmas"),
        ("noun.exc", b"women woman\nmen\n", r"noun\.exc:2: no form and its lemmas"),
        ("noun.exc", b"women woman\nm\xe9n man\n", r"noun\.exc:2: byte 0xe9 is not UTF-8"),
        ("index.verb", b"\xff\n", r"index\.verb:1: byte 0xff is not UTF-8"),
        ("index.verb", b"\n", r"index\.verb:1: no entry"),
        ("data.verb", b"\n", r"data\.verb:1: no synset"),
        ("data.verb", b"00000003 29 v 01 abort 0 999999999 + 1 n 0101 | x\n", r"data\.verb:1: .*pointers are missing"),
        ("data.adv", b"00000009 00 r 01 \xe9 0 000 | x\n", r"data\.adv:1: byte 0xe9 is not UTF-8"),
    ]
    for name, content, words in cases:
        whole = (folder / name).read_bytes()
        (folder / name).write_bytes(content)
        with pytest.raises(UserError, match=words):
            build_graph(tmp_path / "graph", Sources(wordnet=[str(folder)]))
        (folder / name).write_bytes(whole)
    for part in PARTS:
        for name in (f"data.{part}", f"index.{part}", f"{part}.exc"):
            (folder / name).write_text("  1 licence\n")
    with pytest.raises(UserError, match="has no lemma that is related to another"):
        build_graph(tmp_path / "graph", Sources(wordnet=[str(folder)]))
    assert not (tmp_path / "graph").exists()


ODD = 'it\'s "odd" [a] *b? {c} ünï %20; --x $(y)'


def test_any_character_may_stand_in_a_path(tmp_path: Path) -> None:
    folder = tmp_path / ODD
    folder.mkdir()
    lines = [assertion(f"en/wind_{n}", "IsA", "en/energy") for n in range(50)]
    for name in (f"{ODD}.csv", f"{ODD}.csv.gz", "[1].csv", "a*.csv"):
        write_dump(folder / name, lines)
    (folder / f"{ODD}.tsv").write_text("Is'A\tit's\tb\n")
    write_wordnet(folder / "di'ct")
    dumps = [str(folder / name) for name in (f"{ODD}.csv", f"{ODD}.csv.gz", "[1].csv", "a*.csv")]
    made = build_graph(
        folder / f"gr'aph {ODD}",
        Sources(dumps, [str(folder / "di'ct")], [Triples(str(folder / f"{ODD}.tsv"))], symmetric=["Is'A"]),
        memory_limit="1 GB",
        threads=1,
    )
    graph = KnowledgeGraph(made)
    assert graph.concept_id("it's") is not None
    assert [source["num_assertions"] for source in graph.meta.sources if source["kind"] == "conceptnet"] == [50] * 4


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"memory_limit": "1GB'; DROP TABLE x; --"}, "memory_limit .* is no size; accepted is such as 1GB"),
        ({"memory_limit": "much"}, "is no size"),
        ({"memory_limit": "-1"}, "is no size"),
        ({"memory_limit": "0GB"}, "is no size"),
        ({"memory_limit": ""}, "is no size"),
        ({"threads": 0}, "threads 0 is not accepted; accepted is 1 to 1024"),
        ({"threads": 10**9}, "threads 1000000000 is not accepted"),
    ],
)
def test_options_of_the_database_have_their_ranges(tmp_path: Path, options: dict[str, object], words: str) -> None:
    dump = write_dump(tmp_path / "dump.csv", LINES)
    with pytest.raises(UserError, match=words):
        build_graph(tmp_path / "graph", Sources([str(dump)]), **options)  # type: ignore[arg-type]
    assert not (tmp_path / "graph").exists()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"min_weight": float("nan")}, "min_weight nan is not accepted"),
        ({"max_relations": 0}, "max_relations 0 is not accepted; accepted is 1 to 16000"),
        ({"max_relations": 20_000}, "max_relations 20000 is not accepted"),
        ({"languages": ()}, "languages is empty"),
        ({"languages": ("en'",)}, 'languages: "en\'" is none'),
    ],
)
def test_choices_have_their_ranges(options: dict[str, object], words: str) -> None:
    with pytest.raises(UserError, match=words):
        Choice(**options)  # type: ignore[arg-type]


def test_too_little_memory_is_one_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    dump = write_dump(tmp_path / "dump.csv", LINES)
    with pytest.raises(UserError, match="memory_limit 1MB is too little for these sources; nothing was written"):
        build_graph(tmp_path / "graph", Sources([str(dump)]), memory_limit="1MB")
    assert [path.name for path in tmp_path.iterdir()] == ["dump.csv"]
