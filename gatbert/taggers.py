def build_tagger(info, graph):
    from gatbert.knowledge.tagging import Tagger

    return Tagger(graph)
