"""``legation atlas NAME``."""

from click.testing import CliRunner

from legation.cli.atlas import command


def test_shows_a_state_by_old_name():
    result = CliRunner().invoke(command, ["Upper", "Volta"])
    assert result.exit_code == 0
    assert "code\tBFA" in result.output
    assert "Ouagadougou" in result.output


def test_shows_codes_outlets_and_cities():
    assert "until 1991-12-25" not in CliRunner().invoke(command, ["DEU"]).output
    assert "capitals\tMoscow (... to 1991-12-25)" in CliRunner().invoke(command, ["SUN"]).output
    assert "published in\tRUS" in CliRunner().invoke(command, ["themoscowtimes.com"]).output
    assert "place\tKyiv, UKR" in CliRunner().invoke(command, ["Kiev"]).output


def test_unknown_name_says_so():
    result = CliRunner().invoke(command, ["Atlantis"])
    assert result.exit_code == 1
    assert "'Atlantis' is not in the atlas" in result.output
