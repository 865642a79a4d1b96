"""English is told from the rest, and what may be English is read."""

import json
from importlib.resources import files

import jsonschema
import pytest
import yaml

from legation.sources.language import language

DATA = yaml.safe_load(files("legation.sources").joinpath("languages.yaml").read_text(encoding="utf-8"))
EXAMPLES = [(name, example) for name, entry in DATA.items() for example in entry["examples"]]


def test_data_keeps_its_schema():
    schema = json.loads(files("legation.sources").joinpath("languages.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(DATA, schema)


@pytest.mark.parametrize(("name", "example"), EXAMPLES)
def test_examples(name, example):
    assert language(example) == name


@pytest.mark.parametrize(
    "text",
    [
        "Посол вызван в министерство.",
        "大使は外務省に呼ばれた。",
        "تم استدعاء السفير إلى وزارة الخارجية",
        "השגריר זומן למשרד החוץ",
    ],
)
def test_other_scripts(text):
    assert language(text) == "und"


def test_no_word_no_language():
    assert language("17 — 20:15 … 😡") is None


def test_a_long_text_without_english_small_words_is_foreign():
    assert language("kumbela rovata sindu marpe lokito vanda sumari tekolo birane " * 10) == "und"


def test_a_foreign_menu_and_quotation_do_not_make_a_text_foreign():
    menu = "Startseite Politik Wirtschaft und der Sport für die Welt\n"
    body = (
        "The ambassador was told on Monday to leave within two days, and his deputy with him, the ministry said.\n" * 3
    )
    quote = '"Мы ответим на это зеркально", said the spokeswoman.\n'
    assert language(menu + body + quote + body) == "en"
