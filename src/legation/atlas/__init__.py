"""States through time, their names, demonyms, capitals and metonyms; cities, bodies, agencies and outlets, as data files.

atlas = load()
atlas.lookup("Kampuchea")          # [Candidate(kind='state', code='KHM', ...)]
atlas.scan("Ankara protested.")    # [Hit(start=0, end=6, surface='Ankara', ...)]
"""

from legation.atlas.atlas import Atlas, load
from legation.atlas.lexicon import Candidate
from legation.atlas.records import City, Kind, Outlet, State
from legation.atlas.scanner import Hit

__all__ = ["Atlas", "Candidate", "City", "Hit", "Kind", "Outlet", "State", "load"]
