"""The briefing over the examples and over small made-up readings."""

import io
import re
from html.parser import HTMLParser
from itertools import product
from pathlib import Path
from typing import Any, get_args

import docx
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from readings import EXAMPLES, examples
from rich.console import Console

from legation.cli import main
from legation.exports.briefing import (
    Briefing,
    Line,
    Source,
    as_document,
    as_page,
    briefing,
    briefing_of,
    in_terminal,
    wording,
)
from legation.exports.briefing.dates import compatible, in_words, sort_key
from legation.exports.briefing.make import group
from legation.exports.briefing.page import pieces
from legation.ontology import types
from legation.record import Record
from legation.record.nouns import Filter
from legation.schema import Claimant, Event, Evidence, Party, Post, Reading, Speaker, Statement, Status


def event(type: str, actor: str | None, target: str | None, told: str = "", **more: Any) -> Event:
    """``"GBR government"`` → a party; a third word is its name; the evidence is `told` or put in by `reading`."""

    def party(text: str | None) -> Party | None:
        if text is None:
            return None
        state, kind, *name = text.split(" ", 2)
        return Party(state=None if state == "-" else state, kind=kind, name=name[0] if name else None)  # type: ignore[arg-type]

    evidence = Evidence(start=0, end=len(told), text=told)
    return Event(
        type=type, actor=party(actor), target=party(target), evidence=evidence, **{"status": "reported"} | more
    )


def reading(*events: Event, outlet: str = "Gazette", published: str | None = "2024-05-08", **more: Any) -> Reading:
    """A reading whose text has one sentence per event, its evidence."""
    words = [f"Words {n} of the {outlet}." for n in range(len(events))]
    text, placed = "\n".join(words), []
    for words_of, one in zip(words, events, strict=True):
        start = text.index(words_of)
        placed.append(replace(one, evidence=Evidence(start=start, end=start + len(words_of), text=words_of)))
    return Reading(
        id=outlet, source=f"{outlet}.txt", outlet=outlet, published=published, relevant=True, text=text, events=tuple(placed), **more
    )  # fmt: skip


def lines(*readings: Reading) -> list[Line]:
    return list(briefing(readings).lines.values())


EXPELLED = event("expulsion", "GBR government", "RUS diplomat Maxim Elovik", host="GBR", date="2024-05-08")


def test_words_are_quoted_in_their_sentence():
    text = "Envoy leaves\n\nOslo called it late. The U.S. consul was told to leave by Monday. He left.\nNobody saw him."
    start = text.index("told to leave")
    told = replace(EXPELLED, evidence=Evidence(start=start, end=start + 13, text="told to leave"))
    made = briefing([Reading(id="a", source="a.txt", published="2024-05-08", relevant=True, text=text, events=(told,))])
    quote = made.lines[1].asserted[0].quote
    assert quote.whole == "The U.S. consul was told to leave by Monday."
    assert text[quote.start : quote.end] == quote.text == "told to leave"
    far = replace(told, evidence=Evidence(start=text.index("Oslo"), end=text.index("Oslo") + 4, text="Oslo"))
    long = text.replace("called it late.", "called it " + "very " * 40 + "late.")
    quote = briefing([Reading(id="a", source="a", relevant=True, text=long, events=(far,))]).lines[1].asserted[0].quote
    assert quote.whole == "Oslo called it " + "very " * 15 + "…"


class TestSentences:
    @pytest.mark.parametrize("type", types())
    def test_every_type_reads_well_in_every_status_and_voice(self, type: str):
        kind = types()[type]
        actors = [None, *(f"TUR {k}" for k in kind.roles.actor.kinds)]
        targets = [None, *(f"RUS {k} Some Name" for k in kind.roles.target.kinds)]
        pairs = {
            *((actor, targets[-1]) for actor in actors),
            *((actors[-1], target) for target in targets),
            (None, None),
        }
        for status, (actor, target), about in product(
            get_args(Status), pairs, (None, event("killing", None, "RUS diplomat"))
        ):
            told = event(type, actor, target, host="TUR", city="Ankara", count=2)
            said = wording.sentence(told, status, "the mayor", about)
            assert re.fullmatch(r"[A-Z\d].*[\w)]\.", said), said
            assert not re.search(r"[{}\[\]]|  |None|\b(\w+) \1\b|,\.| ,|of of|the the", said), said
            passive = wording.templates()[type]["passive"]
            assert re.search(r"\bwas\b|\bwere\b|{(suspect_)?was}", passive), "future and demand are made of it"

    @pytest.mark.parametrize(
        ("told", "said"),
        [
            (EXPELLED, "The United Kingdom expelled the Russian diplomat Maxim Elovik."),
            (event("expulsion", "CAN government", "IND diplomat", count=6), "Canada expelled 6 Indian diplomats."),
            (event("expulsion", None, "IND diplomat", host="CAN"), "Indian diplomatic staff were expelled from Canada."),
            (event("killing", None, "USA staff", count=44, city="Nairobi"), "44 members of the American mission were killed in Nairobi."),
            (event("attack_on_premises", "- crowd", "SAU premises", city="Mashhad"), "Crowds attacked Saudi premises in Mashhad."),
            (event("post_closed", "USA government", "USA mission", host="TUR", count=3), "The United States closed, suspended or moved 3 of its missions in Turkey."),
            (event("recall", "FRA government", "FRA diplomat Stéphane Romatet", host="DZA"), "France recalled its envoy Stéphane Romatet from Algeria."),
            (event("evacuation", "MEX government", "MEX diplomat", host="ECU", status="announced"), "Mexico is to withdraw staff or families from Ecuador."),
            (event("post_closed", None, "ECU mission", host="MEX", status="threatened"), "It may be that a mission in Mexico will be closed, suspended or moved."),
            (event("expulsion", "DNK government", "PRK diplomat", status="demanded"), "Denmark is asked to expel North Korean diplomatic staff."),
            (event("apology", "DNK government", "LBY government", status="demanded"), "Denmark is asked to apologise to Libya."),
            (event("recall", "FRA government", "FRA diplomat", host="DZA", status="threatened"), "France may recall its envoy from Algeria."),
            (event("protest_note", "MEX government Mexico", "ECU diplomat"), "Mexico protested to Ecuador."),
            (event("retaliation_warning", "RUS government Foreign Ministry", "AUS government"), "The Russian Foreign Ministry warned Australia that it would answer."),
            (event("condemnation", "GBR government London", None), "The United Kingdom condemned an act."),
            (event("condemnation", "GBR government London", "FRA government"), "The United Kingdom condemned an act of France."),
            (event("condemnation", "GBR government London", "GBR government"), "The United Kingdom condemned an act."),
            (event("evacuation", "MEX government", "MEX staff", host="ECU", told="flew out its diplomats and their families"), "Mexico withdrew staff and families from Ecuador."),
            (event("post_closed", "CAN government", "CAN mission", city="Lviv", told="suspended its work"), "Canada suspended its mission in Lviv."),
            (event("detention", None, "CHE diplomat", host="TUR", status="claimed"), "According to the mayor, Swiss diplomatic staff were detained in Turkey."),
            (event("staff_cap", "CZE government", "RUS mission", count=60), "The Czech Republic limited the size of the Russian mission (the number given is 60)."),
            (event("expulsion", None, "PRK diplomat", status="demanded"), "It is demanded that North Korean diplomatic staff should be expelled."),
            (event("detention", None, "CHE diplomat", host="TUR", status="denied"), "The mayor denied that Swiss diplomatic staff were detained in Turkey."),
        ],
        ids=lambda v: v.type if isinstance(v, Event) else "",
    )  # fmt: skip
    def test_sentence(self, told: Event, said: str):
        assert wording.sentence(told, told.status, "the mayor", None) == said

    def test_who_speaks(self):
        assert wording.speaker("Dmitry Peskov", "Kremlin spokesman", "RUS") == "Dmitry Peskov (Kremlin spokesman)"
        assert wording.speaker("foreign ministry", None, "IND") == "the Indian foreign ministry"
        for own in ("Algeria's foreign ministry", "Algeria’s foreign ministry"):
            assert wording.speaker(own, None, "DZA") == own
        assert (
            wording.speaker(None, "a State Department spokesman", "USA")
            == "a State Department spokesman (United States)"
        )
        assert wording.speaker(None, "Turkish officials", "TUR") == "Turkish officials"
        assert wording.speaker(None, None, "USA") == "a source on the side of the United States"
        assert wording.speaker(None, None, None) is None


class TestDates:
    @pytest.mark.parametrize(
        ("edtf", "words"),
        [
            ("2016-12-19", "19 December 2016"),
            ("2016-12", "December 2016"),
            ("2016", "2016"),
            ("XXXX-12-20", "20 December, year not given"),
            ("2016-12-19?", "about 19 December 2016"),
            ("2016-21", "spring 2016"),
            ("198X", "the 1980s"),
            ("2016-12-19/2016-12-20", "19 December 2016 to 20 December 2016"),
            (None, "date not given"),
        ],
    )
    def test_in_words(self, edtf: str | None, words: str):
        assert in_words(edtf) == words

    def test_order_and_sameness(self):
        assert (
            sort_key("2016", None)
            < sort_key("2016-12-19", None)
            < sort_key(None, "2017")
            < sort_key("XXXX-01-01", None)
        )
        assert compatible("2016-12", "2016-12-19", 1)
        assert compatible("XXXX-12-19", "2016-12-19", 1)
        assert compatible("2016-12-31", "2017-01-01", 1)
        assert not compatible("2016-12-19", "2016-12-21", 1)
        assert not compatible("2016-11", "2016-12-19", 1)


class TestIncidents:
    def test_one_act_in_two_articles_is_told_once_with_both(self):
        other = replace(EXPELLED, date=None, target=Party(state="RUS", kind="diplomat"))
        (line,) = lines(reading(EXPELLED, outlet="A"), reading(other, outlet="B", published="2024-05-10"))
        assert line.outlets == ("A", "B")
        assert [a.quote.text for a in line.asserted] == ["Words 0 of the A.", "Words 0 of the B."]
        assert line.when == "8 May 2024"

    @pytest.mark.parametrize(
        "other",
        [
            replace(EXPELLED, date="2024-06-08"),
            replace(EXPELLED, target=Party(state="RUS", kind="diplomat", name="Ivan Petrov")),
            replace(EXPELLED, actor=Party(state="POL", kind="government"), host="POL"),
            replace(EXPELLED, type="staff_cap"),
            replace(EXPELLED, city="Leeds"),
        ],
        ids=["another month", "another person", "another state", "another type", "another city"],
    )
    def test_what_speaks_against_keeps_acts_apart(self, other: Event):
        assert len(lines(reading(replace(EXPELLED, city="London"), outlet="A"), reading(other, outlet="B"))) == 2

    def test_two_events_of_one_article_stay_two(self):
        assert len(lines(reading(EXPELLED, EXPELLED))) == 2

    def test_undated_words_of_another_week_are_other_words(self):
        words = event("condemnation", "RUS government", "GBR government", host="GBR")
        pair = [reading(words, outlet="A"), reading(words, outlet="B", published="2024-05-16")]
        assert len(group(pair)) == 2
        assert len(group([pair[0], replace(pair[1], published="2024-05-09")])) == 1

    def test_a_fact_in_one_article_and_a_claim_in_the_other_is_reported_with_both(self):
        claim = replace(EXPELLED, status="claimed", claimant=Claimant(name="Foreign Ministry", state="RUS"), count=1)
        (line,) = lines(reading(claim, outlet="A"), reading(EXPELLED, outlet="B"))
        assert line.status == "reported"
        assert [a.who for a in line.asserted] == ["the Russian Foreign Ministry", None]

    def test_counts_that_differ_are_shown_with_who_gives_them(self):
        (line,) = lines(
            reading(replace(EXPELLED, count=4), outlet="A"), reading(replace(EXPELLED, count=5), outlet="B")
        )
        assert line.count == "4, says A; 5, says B"

    def test_denial_by_a_party_stands_against_the_claim(self):
        claim = replace(EXPELLED, status="claimed", claimant=Claimant(state="RUS"))
        told = reading(claim, EXPELLED)
        denial = Statement(
            speaker=Speaker(name="Jo Smith", role="spokesman", state="GBR"), stance="denies", content=(10, 20)
        )
        (line,) = lines(replace(told, events=told.events[:1], statements=(denial,)))
        assert line.disputed
        assert [(a.who, a.stance) for a in line.denied] == [("Jo Smith (spokesman)", "denies")]

    def test_an_undated_act_comes_before_what_answers_it(self):
        attack = event("attack_on_premises", "- crowd", "SAU premises", host="IRN", city="Tehran")
        cut = event("expulsion", "SAU government", "IRN diplomat", host="SAU", date="2016-01-03", in_response_to=0)
        found = lines(reading(attack, cut, published="2016-01-05"))
        assert [line.type for line in found] == ["attack_on_premises", "expulsion"]
        assert (found[0].followed_by, found[1].answers) == ((2,), (1,))
        assert found[0].told == "5 January 2016"


class TestOpen:
    DEMAND = event("demand", "RUS government", "TUR government", host="TUR", date="2016-12-20")
    PROMISE = event("assurance", "TUR government", "RUS government", host="TUR", date="2016-12-21")

    def open(self, *events: Event) -> list[str | None]:
        return [line.open for line in lines(reading(*events))]

    def test_a_demand_waits_for_an_answer(self):
        assert self.open(self.DEMAND) == ["The demand has no answer here."]
        assert self.open(self.DEMAND, self.PROMISE) == [None, None]
        assert self.open(self.DEMAND, replace(self.PROMISE, date="2016-12-19"))[1] == "The demand has no answer here."
        assert self.open(self.DEMAND, replace(self.PROMISE, actor=Party(state="RUS", kind="government")))[0]

    def test_an_inquiry_waits_for_a_result(self):
        inquiry = event("investigation", "TUR police", None, host="TUR", date="2016-12-20")
        arrest = event("arrest_of_suspect", "TUR police", None, host="TUR", date="2016-12-27")
        killing = event("killing", None, "RUS diplomat", host="TUR", date="2016-12-19")
        assert self.open(killing, inquiry) == [None, "The inquiry has no result here."]
        assert self.open(killing, inquiry, arrest) == [None, None, None]

    def test_a_warning_waits_for_what_it_warned_of(self):
        warning = event(
            "retaliation_warning", "RUS government", "GBR government", host="GBR", date="2024-05-09", in_response_to=0
        )
        answer = event("expulsion", "RUS government", "GBR diplomat", host="RUS", date="2024-05-16", in_response_to=0)
        assert self.open(EXPELLED, warning)[1] == "The answer that was warned of has not come here."
        assert self.open(EXPELLED, warning, answer) == [None, None, None]

    def test_what_is_only_announced_waits_until_it_is_done(self):
        assert self.open(replace(EXPELLED, status="announced")) == ["Announced; not reported as done here."]
        done = lines(reading(replace(EXPELLED, status="announced"), outlet="A"), reading(EXPELLED, outlet="B"))
        assert [line.open for line in done] == [None]


@pytest.fixture(scope="module")
def over_examples() -> Briefing:
    return briefing(examples())


class TestExamples:
    def test_both_sides_tell_of_the_same_measures_once(self, over_examples: Briefing):
        (chapter,) = (c for c in over_examples.chapters if c.title == "Russia and United Kingdom")
        elovik, status, *_ = chapter.lines
        assert elovik.sentence == "The United Kingdom expelled the Russian diplomat Maxim Elovik."
        assert elovik.outlets == status.outlets == ("Northern Despatch", "Vostok State News Agency")
        (coghill,) = (line for line in chapter.lines if "Coghill" in line.sentence)
        assert coghill.answers == (elovik.number,)
        assert coghill.number in elovik.followed_by
        assert chapter.tallies == ("Expulsion: by the United Kingdom 1, by Russia 1",)

    def test_the_duty_is_the_hosts_by_treaty(self, over_examples: Briefing):
        (killing,) = (
            line for line in over_examples.lines.values() if "Karlov" in line.sentence and line.type == "killing"
        )
        assert [(s.article, s.says, s.basis) for s in killing.stakes] == [
            ("VCDR-29", "Turkey's duty is at stake: respect and protection of the person", "by treaty")
        ]
        assert {r.type for r in killing.reactions} >= {"condemnation", "investigation", "arrest_of_suspect"}

    def test_an_alleged_breach_names_who_alleges(self, over_examples: Briefing):
        says = [s.says for line in over_examples.lines.values() for s in line.stakes if "alleges" in s.says]
        assert "Mexico alleges that Ecuador broke its duty: the host's agents stay out" in says

    def test_every_event_of_every_article_is_in_one_line(self, over_examples: Briefing):
        told = sum(len(line.asserted) + len(line.denied) for line in over_examples.lines.values())
        assert told == sum(len(r.events) for r in examples()) == 109
        assert sorted(over_examples.lines) == list(range(1, len(over_examples.lines) + 1))

    def test_same_input_same_bytes(self, over_examples: Briefing):
        assert as_page(briefing(examples())) == as_page(over_examples)


@pytest.fixture(scope="module")
def where(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record of the examples."""
    path = tmp_path_factory.mktemp("record") / "legation.db"
    with Record.open(path) as record:
        record.ingest(examples())
    return path


class TestRecord:
    def test_incidents_sources_and_open_items_are_those_of_the_record(self, where: Path):
        with Record.open(where) as record:
            found = briefing_of(record)
            assert len(found.lines) == record.count()
            waiting = {item.incident for item in record.open_items()}
            assert sum(line.open is not None for line in found.lines.values()) == len(waiting)
        (elovik,) = (line for line in found.lines.values() if line.sentence.startswith("The United Kingdom expelled"))
        assert elovik.sources == "2 articles, 2 independent sources, corroborated"
        assert found.recorded
        assert "Copies of one agency story" not in as_page(found)

    def test_a_correction_of_a_person_shows(self, where: Path, tmp_path: Path):
        (copy := tmp_path / "copy.db").write_bytes(where.read_bytes())
        with Record.open(copy) as record:
            (one,) = (i for i in record.every() if i.type == "staff_cap" or "Coghill" in i.headline)
            record.review("correct", one.id, author="desk", reason="test", field="date", value="2024-05-17")
            (line,) = (
                x for x in briefing_of(record, Filter(pair=("GBR", "RUS"))).lines.values() if "Coghill" in x.sentence
            )
        assert line.when == "17 May 2024"
        assert line.answers

    def test_command(self, where: Path, tmp_path: Path):
        run = CliRunner().invoke
        said = run(main, ["brief", "--record", str(where), "--pair", "gbr", "rus"])
        assert said.exit_code == 0
        assert "Russia and United Kingdom" in said.output
        assert "Algeria" not in said.output
        assert run(main, ["brief", "--record", str(where), "--html", str(tmp_path / "b.html")]).exit_code == 0
        assert (tmp_path / "b.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
        assert "give PATHs to read, or --record WHERE" in run(main, ["brief"]).output
        assert run(main, ["brief", "x.txt", "--record", str(where)]).exit_code == 2
        assert run(main, ["brief", "x.txt", "--state", "RUS"]).exit_code == 2
        nowhere = run(main, ["brief", "--record", str(tmp_path / "none.db")])
        assert nowhere.exit_code == 1


def test_command_over_articles_goes_on_past_what_it_cannot_read(tmp_path: Path):
    page = tmp_path / "brief.html"
    ankara = EXAMPLES / "05-ankara-2016.txt"
    run = CliRunner().invoke(
        main, ["brief", str(ankara), str(tmp_path / "none.txt"), "--html", str(page), "--workers", "1"]
    )
    assert run.exit_code == 3
    assert "none.txt" in run.output
    assert "Russian ambassador shot dead at Ankara gallery" in page.read_text(encoding="utf-8")


class Page(HTMLParser):
    """Ids, links, tags and texts of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            self.attributes.add(name)
            if name == "id":
                self.ids.append(value or "")
            if name == "href":
                self.links.append(value or "")

    def handle_data(self, data: str) -> None:
        self.words.append(data)


HOSTILE = '<script>alert("x")</script> & <b onmouseover=y> \u202e [bold red]boo[/] {{ 7*7 }} \ud800\x00\x0b " \''


class TestPage:
    def test_it_fetches_nothing_and_every_link_leads_somewhere(self, over_examples: Briefing):
        html = as_page(over_examples)
        page = Page(html)
        assert not page.tags & {"script", "link", "img", "iframe", "object", "form"}
        assert not page.attributes & {"src", "srcset", "onclick", "style"}
        assert "url(" not in html
        assert "@import" not in html
        assert len(page.ids) == len(set(page.ids))
        assert {link.removeprefix("#") for link in page.links} <= set(page.ids)
        assert all(link.startswith("#") for link in page.links)

    def test_each_quote_is_marked_in_its_source(self, over_examples: Briefing):
        for line in over_examples.lines.values():
            for account in (*line.asserted, *line.denied):
                quote = account.quote
                source = over_examples.sources[quote.source]
                assert source.text[quote.start : quote.end] == quote.text
                assert (quote.start, quote.end, line.number) in source.marks

    def test_texts_are_escaped(self):
        told = reading(
            replace(EXPELLED, target=Party(state="RUS", kind="diplomat", name=HOSTILE)), outlet=HOSTILE, title=HOSTILE
        )
        page = Page(as_page(briefing([told])))
        assert not page.tags & {"script", "b onmouseover=y"}
        assert "onmouseover" not in page.attributes
        assert HOSTILE.replace("\x00", "") in "".join(page.words).replace("\x00", "")
        assert "49" not in "".join(page.words)

    @settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        st.text(min_size=1, max_size=60).flatmap(
            lambda text: st.tuples(
                st.just(text),
                st.lists(
                    st.tuples(st.integers(0, len(text)), st.integers(0, len(text)), st.integers(1, 9)), max_size=6
                ),
                st.lists(st.tuples(st.integers(0, len(text)), st.integers(0, len(text))), max_size=3),
            )
        )
    )
    def test_pieces_are_the_text_and_each_mark_begins_once(self, given_: Any):
        text, marks, clutter = given_
        spans = tuple(sorted({(min(s, e), max(s, e), n) for s, e, n in marks if s != e}))
        source = Source(
            title="t", outlet=None, published=None, path="p", text=text, marks=spans,
            boilerplate=tuple((min(c), max(c)) for c in clutter),
        )  # fmt: skip
        cut = pieces(source)
        assert "".join(piece.text for piece in cut) == text
        for start, end, number in spans:
            assert "".join(p.text for p in cut if number in p.lines and start <= p.start < end) == text[start:end]
            assert sum(number in p.starting for p in cut if p.start == start) == 1

    def test_nothing_in_scope(self):
        empty = Reading(id="x", source="x.txt", title="Harvest news", text="Harvest news")
        html = as_page(briefing([empty]))
        assert "No article tells of anything" in html
        assert "Read, with nothing in scope: Harvest news." in html


def test_terminal_takes_no_markup_from_texts():
    told = reading(
        replace(EXPELLED, target=Party(state="RUS", kind="diplomat", name="[red]Bo[/red]", post=Post(kind="embassy")))
    )
    out = io.StringIO()
    in_terminal(briefing([told]), Console(file=out, width=100))
    assert "the Russian diplomat [red]Bo[/red]." in out.getvalue()
    assert "Briefing: 1 incident, 1 pair of states, 1 article, 0 open; 8 May 2024" in out.getvalue()


def test_word_document(over_examples: Briefing):
    out = io.BytesIO()
    as_document(over_examples, out)
    said = "\n".join(p.text for p in docx.Document(out).paragraphs)
    assert "The United Kingdom expelled the Russian diplomat Maxim Elovik." in said
    assert "VCDR-29: Turkey's duty is at stake" in said
    as_document(briefing([reading(EXPELLED, title=HOSTILE)]), io.BytesIO())
