#!/usr/bin/env python3
"""Makes season.json, beside this script: concerts for the example houses, the same every time.

Nobody in it exists. Most sales are open from November 2026, and some open later.
"""

import datetime
import json
import pathlib

CONCERTS = 240
CELLAR_NIGHTS = 10
FIRST_DAY = datetime.date(2026, 12, 4)
LAST_DAY = datetime.date(2028, 12, 16)
NOW = datetime.date(2026, 11, 23)

CITIES = [
    ("Paris", "Europe/Paris", "EUR", 1.0),
    ("Lyon", "Europe/Paris", "EUR", 0.8),
    ("Berlin", "Europe/Berlin", "EUR", 0.9),
    ("Lisbon", "Europe/Lisbon", "EUR", 0.75),
    ("London", "Europe/London", "GBP", 0.9),
    ("Glasgow", "Europe/London", "GBP", 0.75),
    ("Zürich", "Europe/Zurich", "CHF", 1.3),
    ("Copenhagen", "Europe/Copenhagen", "DKK", 7.5),
    ("Kraków", "Europe/Warsaw", "PLN", 3.2),
    ("New York", "America/New_York", "USD", 1.4),
    ("Chicago", "America/Chicago", "USD", 1.1),
    ("Montréal", "America/Toronto", "CAD", 1.3),
    ("São Paulo", "America/Sao_Paulo", "BRL", 4.0),
    ("Tokyo", "Asia/Tokyo", "JPY", 150.0),
    ("Melbourne", "Australia/Melbourne", "AUD", 1.5),
]
# Currencies whose smallest unit is the unit itself.
WHOLE = {"JPY"}

# The house's seat map; the name of its venue in a city; prices in euros; how often it plays.
HOUSES = [
    ("Lantern Club", "Lantern Club {}", 8,
     {"Table": 48, "Stalls": 36, "Bank": 30, "Gallery": 24, "Accessible": 24}),
    ("Meridian Theatre", "Meridian Theatre {}", 6,
     {"Premium stalls": 95, "Stalls": 72, "Boxes": 110, "Dress circle front": 85,
      "Dress circle": 65, "Upper circle": 35, "Accessible": 35}),
    ("Northlight Arena", "Northlight Arena {}", 3,
     {"Floor front": 140, "Floor": 110, "Lower bowl": 90, "Upper bowl": 55, "Side view": 45,
      "Accessible": 45}),
    ("Harbour Stadium", "Harbour Stadium {}", 1,
     {"Pitch front": 180, "Pitch": 130, "Lower tier": 105, "Club tier": 150, "Upper tier": 70,
      "Behind the stage": 40, "Accessible": 40}),
]

# A house without seats, which has nights of its own after the others.
CELLAR = ("Copper Cellar", "Copper Cellar {}", 0, {"Floor": 28, "Balcony": 34})

FIRST = ["Paper", "Velvet", "Copper", "Winter", "Hollow", "Saffron", "Northern", "Glass", "Marble",
         "Quiet", "Amber", "Crooked", "Salt", "Indigo", "Hidden", "Tin"]
SECOND = ["Lanterns", "Orchard", "Meridian", "Tides", "Engines", "Sparrows", "Cartographers",
          "Parade", "Observatory", "Weather", "Choir", "Telegraph", "Foxes", "Gardens", "Almanac"]
SOLO = ["Ines Valcourt", "Tobias Lindqvarn", "Amara Okonjie", "Yuki Haranobe", "Matteo Ferrabosco",
        "Sinead Carrowmore", "Rafa Quintanal", "Liv Aasgaardsen", "Dov Perlstone", "Noor Zahiri"]
TITLES = ["The Long Way Home", "Songs for an Empty Station", "Every Window Lit", "Second Summer",
          "A Map of the Tide", "The Night Ferry", "Small Hours", "Letters Unsent", "Northbound",
          "The Colour of Rain", "Slow Lightning", "What the River Kept", "Under One Roof",
          "The Last Tram", "Harvest Moon Sessions", "An Evening in Blue", "Echo and Return",
          "Unplugged and Uphill", "Ten Years Later", "The Winter Rooms"]


class Dice:
    """A generator of its own (the one of Numerical Recipes), so that the season is the same on
    every version of Python."""

    def __init__(self, seed):
        self.state = seed

    def below(self, count):
        self.state = (self.state * 1664525 + 1013904223) % 2**32
        return (self.state >> 8) * count >> 24

    def pick(self, items):
        return items[self.below(len(items))]


def slug(text):
    plain = text.lower().translate(str.maketrans("üóéãáøñ", "uoeaaon"))
    return "-".join("".join(c if c.isascii() and c.isalnum() else " " for c in plain).split())


def local(day, hour, zone, minute=0):
    return f"{day.isoformat()}T{hour:02}:{minute:02}[{zone}]"


def price(euros, factor, currency):
    """In the smallest unit, rounded as price lists are: to half a unit, or to a hundred yen."""
    if currency in WHOLE:
        return max(100, round(euros * factor / 100) * 100)
    return round(euros * factor * 2) * 50


def opening_night():
    """The one that the README's examples book: on sale for two years to come."""
    zone = "Europe/Paris"
    return {
        "slug": "opening-night",
        "title": "Opening Night",
        "artist": "The Paper Lanterns",
        "venue": {"name": "Meridian Theatre Paris", "city": "Paris", "time_zone": zone},
        "seat_map": "Meridian Theatre",
        "starts_at": local(datetime.date(2028, 11, 18), 20, zone),
        "cancel_until": local(datetime.date(2028, 11, 11), 20, zone),
        "sale": {"opens_at": local(datetime.date(2026, 11, 2), 10, zone)},
        "currency": "EUR",
        "prices": {category: price(euros, 1.0, "EUR") for category, euros in HOUSES[1][3].items()},
    }


def concert(dice, number, concerts, houses):
    days = (LAST_DAY - FIRST_DAY).days
    day = FIRST_DAY + datetime.timedelta(days=number * days // concerts + dice.below(3))
    seat_map, venue, _, prices = dice.pick(houses)
    city, zone, currency, factor = dice.pick(CITIES)
    band = f"The {dice.pick(FIRST)} {dice.pick(SECOND)}"
    artist = dice.pick(SOLO) if dice.below(4) == 0 else band
    level = factor * (85 + 5 * dice.below(8)) / 100
    entry = {
        "slug": f"{slug(artist)}-{slug(city)}-{day.isoformat()}",
        "title": dice.pick(TITLES),
        "artist": artist,
        "venue": {"name": venue.format(city), "city": city, "time_zone": zone},
        "seat_map": seat_map,
        "starts_at": local(day, 19 + dice.below(2), zone, 30 * dice.below(2)),
        "sale": sale(dice, day, zone, number),
        "currency": currency,
        "prices": {category: price(euros, level, currency) for category, euros in prices.items()},
    }
    if dice.below(3) == 0:
        entry["cancel_until"] = local(day - datetime.timedelta(days=7), 12, zone)
    if seat_map == "Harbour Stadium":
        entry |= {"hold_seconds": 300, "max_seats_per_user": 4}
    if dice.below(12) == 0:
        entry["confirm"] = "merchant"
    return entry


def sale(dice, day, zone, number):
    """Open already, but for one concert in five that is far enough away to open later."""
    later = number % 5 == 4 and (day - NOW).days > 120
    if later:
        opens = NOW + datetime.timedelta(days=14 + dice.below((day - NOW).days - 90))
    else:
        opens = NOW - datetime.timedelta(days=3 + dice.below(60))
    window = {"opens_at": local(opens, 10, zone)}
    if dice.below(2):
        window["closes_at"] = local(day, 17, zone)
    return window


def main():
    dice = Dice(2026)
    weighted = [house for house in HOUSES for _ in range(house[2])]
    concerts = [opening_night()]
    concerts += [concert(dice, number, CONCERTS, weighted) for number in range(CONCERTS - 1)]
    # Others' dice, which would give the first of them the last one's artist and city.
    dice = Dice(460)
    concerts += [concert(dice, number, CELLAR_NIGHTS, [CELLAR]) for number in range(CELLAR_NIGHTS)]
    slugs = [entry["slug"] for entry in concerts]
    assert len(set(slugs)) == len(slugs), "two concerts have the same slug"
    entries = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in concerts)
    file = pathlib.Path(__file__).with_name("season.json")
    file.write_text(f'{{"concerts": [\n{entries}\n]}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
