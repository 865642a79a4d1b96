"""What the scanner takes, what it leaves, and how it reads names with several readings."""

import json
import os
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from legation.atlas import load

ATLAS = load()
SHARED = Path(os.environ.get("LEGATION_SHARED", Path(__file__).parents[2].parent / "shared"))


def seen(text, **options):
    return " ".join(f"{h.surface}:{h.kind}:{h.code}" for h in ATLAS.scan(text, **options))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # states, demonyms, capitals, seats
        ("Ankara expelled three Dutch envoys", "Ankara:capital:TUR Dutch:demonym_adj:NLD"),
        ("U.S. and UK officials; the US said", "U.S.:state:USA UK:state:GBR US:state:USA"),
        ("give us time", ""),
        ("Two Britons, a Swede and three Poles", "Britons:demonym_person:GBR Swede:demonym_person:SWE Poles:demonym_person:POL"),
        ("the Kremlin and the Quai d’Orsay", "Kremlin:metonym:RUS Quai d’Orsay:body:FRA"),
        ("China's envoy to S. Korea", "China:state:CHN S. Korea:state:KOR"),
        ("TURKEY RECALLS ENVOY TO FRANCE", "TURKEY:state:TUR FRANCE:state:FRA"),
        ("anti-American and Iran-backed", "American:demonym_adj:USA Iran:state:IRN"),
        ("the White\nHouse said", "White\nHouse:metonym:USA"),
        ("South\u00a0Koreans", "South\u00a0Koreans:demonym_person:KOR"),
        ("North Vietnamese and East German envoys", "North Vietnamese:demonym_adj:VDR East German:demonym_adj:DDR"),
        # longer names and parts of words
        ("Malinauskas of Romania, Omani", "Romania:state:ROU Omani:demonym_adj:OMN"),
        ("Guinea-Bissau, Equatorial Guinea, Papua New Guinea, Guinea", "Guinea-Bissau:state:GNB Equatorial Guinea:state:GNQ Papua New Guinea:state:PNG Guinea:state:GIN"),
        ("Guinea Bissauans left", "Guinea:state:GIN"),
        ("Nigerien troops in Nigeria", "Nigerien:demonym_adj:NER Nigeria:state:NGA"),
        ("Turkish Airlines flew American Airlines staff", ""),
        ("French fries and Dutch disease", ""),
        ("in the South China Sea and the Gulf of Mexico", ""),
        ("New Mexico and the Indian Ocean", "New Mexico:region:USA"),
        ("the Vienna Convention", ""),
        ("the Korean War in Latin America", ""),
        ("a Bosnian Serb and a Turkish Cypriot", "Bosnian Serb:demonym_adj:None Turkish Cypriot:demonym_adj:None"),
        # persons, words and small cities
        ("Hamilton Jordan flew to Jordan", "Jordan:state:JOR"),
        ("Vernon Jordan and Denzel Washington", ""),
        ("a nice reading of it", ""),
        ("Nice people met in Nice and Reading", "Nice:city:FRA Reading:city:GBR"),
        ("William Hague spoke in The Hague", "The Hague:capital:NLD"),
        ("Warren Christopher and President Kennedy", ""),
        ("split in Split", "Split:city:HRV"),
        ("he said in English, in French and in Russian.", ""),
        ("he was in Russian custody", "Russian:demonym_adj:RUS"),
        # bodies, groups, organisations, outlets
        ("MI6, the SBU and the FBI", "MI6:body:GBR SBU:body:UKR FBI:body:USA"),
        ("the Taliban and al-Qaeda in the Islamic Maghreb", "Taliban:armed_group:None al-Qaeda in the Islamic Maghreb:armed_group:None"),
        ("who is in charge? IS and the WHO are", "IS:armed_group:None WHO:org:None"),
        ("WHO IS IN CHARGE OF THE CAR", ""),
        ("the U.N., the OAS and the EU", "U.N.:org:None OAS:org:None EU:org:None"),
        ("Itar-Tass and the New China News Agency", "Itar-Tass:agency:RUS New China News Agency:agency:CHN"),
        ("a Guardian reporter; a guardian angel", "Guardian:outlet:GBR"),
        ("a Guardian angel", ""),
        ("MIT scientists in Boston", "Boston:city:USA"),
        ("Turkey's spy agency MIT", "Turkey:state:TUR MIT:body:TUR"),
        ("British Council staff of the Goethe-Institut", "British Council:body:GBR Goethe-Institut:body:DEU"),
    ],
)  # fmt: skip
def test_scan(text, expected):
    assert seen(text) == expected


@pytest.mark.parametrize(
    ("text", "surface", "code"),
    [
        ("Georgia's ambassador left Tbilisi for Moscow", "Georgia", "GEO"),
        ("a rally in Atlanta, Georgia", "Georgia", "USA"),
        ("Congo's army near Goma, Kinshasa said", "Congo", "COD"),
        ("Congo's president in Brazzaville", "Congo", "COG"),
        ("the embassy in Tripoli; Libya denied it", "Tripoli", "LBY"),
        ("fighting in Tripoli in northern Lebanon", "Tripoli", "LBN"),
        ("Korean envoys in Pyongyang", "Korean", "PRK"),
        ("Soviet troops. Moscow denied it, the Soviet leader said", "Moscow", "SUN"),
        ("Russia's envoy. Moscow denied it", "Moscow", "RUS"),
        ("Yugoslav envoys. Belgrade and the Yugoslav army", "Belgrade", "YUG"),
        ("Pakistan's envoy. The Foreign Office said Pakistan would not, Pakistani media", "Foreign Office", "PAK"),
        ("The Foreign Office summoned Iran's envoy", "Foreign Office", "GBR"),
        ("Nine in Salisbury, Rhodesia, under Ian Smith", "Salisbury", "ZWE"),
        ("the Skripals in Salisbury, Wiltshire", "Salisbury", "GBR"),
        ("Dominican officials in Santo Domingo", "Dominican", "DOM"),
    ],
)
def test_ambiguous_names_follow_the_text(text, surface, code):
    hit = next(h for h in ATLAS.scan(text) if h.surface == surface)
    assert hit.code == code
    assert len({c.code for c in hit.candidates}) > 1


def test_date_chooses_the_reading():
    assert ATLAS.scan("Moscow protested", "1979-05-01")[0].code == "SUN"
    assert ATLAS.scan("Moscow protested", "1999")[0].code == "RUS"
    assert ATLAS.scan("Prague protested", "1968-08-21")[0].code == "CSK"
    assert ATLAS.scan("Bonn protested", "1985")[0].kind == "capital"
    assert ATLAS.scan("Belgrade protested", "2004")[0].code == "SCG"
    assert ATLAS.scan("Prague protested", "XXXX-08-21")[0].code == "CZE"


def test_lower_cased_text():
    assert (
        seen("turkish police in ankara held us two hours", lower=True) == "turkish:demonym_adj:TUR ankara:capital:TUR"
    )


@pytest.mark.parametrize(
    ("code", "date", "then"),
    [
        ("RUS", "1980", "SUN"), ("RUS", "1991-12-25", "SUN"), ("RUS", "1991-12-26", "RUS"), ("RUS", "1991", "RUS"), ("SUN", "2000", "RUS"),
        ("SUN", "1991", "SUN"), ("SRB", "1999", "YUG"), ("SRB", "2004-05", "SCG"), ("SRB", "2010", "SRB"), ("CZE", "1968", "CSK"),
        ("CSK", "1999", "CZE"), ("DDR", "1995", "DEU"), ("DEU", "1980", "DEU"), ("ERI", "1980", "ETH"), ("BGD", "1970", "PAK"),
        ("RUS", None, "RUS"), ("RUS", "XXXX-05-01", "RUS"), ("YMD", "1990-06", "YEM"), ("VDR", "1968", "VDR"), ("XXX", "1990", "XXX"),
    ],
)  # fmt: skip
def test_codes_through_time(code, date, then):
    assert ATLAS.on(code, date) == then


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Zaire", "COD"), ("Burma", "MMR"), ("Ceylon", "LKA"), ("Rhodesia", "ZWE"), ("Upper Volta", "BFA"), ("Dahomey", "BEN"),
        ("Kampuchea", "KHM"), ("Persia", "IRN"), ("UAR", "EGY"), ("West Germany", "DEU"), ("the Soviet Union", "SUN"), ("USSR", "SUN"),
        ("east germany", "DDR"), ("Bogota", "COL"), ("Saigon", "VNM"), ("Peking", "CHN"), ("Kosovo", "XKX"), ("the Vatican", "VAT"),
        ("Taiwan's", "TWN"), ("Palestinians", "PSE"), ("Western Sahara", "ESH"), ("Leopoldville", "COD"), ("Lvov", "UKR"),
    ],
)  # fmt: skip
def test_lookup(name, code):
    assert ATLAS.lookup(name)[0].code == code


def test_lookup_leaves_ambiguity_open():
    assert {c.code for c in ATLAS.lookup("Congo")} >= {"COD", "COG"}
    assert ATLAS.lookup("Moscow", "1980")[0].code == "SUN"
    assert ATLAS.lookup("Atlantis") == []
    assert [(c.code, c.kind) for c in ATLAS.lookup("Northern Cyprus")] == [(None, "state")]


def test_renamed_codes_and_outlets():
    assert [ATLAS.state(c).code for c in ("ZAR", "BUR", "TMP", "XKX")] == ["COD", "MMR", "TLS", "XKX"]
    assert ATLAS.state("QQQ") is None
    assert ATLAS.outlet("https://www.bbc.co.uk/news/world-1").name == "BBC"
    assert ATLAS.outlet("edition.cnn.com").name == "CNN"
    assert ATLAS.outlet("The Moscow Times").state == "RUS"
    assert ATLAS.outlet("no-such.example") is None
    assert ATLAS.city("Kiev", "UKR").name == "Kyiv"
    assert ATLAS.city("Saigon").state == "VNM"


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["Iran", "US", " ", "\n", "’s", "é", "İ", "x", "St. Petersburg", "South", "Korean", "-", ",", "UN"]
        ),
        max_size=25,
    )
)
def test_hits_point_at_their_words(parts):
    text = "".join(parts)
    end = 0
    for lower in (False, True):
        end = 0
        for hit in ATLAS.scan(text, lower=lower):
            assert text[hit.start : hit.end] == hit.surface
            assert hit.start >= end
            end = hit.end


def test_loads_and_scans_fast():
    from legation.atlas.atlas import Atlas

    start = time.process_time()
    fresh = Atlas()
    assert time.process_time() - start < 1.5  # 0.25 s on a free core
    fresh.scan("")
    text = "The minister said that nothing had happened at the embassy in Ankara on Monday. " * 20_000
    start = time.process_time()
    assert len(fresh.scan(text)) == 20_000
    assert len(text) / (time.process_time() - start) > 4e6  # 20 MB/s on a free core


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.exists(), reason="needs the shared gold set")
def test_states_of_gold_events_are_named_in_their_text():
    total = found = 0
    misses = []
    for path in sorted((SHARED / "gold/train").glob("*.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        hits = ATLAS.scan(path.with_suffix(".txt").read_text(encoding="utf-8"), gold["published"])
        codes = {h.code for h in hits}
        for event in gold["events"]:
            parties = [p for p in (event["actor"], event["target"]) if p]
            for code in {p["state"] for p in parties if p["state"]} | ({event["host"]} if event["host"] else set()):
                total += 1
                found += code in codes
                if code not in codes:
                    misses.append((path.stem, code))
    print(f"{found / total:.4f} of {total} states named; missed: {misses}")
    assert found / total >= 0.98
