"""Words that carry no topic: function words, light verbs, words of degree and of address. Written for gatbert."""

_FUNCTION = """
a about above across after again against ago all almost along already also although always am among an and another any
anybody anyhow anymore anyone anything anyway anywhere are aren't around as aside at away back be became because become
becomes been before behind being below beside besides between beyond both but by can can't cannot could couldn't despite
did didn't do does doesn't doing don't done down due during each either else elsewhere enough etc even ever every
everybody everyone everything everywhere except few first for former forth from further had hadn't has hasn't have
haven't having he he'd he'll he's hence her here here's hers herself him himself his how however i i'd i'll i'm i've if
in indeed inside instead into is isn't it it'd it'll it's its itself just last lastly later latter least less let let's
like likely made mainly many may maybe me meanwhile might mine more moreover most mostly much must my myself near nearly
neither never nevertheless next no nobody none nonetheless nor not nothing now nowhere of off often on once one one's
ones only onto or other others otherwise ought our ours ourselves out outside over own per perhaps please plus quite
rather really same second see seem seemed seems several shall she she'd she'll she's should shouldn't since so some
somebody somehow someone something sometimes somewhat somewhere soon still such than that that's the their theirs them
themselves then there there's therefore these they they'd they'll they're they've third this those though through
throughout thru thus till to together too toward towards under unless until up upon us very via was wasn't we we'd we'll
we're we've were weren't what what's whatever when whenever where where's whereas wherever whether which whichever while
who who's whoever whole whom whose why will with within without won't would wouldn't yet you you'd you'll you're you've
your yours yourself yourselves
"""
_LIGHT = """
act actually add allow ask began begin believe bring brought call came care carry cause change check choose come comes
consider continue deal easily easy end exactly expect fact feel felt find follow found gave get gets getting give given
gives giving go goes going gone gonna good got gotta great guess guy guys happen happened happens hard hear heard help
hold hope idea include instance issue keep keeps kind knew know known knows lead leave left live long look looking looks
lot lots make makes making matter matters mean means mention move need needed needs new nice number obviously oh ok okay
old part particular particularly people person place plenty point possible post probably problem put question quick
quickly reason reasons right say saying says seen sense set shit show side simply sort sound speak stand start started
stay stop stuff suppose sure take taken takes taking talk tell thank thanks thing things think thinking thought time
times told took totally tried try trying turn understand use used uses using usually want wanted wants way ways well
went whether wish wonder word words work works worse worst wrong yeah year years yes yup big small bad better best far
different high low large little much real true truly different early late able likely main major minor certain clear
clearly full half single simple whole entire today tomorrow yesterday day days week month two three four five six seven
eight nine ten hundred thousand million anyone article comment comments commenter author lol omg wtf btw imo rt via u ur
im dont cant wont isnt doesnt didnt wasnt havent shouldnt wouldnt couldnt thats whats ive id youre theyre gonna wanna
mr mrs ms dr sir sen rep gen gov prof rev hon hey hi hello wow haha amp
"""

FUNCTION_WORDS = frozenset(_FUNCTION.split())
"""Words of grammar, in folded form: no phrase begins or ends with one."""

STOP_WORDS = FUNCTION_WORDS | frozenset(_LIGHT.split())
"""With them, words that say little alone, but may be part of a phrase: ``work`` in ``remote work``."""
