"""Articles to search: made by chance, always the same."""

from __future__ import annotations

import datetime as dt
import random

from geo.model import Article, Mention, Place, Reading, Resolution

SYRIA = Place("geonames:163843", "Syria", "country", "SY", None, 35.0, 38.0)
HOMS_PROVINCE = Place("geonames:169575", "Homs Governorate", "admin1", "SY", "Homs", 34.4, 38.0)
PLACES = (
    SYRIA,
    Place("geonames:169577", "Homs", "city", "SY", "Homs", 34.727, 36.72, 775_404),
    Place("geonames:171193", "Rastan", "city", "SY", "Homs", 34.927, 36.733, 39_834, "Rastan District"),
    Place("geonames:170063", "Aleppo", "city", "SY", "Aleppo", 36.2, 37.16, 1_602_264),
    Place("geonames:1526273", "Astana", "city", "KZ", "Astana", 51.18, 71.446, 1_078_384),
    Place("geonames:276781", "Beirut", "city", "LB", "Beyrouth", 33.893, 35.502, 1_916_100),
    Place("geonames:2198148", "Suva", "city", "FJ", "Central", -18.142, 178.442, 77_366),
    Place("geonames:4035413", "Apia", "city", "WS", "Tuamasaga", -13.833, -171.767, 37_708),
    Place("dateline:eastern-ghouta", "Eastern Ghouta", "region", "SY", "Rif Dimashq", 33.53, 36.42),
)
_WORDS = ("truce", "convoy", "talks", "перемирие", "المعبر", "shelling", "aid", "border")


def articles(count: int = 60, seed: int = 1) -> list[Reading]:
    """Return readings of short texts that name some of `PLACES`."""
    chance = random.Random(seed)
    return [_reading(number, chance) for number in range(count)]


def _reading(number: int, chance: random.Random) -> Reading:
    named = chance.choices(PLACES, [5, 4, 2, 3, 2, 1, 1, 1, 1], k=chance.randint(0, 6))
    words = chance.sample(_WORDS, 3)
    text = f"Item {number}: {' '.join(words)}"
    resolutions = []
    for place in named:
        start = len(text) + 1
        text += f" {place.name}"
        mention = Mention(start, len(text), place.name, "name", (0, 7), 0.9)
        sure = 0.3 if start % 2 else 0.8
        resolutions.append(Resolution(place.name, chance.choice([place, place, place, None]), sure, mention=mention))
    day = dt.date(2017, 1, 20) + dt.timedelta(days=chance.randrange(90)) if chance.random() < 0.9 else None
    source, language = chance.choice(["SANA", "Kazinform", None]), chance.choice(["en", "ru", None])
    return Reading(
        Article(f"a{number}", text, words[0].title(), day, source=source, language=language), tuple(resolutions)
    )
