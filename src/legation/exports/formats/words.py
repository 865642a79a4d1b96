"""An incident in one sentence, in the voice its status allows."""

from legation.exports.briefing.wording import claimant_words, sentence
from legation.record.nouns import Incident
from legation.schema import Event, Evidence


def told(one: Incident) -> str:
    """What is said to have happened, and on whose word where it is only claimed or denied."""
    event = Event(
        type=one.type,
        status=one.status,
        actor=one.actor,
        target=one.target,
        host=one.host,
        city=one.city,
        date=one.date,
        count=one.count,
        claimant=one.claimant,
        evidence=Evidence(start=0, end=0, text=""),
    )
    return sentence(event, one.status, claimant_words(one.claimant), None)
