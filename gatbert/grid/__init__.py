"""Many runs: what a grid holds, whose turn each run is, what has become of it, and how it goes on."""
