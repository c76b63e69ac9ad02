"""What words mention: seeds, covered words and links agree."""

from gatbert.tagging.mentions import Linked, Mention


def test_seeds_words_and_links_are_those_of_the_mentions() -> None:
    linked = Linked(
        ("climate", "change", "is", "bad"), (Mention((0, 1), 7), Mention((0, 1), 3), Mention((3, 3), 7)), ()
    )
    assert linked.seeds.tolist() == [3, 7]
    assert linked.covered == {0, 1, 3}
    assert [linked.mentioned_by(word) for word in range(4)] == [(7, 3), (7, 3), (), (7,)]
    assert list(linked.links(10)) == [(10, 7), (11, 7), (10, 3), (11, 3), (13, 7)]
