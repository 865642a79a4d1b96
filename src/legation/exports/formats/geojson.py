"""A GeoJSON FeatureCollection (RFC 7946): a point where the city is known, ``"geometry": null`` where only the country is."""

from typing import IO

import msgspec

from legation.exports.formats.flat import rows
from legation.record import Record
from legation.record.nouns import Filter


def write(record: Record, wanted: Filter, out: IO[bytes]) -> None:
    out.write(b'{"type":"FeatureCollection","features":[')
    for number, row in enumerate(rows(record, wanted)):
        properties = msgspec.to_builtins(row)
        latitude, longitude = properties.pop("latitude"), properties.pop("longitude")
        point = {"type": "Point", "coordinates": [longitude, latitude]} if latitude is not None else None
        feature = {"type": "Feature", "id": row.event_id, "geometry": point, "properties": properties}
        out.write((b",\n" if number else b"\n") + msgspec.json.encode(feature))
    out.write(b"\n]}\n")
