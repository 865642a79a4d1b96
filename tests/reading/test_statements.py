"""Who says what: one row per construction."""

from functools import cache

import pytest

from legation import atlas
from legation.reading.page import Page, parse
from legation.reading.parties import find_parties
from legation.reading.statements import Voiced, claimant_over, claimants_over, find_statements, place_of, told
from legation.schema import Article


@cache
def read(text: str, outlet: str | None = None) -> tuple[Page, tuple[Voiced, ...]]:
    page = next(parse([Article(id="test", source="test", text=text, outlet=outlet)]))
    return page, find_statements(page, find_parties(page, atlas.load()))


def who(voiced: Voiced) -> str | None:
    """Name, else role, of a statement's speaker."""
    speaker = voiced.statement.speaker
    return speaker and (speaker.name or speaker.role)


def content(page: Page, voiced: Voiced) -> str:
    return " / ".join(page.text(start, end) for start, end in voiced.content)


ONE_SPEAKER = [
    # text, speaker, words in the content, stance
    # indirect speech
    ("The ministry said the envoy would leave on Friday.", "ministry", "would leave", "asserts"),
    ("The ministry said on Monday in Ankara that the envoy would leave.", "ministry", "would leave", "asserts"),
    ("Israel's Foreign Ministry told reporters that the envoy would leave.", "Foreign Ministry", "would leave", "asserts"),
    ("A police spokesman told Reuters that two guards had been shot.", "police spokesman", "two guards had been shot", "asserts"),
    ("Mr Katungu told reporters before boarding that his telephone had been tapped.", "Katungu", "had been tapped", "asserts"),
    ("American diplomats used to complain that agents entered their homes.", "American diplomats", "agents entered", "condemns"),
    ("The ambassador, who has since left, said soldiers had beaten him.", "ambassador", "had beaten him", "asserts"),
    ("Tehran let it be known that it would do the same.", "Tehran", "would do the same", "asserts"),
    ("The regime informed the ambassador that three of his staff had to go.", "regime", "had to go", "announces"),
    # inverted and trailing cues
    ("The envoy will leave on Friday, the Foreign Ministry said.", "Foreign Ministry", "will leave", "asserts"),
    ("The envoy will leave, said Dmitry Peskov.", "Dmitry Peskov", "will leave", "asserts"),
    ("The envoy will leave, said the ministry's spokesman, Luc Bernier.", "Luc Bernier", "will leave", "asserts"),
    ("Riot police sealed off the streets around the embassies of Britain and France, a witness told Reuters.", "witness", "sealed off", "asserts"),
    ("The consulate in Basra was shelled overnight, two officials said.", "two officials", "was shelled", "asserts"),
    ("The consulate, the embassy said on Monday, will open again in May.", "embassy", "will open again", "asserts"),
    ("As the Foreign Ministry said on Monday, the consulate will close.", "Foreign Ministry", "will close", "asserts"),
    ("The head of the ministry's security department, Pavel Orlov, said in an interview that mail had been opened.", "Pavel Orlov", "mail had been opened", "asserts"),
    # according to and its kin
    ("According to the embassy, the envoy left on Monday.", "embassy", "left on Monday", "asserts"),
    ("The envoy left on Monday, according to the Czech Foreign Ministry.", "Czech Foreign Ministry", "left on Monday", "asserts"),
    ("According to the Post, embassy families were followed home.", "Post", "were followed", "asserts"),
    ("The minister made it clear that the envoy had to go.", "minister", "had to go", "asserts"),
    # direct speech
    ('"We will respond," Maria Zakharova told reporters.', "Maria Zakharova", "will respond", "asserts"),
    ('"We will respond in kind," said Maria Zakharova.', "Maria Zakharova", "respond in kind", "asserts"),
    ('Maria Zakharova said: "We will respond in kind."', "Maria Zakharova", "respond in kind", "asserts"),
    ('Asked about the note, the ambassador shrugged. "It is only paper," he said.', "ambassador", "only paper", "asserts"),
    ('"It was dark," the guard shrugged.', "guard", "It was dark", "asserts"),
    ('"They burnt the flag," the consul grinned. "Nobody cared."', "consul", "Nobody cared", "asserts"),
    ("“We shall answer,” the minister wrote on Twitter.", "minister", "shall answer", "asserts"),
    ("'We shall answer them,' the minister wrote on Twitter.", "minister", "shall answer", "asserts"),
    ("«We shall answer them», the minister added.", "minister", "shall answer", "asserts"),
    # mixed
    ('The embassy called the search "a flagrant breach of the Vienna Convention".', "embassy", "flagrant breach", "asserts"),
    ('The minister said the attack was "an insult to every embassy" in the city.', "minister", "the attack was", "asserts"),
    ('The Kremlin spoke of "an openly hostile act".', "Kremlin", "openly hostile act", "asserts"),
    # participles
    ("Moscow recalled its envoy, saying that his life was in danger.", "Moscow", "his life was in danger", "asserts"),
    ("Tehran closed its consulate, accusing Baku of failing to guard it.", "Tehran", "failing to guard it", "accuses"),
    ("In a statement calling the raid illegal, the embassy asked for an inquiry.", "embassy", "illegal", "asserts"),
    # passives
    ("The expulsion was announced by the Foreign Ministry on Friday.", "Foreign Ministry", "The expulsion", "announces"),
    ("It was announced by the Kremlin that the consulate would close.", "Kremlin", "would close", "announces"),
    ("The minister was quoted as saying that the embassy would be moved.", "minister", "would be moved", "asserts"),
    ("What was described by the embassy as a burglary cost two guards their jobs.", "embassy", "as a burglary", "asserts"),
    # cue nouns and authors
    ("The embassy's statement said nobody was hurt.", "embassy", "nobody was hurt", "asserts"),
    ("A statement by the Interior Ministry said nobody was hurt.", "Interior Ministry", "nobody was hurt", "asserts"),
    ("A White House statement said the envoy was safe.", "White House", "the envoy was safe", "asserts"),
    ("The mission issued a statement saying that its guards were unarmed.", "mission", "guards were unarmed", "asserts"),
    ("The court threw out the embassy's claim that the driver was a diplomat.", "embassy", "the driver was a diplomat", "alleges"),
    ("Nobody believed the ministry's denial that agents had opened the bag.", "ministry", "had opened the bag", "denies"),
    # stances
    ("Moscow denies any involvement.", "Moscow", "involvement", "denies"),
    ("The embassy denied having sheltered the man.", "embassy", "having sheltered", "denies"),
    ("The consulate rejected the allegation as absurd.", "consulate", "absurd", "denies"),
    ("The Foreign Ministry accused Britain of spying.", "Foreign Ministry", "spying", "accuses"),
    ("The government blamed the militia for the attack.", "government", "militia", "accuses"),
    ("The army confirmed that a rocket had hit the embassy.", "army", "a rocket had hit", "confirms"),
    ("The State Department admitted that the house had been searched.", "State Department", "had been searched", "confirms"),
    ("Belarus demanded that the city apologise.", "Belarus", "apologise", "demands"),
    ("Brussels called on Minsk to protect the missions.", "Brussels", "to protect", "asserts"),
    ("The minister promised that every embassy would be guarded.", "minister", "would be guarded", "promises"),
    ("The prime minister vowed to punish the attackers.", "prime minister", "to punish", "promises"),
    ("Havana guaranteed the safety of the mission.", "Havana", "the safety", "promises"),
    ("The militia threatened to storm the embassy.", "militia", "to storm", "threatens"),
    ("Moscow warned that the step would not go unanswered.", "Moscow", "would not go unanswered", "threatens"),
    ('The president denounced the raid as "barbaric".', "president", "barbaric", "condemns"),
    ("Bern regretted that the flag had been burnt.", "Bern", "had been burnt", "apologises"),
    ("The Dutch government announced that it was closing its embassy.", "Dutch government", "was closing", "announces"),
    ("The senator asked whether the guards had been asleep.", "senator", "had been asleep", "asks"),
    ("The rebels claimed responsibility for the bombing.", "rebels", "responsibility", "alleges"),
    # unnamed sources
    ("Sources close to the inquiry said the bag had been opened.", "Sources close to the inquiry", "had been opened", "asserts"),
    ("A senior official who asked not to be named said the list was final.", "senior official", "the list was final", "asserts"),
    ("Witnesses said the gunmen came in two cars.", "Witnesses", "came in two cars", "asserts"),
    ("Diplomats here say the border may close.", "Diplomats here", "may close", "asserts"),
    # the parse is of little help
    ('THE EMBASSY SAID THAT TWO GUARDS HAD BEEN SHOT.', "EMBASSY", "HAD BEEN SHOT", "asserts"),
    ("MOSCOW, May 7 (AP) -- Russia said Tuesday that the nine had to go.", "Russia", "had to go", "asserts"),
    ('The ambassador said that "the police stood by and did nothing.', "ambassador", "stood by", "asserts"),
    ('The ambassador" said that the police did nothing.', "ambassador", "did nothing", "asserts"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "speaker", "words", "stance"), ONE_SPEAKER)
def test_one_speaker(text: str, speaker: str, words: str, stance: str):
    page, voiced = read(text)
    assert {who(v) for v in told(voiced)} == {speaker}
    assert (stance, True) in {(v.stance, words in content(page, v)) for v in told(voiced)}


SEVERAL = [
    # text, all speakers that the article has
    ("Egypt and Jordan said the envoy had to go.", {"Egypt", "Jordan"}),
    ("London said the envoy was a spy. Moscow denied that he was one.", {"London", "Moscow"}),
    ("The army said it had fired in the air. Residents said soldiers shot at the embassy.", {"army", "Residents"}),
    ('The embassy called the search illegal, but a police spokesman, Ivo Kral, said: "We were invited."', {"embassy", "Ivo Kral"}),
    ('"It was an accident," said the minister. "It was murder," said the widow.', {"minister", "widow"}),
    ("The minister said the post would close. He added that the staff would come home.", {"minister"}),
    ("Foreign Minister Jan Novak condemned the raid as criminal. Novak said the envoy was safe.", {"Jan Novak"}),
    ("A ministry spokesman declined to give names. The spokesman, Luc Bernier, said the list was secret.", {"Luc Bernier"}),
    ("Two U.S. officials said the post was closed. One of the officials said it would stay so.", {"Two U.S. officials"}),
    ("Poland's Foreign Ministry said the bag was opened. The ministry said two men were held.", {"Foreign Ministry"}),
    ('Ambassador Ann Reed left on Friday. "I was told to go," she said.', {"Ann Reed"}),
    ("The British embassy in Cairo closed on Sunday. The gate stays shut, the embassy said.", {"British embassy in Cairo"}),
    ("The Kremlin said the minister had told it that the embassy was safe.", {"Kremlin"}),
    ("Consul Ivo Kral had been followed for weeks, the embassy said. He was frightened, it added.", {"embassy"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "speakers"), SEVERAL)
def test_every_speaker_once(text: str, speakers: set[str]):
    _, voiced = read(text)
    assert {who(v) for v in told(voiced)} == speakers


NOBODY = [
    "The minister apologised to the ambassador.",
    "Thousands protested outside the embassy.",
    "The ambassador declined to comment.",
    "The embassy would not say who had fired.",
    "Nobody claimed responsibility for the bombing.",
    "Moscow recalled its ambassador.",
    "Prague declared two attachés persona non grata.",
    "Figures show that twelve missions were attacked last year.",
    "The consul was called to the ministry.",
    "The Senate confirmed the new ambassador.",
    "Photo: Reuters",
    "By Ann Reed, Diplomatic Correspondent",
    "He wants to tell her that the house is safe.",
]


@pytest.mark.parametrize("text", NOBODY)
def test_no_speaker(text: str):
    _, voiced = read(text)
    assert [who(v) for v in told(voiced) if v.statement.speaker] == []


RELAYED = [
    # text, speaker, who relays, the article's own outlet
    ("The consul told AFP that the gate was locked.", "consul", "AFP", None),
    ("The gate was locked, the consul said, RIA Novosti reported.", "consul", "RIA Novosti", None),
    ("RIA Novosti reported that the consul said the gate was locked.", "consul", "RIA Novosti", None),
    ("Interfax quoted the minister as saying that the gate was locked.", "minister", "Interfax", None),
    ("A security source quoted by Al-Ahram said the gate was locked.", "security source", "Al-Ahram", None),
    ("The gate was locked, government officials were quoted as saying by Kyodo.", "government officials", "Kyodo", None),
    ("The consul told Reuters that the gate was locked.", "consul", None, "Reuters"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "speaker", "relay", "outlet"), RELAYED)
def test_an_agency_that_relays_is_no_speaker(text: str, speaker: str, relay: str | None, outlet: str | None):
    _, voiced = read(text, outlet)
    assert {(who(v), v.relayed_by) for v in told(voiced)} == {(speaker, relay)}


def test_an_agency_that_reports_on_its_own_word_is_the_speaker():
    _, voiced = read("Shots were fired at the consulate, RIA Novosti reported.")
    assert [(who(v), v.relayed_by) for v in told(voiced)] == [("RIA Novosti", None)]


def test_a_running_quotation_keeps_its_speaker_over_paragraphs():
    text = '"The guards had left," Ambassador Ann Reed said. "Nobody warned us.\n\n"We waited for an hour.\n\n"Then they came."'
    page, voiced = read(text)
    came = next(t.i for t in page.doc if t.text == "came")
    assert {who(v) for v in claimants_over(voiced, came)} == {"Ann Reed"}


def test_an_unattributed_quotation_is_kept_without_a_speaker():
    _, voiced = read('It rained all day.\n\n"Nobody will ever drive us out of this embassy."\n\nThe street was empty.')
    assert [(v.statement.speaker, v.quoted) for v in told(voiced)] == [(None, True)]


def test_hedges_claim_on_nobodys_word():
    for text in ("Soldiers reportedly stormed the embassy.", "Soldiers are said to have stormed the embassy."):
        page, voiced = read(text)
        stormed = next(t.i for t in page.doc if t.text == "stormed")
        assert [(v.hedge, v.stance, v.statement.speaker) for v in claimants_over(voiced, stormed)] == [
            (True, "alleges", None)
        ]


def test_claimants_stand_innermost_first():
    page, voiced = read("The Foreign Ministry said that the envoy had claimed that soldiers beat him.")
    beat = next(t.i for t in page.doc if t.text == "beat")
    chain = claimants_over(voiced, beat)
    assert [who(v) for v in chain] == ["envoy", "Foreign Ministry"]
    assert [v.own for v in chain] == [False, True]
    assert place_of(voiced, chain[0]) == place_of(voiced, chain[1]) == 0


def test_the_claimant_is_the_outermost_who_does_not_deny():
    for text, speaker in (
        ("German officials said the minister had told them that the post was safe.", "German officials"),
        ("The minister denied the rebels' claim that the post was safe.", "rebels"),
        ("The minister denied that the post was safe.", "minister"),
    ):
        page, voiced = read(text)
        safe = next(t.i for t in page.doc if t.text == "safe")
        claimant = claimant_over(voiced, safe)
        assert claimant is not None
        assert who(claimant) == speaker


def test_the_last_voice_holds_the_one_inside():
    page, voiced = read("Tokyo maintains that the statue insults its consulate, a spokesman for the city said.")
    statue = next(t.i for t in page.doc if t.text == "statue")
    assert [who(v) for v in claimants_over(voiced, statue)] == ["Tokyo", "spokesman for the city"]


def test_a_denial_and_a_factive_are_marked():
    _, voiced = read("The embassy denied that its guard had fired. The consul noted that windows had been broken.")
    assert [(v.denial, v.factive) for v in voiced] == [(True, False), (False, True)]


def test_speech_acts_merely_narrated_are_kept_but_not_told():
    _, voiced = read("The embassy urged its citizens to leave.")
    assert [(who(v), v.stance, v.own) for v in voiced] == [("embassy", "demands", False)]


def test_a_transcript_speaks_by_its_labels():
    text = (
        "DAILY BRIEFING\nMS. HART: Good morning. The embassy in Sanaa is closed.\nQUESTION: For how long?\n"
        "MS. HART: Until it is safe.\nQUESTION: Thank you."
    )
    page, voiced = read(text)
    closed = next(t.i for t in page.doc if t.text == "closed")
    assert {who(v) for v in told(voiced)} == {"HART"}
    assert [who(v) for v in claimants_over(voiced, closed)] == ["HART"]


def test_a_headline_gives_no_second_speaker():
    text = (
        "Consulate was shelled, envoy says\n\nThe consulate in Basra was shelled on Monday, "
        "Ambassador Ann Reed said. Nobody was hurt."
    )
    _, voiced = read(text)
    assert {who(v) for v in told(voiced)} == {"Ann Reed"}


def test_every_span_is_true_to_the_text():
    text = "The “consul”, Ivo Kral, said:\u00a0“We were\u00ad robbed”. ‘Never’, said the police."
    page, voiced = read(text)
    assert told(voiced)
    for v in voiced:
        start, end = v.statement.content
        assert 0 <= start < end <= len(text)
        assert text[start:end] == page.text(page.token_at(start), page.token_at(end - 1) + 1)
        if v.statement.cue:
            assert text[slice(*v.statement.cue)].strip()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "said",
        '"',
        '" " "',
        "said said said",
        ": : :",
        "According to",
        "“”’‘",
        "A: B: C: D:\nA: B:\nA:",
        "reportedly",
    ],
)
def test_nothing_breaks_it(text: str):
    article = Article(id="test", source="test", text=text)
    page = next(parse([article]))
    if len(page.doc):
        find_statements(page, find_parties(page, atlas.load()))
