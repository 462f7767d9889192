#!/usr/bin/env python3
"""Makes the example seat maps: cellar, club, theatre, arena, stadium.

    make_seat_maps.py stadium > stadium.json     one, to standard output
    make_seat_maps.py --write                    the committed ones, beside this script

The same every time, on every machine. A seat is 20 units wide, half a metre or so.
"""

import json
import math
import pathlib
import sys

SEAT = 20
ROW = 26
COMMITTED = ("cellar", "club", "theatre", "arena")
# Sign painters leave out I and O, which read as numbers: A to Z, then AA, BB.
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


def letters(index):
    return LETTERS[index % len(LETTERS)] * (index // len(LETTERS) + 1)


def zone(name, zone_id, rows, areas=()):
    """Rows are (label, [(x, y, category)]) in absolute coordinates, in the order people sit."""
    return {"name": name, "id": zone_id, "rows": rows, "areas": list(areas)}


def rectangle(x, y, width, height, text):
    return {
        "shape": "rectangle",
        "color": "#d9d9d9",
        "border_color": "#8c8c8c",
        "position": {"x": x, "y": y},
        "rectangle": {"width": width, "height": height},
        "text": {"position": {"x": width / 2, "y": height / 2}, "color": "#333333", "text": text},
    }


def fan(labels, centre, radius, blocks, category, aisle=44, spacing=SEAT):
    """Curved rows around `centre`, cut into blocks by aisles that run towards it. A block is a pair
    of angles in degrees from straight down."""
    rows = []
    for index, label in enumerate(labels):
        reach = radius + index * ROW
        seats = []
        for start, end in blocks:
            length = reach * math.radians(end - start) - aisle
            count = int(length / spacing) + 1
            middle = math.radians((start + end) / 2)
            for seat in range(count):
                angle = middle + (seat - (count - 1) / 2) * spacing / reach
                x = centre[0] + reach * math.sin(angle)
                y = centre[1] + reach * math.cos(angle)
                seats.append((x, y, category(index, seat, count)))
        rows.append((label, seats))
    return rows


def grid(labels, left, top, columns, category):
    """Straight rows; `columns` is how many seats each has."""
    return [
        (label, [(left + seat * SEAT, top + index * ROW, category) for seat in range(columns)])
        for index, label in enumerate(labels)
    ]


class Ring:
    """A rounded rectangle and the curves around it, along which the rows of a bowl run."""

    def __init__(self, centre, width, height, corner):
        self.corner = corner
        half_x, half_y = width / 2 - corner, height / 2 - corner
        x, y = centre
        # Clockwise from due north: sides by start and direction, corners by centre and angle.
        self.parts = [
            ("side", half_x, (x, y - height / 2), 0),
            ("corner", corner * math.pi / 2, (x + half_x, y - half_y), -90),
            ("side", height - 2 * corner, (x + width / 2, y - half_y), 90),
            ("corner", corner * math.pi / 2, (x + half_x, y + half_y), 0),
            ("side", width - 2 * corner, (x + half_x, y + height / 2), 180),
            ("corner", corner * math.pi / 2, (x - half_x, y + half_y), 90),
            ("side", height - 2 * corner, (x - width / 2, y + half_y), 270),
            ("corner", corner * math.pi / 2, (x - half_x, y - half_y), 180),
            ("side", half_x, (x - half_x, y - height / 2), 0),
        ]

    def lengths(self, offset, parts):
        stretch = (self.corner + offset) / self.corner
        return [
            length * (stretch if kind == "corner" else 1)
            for kind, length, _, _ in (self.parts[part] for part in parts)
        ]

    def point(self, offset, parts, distance):
        """The point at `distance` along the curve `offset` outside the rectangle."""
        for part, length in zip(parts, self.lengths(offset, parts)):
            if distance <= length or part == parts[-1]:
                break
            distance -= length
        kind, _, (x, y), turn = self.parts[part]
        turn = math.radians(turn)
        if kind == "side":
            along, out = distance, offset
            return (
                x + along * math.cos(turn) + out * math.sin(turn),
                y + along * math.sin(turn) - out * math.cos(turn),
            )
        reach = self.corner + offset
        angle = turn + distance / reach
        return x + reach * math.cos(angle), y + reach * math.sin(angle)

    def boundaries(self, offset, parts, sections):
        """Where sections of one width at `offset` begin and end, as (part, share of it)."""
        lengths = self.lengths(offset, parts)
        found = []
        for index in range(sections + 1):
            distance = sum(lengths) * index / sections
            for place, length in enumerate(lengths):
                if distance <= length + 1e-6 or place == len(lengths) - 1:
                    break
                distance -= length
            found.append((place, min(1.0, distance / length)))
        return found

    def distance(self, offset, parts, boundary):
        lengths = self.lengths(offset, parts)
        place, share = boundary
        return sum(lengths[:place]) + lengths[place] * share


def bowl(ring, parts, sections, numbers, rows, offset, category, accessible, aisle=40):
    """A tier: sections side by side along `parts` of a ring, aisles between them."""
    boundaries = ring.boundaries(offset + rows * ROW / 2, parts, sections)
    zones = []
    for index in range(sections):
        lines = []
        depth = offset + rows * ROW / 2
        ends = [ring.distance(depth, parts, boundaries[end]) for end in (index, index + 1)]
        middle = ring.point(depth, parts, sum(ends) / 2)
        for row in range(rows):
            out = offset + row * ROW
            start = ring.distance(out, parts, boundaries[index])
            length = ring.distance(out, parts, boundaries[index + 1]) - start
            platform = accessible(index) and row == rows - 1
            spacing = 2 * SEAT if platform else SEAT
            count = int((length - aisle) / spacing) + 1
            first = start + (length - (count - 1) * spacing) / 2
            kind = "Accessible" if platform else category(middle)
            seats = []
            for seat in range(count):
                x, y = ring.point(out, parts, first + seat * spacing)
                seats.append((x, y, kind))
            lines.append((letters(row), seats))
        number = str(numbers + index)
        zones.append(zone(f"Section {number}", number, lines))
    return zones


def trim(zones, tier, capacity):
    """Takes seats off both ends of a tier's last rows, where its doors are, down to `capacity`."""
    excess = sum(len(seats) for one in zones for _, seats in one["rows"]) - capacity
    rear = [one["rows"][-1][1] for one in tier]
    assert 0 <= excess < sum(len(seats) - 2 for seats in rear), f"{excess} seats too many"
    turn = 0
    while excess:
        seats = rear[turn % len(rear)]
        for end in (0, -1)[: min(excess, 2)]:
            seats.pop(end)
            excess -= 1
        turn += 1
    return zones


def standing(guid, category, capacity, x, y, width, height, name):
    """A rectangle that people stand in."""
    return rectangle(x, y, width, height, name) | {
        "area_guid": guid,
        "capacity": capacity,
        "category": category,
    }


def cellar():
    stage = rectangle(170, 20, 260, 90, "Stage")
    floor = [
        stage,
        standing("FRONT", "Floor", 120, 60, 130, 480, 110, "Front of stage"),
        standing("FLOOR", "Floor", 260, 60, 250, 480, 190, "Floor"),
    ]
    balcony = [standing("BALCONY", "Balcony", 80, 40, 470, 520, 90, "Balcony")]
    categories = [("Floor", "#3f6fb5"), ("Balcony", "#8a6bb1")]
    zones = [zone("Floor", "F", [], floor), zone("Balcony", "B", [], balcony)]
    return plan("Copper Cellar", 600, 600, categories, zones)


def club():
    def stalls(index, _seat, _count):
        return "Stalls"

    zones = []
    tables, circles = [], []
    for table in range(12):
        x, y = 186 + table % 6 * 110, 240 + table // 6 * 96
        around = [(x + dx, y + dy, "Table") for dx, dy in ((-15, 26), (15, 26), (-30, 0), (30, 0))]
        tables.append((f"Table {table + 1}", around))
        circles.append(
            {
                "shape": "circle",
                "color": "#e8dcc8",
                "border_color": "#8c7a5b",
                "position": {"x": x, "y": y},
                "circle": {"radius": 16},
            }
        )
    stage = rectangle(260, 30, 400, 130, "Stage")
    zones.append(zone("Tables", "T", tables, [stage] + circles))
    floor = []
    for index in range(8):
        y = 430 + index * ROW
        columns = [226 + seat * SEAT for seat in range(11)] + [494 + seat * SEAT for seat in range(11)]
        floor.append((letters(index), [(x, y + ((x - 460) / 60) ** 2, "Stalls") for x in columns]))
    zones.append(zone("Stalls", "S", floor))
    for name, zone_id, outward in (("Left bank", "L", -1), ("Right bank", "R", 1)):
        rows = []
        for index in range(3):
            x = 460 + outward * (340 + index * ROW)
            rows.append((letters(index), [(x, 420 + seat * SEAT, "Bank") for seat in range(12)]))
        zones.append(zone(name, zone_id, rows))
    gallery = grid("AB", 200, 730, 27, "Gallery")
    places = [(180 + seat * 2 * SEAT, 730 + ROW, "Accessible") for seat in range(2)]
    gallery[1] = ("B", places + [(260 + seat * SEAT, 730 + ROW, "Gallery") for seat in range(25)])
    zones.append(zone("Gallery", "G", gallery))
    categories = [
        ("Table", "#b5485d"),
        ("Stalls", "#3f6fb5"),
        ("Bank", "#2f8f83"),
        ("Gallery", "#8a6bb1"),
        ("Accessible", "#e0a52e"),
    ]
    return plan("Lantern Club", 920, 800, categories, trim(zones, zones[-1:], 350))


def theatre():
    centre = (1250, -120)
    wide = [(-40, -14), (-14, 14), (14, 40)]

    def stalls(index, _seat, _count):
        return "Premium stalls" if 4 <= index < 12 else "Stalls"

    floor = fan([letters(row) for row in range(20)], centre, 440, wide, stalls)
    platform = fan(["W"], centre, 440 + 20.5 * ROW, [(-12, 12)], lambda *_: "Accessible", spacing=2 * SEAT)
    stage = rectangle(1030, 30, 440, 160, "Stage")
    zones = [zone("Stalls", "ST", floor + platform, [stage])]
    for side, name in ((-1, "left"), (1, "right")):
        rows = []
        for box in range(5):
            reach = 500 + box * 105
            angle = math.radians(48)
            x, y = centre[0] + side * reach * math.sin(angle), centre[1] + reach * math.cos(angle)
            seats = [(x + dx, y + dy, "Boxes") for dx, dy in ((-11, 0), (11, 0), (-11, 24), (11, 24))]
            rows.append((f"Box {box + 1}", seats))
        zones.append(zone(f"Boxes {name}", f"B{name[0].upper()}", rows))
    front = lambda index, _seat, _count: "Dress circle front" if index < 3 else "Dress circle"
    dress = fan([letters(row) for row in range(8)], centre, 1090, wide, front)
    zones.append(zone("Dress circle", "DC", dress))
    tiers = [(-38, -19), (-19, 0), (0, 19), (19, 38)]
    upper = fan([letters(row) for row in range(6)], centre, 1360, tiers, lambda *_: "Upper circle")
    zones.append(zone("Upper circle", "UC", upper))
    categories = [
        ("Premium stalls", "#9e2a3b"),
        ("Stalls", "#d1495b"),
        ("Boxes", "#edae49"),
        ("Dress circle front", "#00798c"),
        ("Dress circle", "#30a5b8"),
        ("Upper circle", "#5c677d"),
        ("Accessible", "#7cb518"),
    ]
    return plan("Meridian Theatre", 2500, 1460, categories, trim(zones, zones[-1:], 2000))


def arena():
    centre = (2300, 2000)
    ring = Ring(centre, 1500, 2900, 420)
    stage = rectangle(1850, 210, 900, 420, "Stage")
    zones = []
    for line in range(5):
        for column in range(3):
            name = f"Floor {'ABCDE'[line]}{column + 1}"
            left, top = 1740 + column * 410, 800 + line * 440
            kind = "Floor front" if line == 0 else "Floor"
            rows = grid([str(row + 1) for row in range(12)], left, top, 16, kind)
            zones.append(zone(name, name[6:], rows, [stage] if not zones else []))
    horseshoe = [2, 3, 4, 5, 6]
    side = lambda kind: lambda middle: "Side view" if middle[1] < 1500 else kind
    lower = bowl(ring, horseshoe, 22, 101, 20, 120, side("Lower bowl"), lambda i: i in (2, 8, 13, 19))
    upper = bowl(ring, horseshoe, 28, 201, 25, 760, side("Upper bowl"), lambda i: False)
    categories = [
        ("Floor front", "#7b2cbf"),
        ("Floor", "#b185db"),
        ("Lower bowl", "#0077b6"),
        ("Upper bowl", "#48bfe3"),
        ("Side view", "#8d99ae"),
        ("Accessible", "#f4a300"),
    ]
    return plan("Northlight Arena", 4600, 5000, categories, trim(zones + lower + upper, upper, 20_000))


def stadium():
    centre = (4600, 5300)
    ring = Ring(centre, 2900, 4300, 900)
    stage = rectangle(3900, 3300, 1400, 520, "Stage")
    zones = []
    for line in range(7):
        for column in range(5):
            name = f"Pitch {'ABCDEFG'[line]}{column + 1}"
            left, top = 3360 + column * 510, 4010 + line * 440
            kind = "Pitch front" if line < 2 else "Pitch"
            rows = grid([letters(row) for row in range(14)], left, top, 22, kind)
            zones.append(zone(name, name[6:], rows, [stage] if not zones else []))
    whole = list(range(9))

    def behind(kind):
        north = lambda x, y: y < 3300 and abs(x - centre[0]) < 1050
        return lambda middle: "Behind the stage" if north(*middle) else kind

    lower = bowl(ring, whole, 48, 101, 30, 120, behind("Lower tier"), lambda i: i % 8 in (3, 4))
    club_tier = bowl(ring, whole, 52, 201, 14, 1010, behind("Club tier"), lambda i: i % 13 == 6)
    upper = bowl(ring, whole, 64, 301, 39, 1490, behind("Upper tier"), lambda i: False)
    categories = [
        ("Pitch front", "#c1121f"),
        ("Pitch", "#f28482"),
        ("Lower tier", "#1d3557"),
        ("Club tier", "#e9c46a"),
        ("Upper tier", "#457b9d"),
        ("Behind the stage", "#adb5bd"),
        ("Accessible", "#2a9d8f"),
    ]
    return plan("Harbour Stadium", 9200, 10600, categories, trim(zones + lower + club_tier + upper, upper, 90_000))


def number(value):
    value = round(value, 1)
    return int(value) if value == int(value) else value


def at(x, y):
    return {"x": number(x), "y": number(y)}


def plan(name, width, height, categories, zones):
    apart(zones, width, height)
    return {
        "name": name,
        "size": {"width": width, "height": height},
        "categories": [
            {"name": name, "color": color} | ({"accessible": True} if name == "Accessible" else {})
            for name, color in categories
        ],
        "zones": [placed(one) for one in zones],
    }


def placed(one):
    """A zone with positions relative to it and to its rows, as the format has them."""
    seats = [(x, y) for _, seats in one["rows"] for x, y, _ in seats]
    if not seats:
        seats = [(area["position"]["x"], area["position"]["y"]) for area in one["areas"]]
    left, top = math.floor(min(x for x, _ in seats)), math.floor(min(y for _, y in seats))
    rows = []
    for label, seats in one["rows"]:
        first_x, first_y = round(seats[0][0], 1), round(seats[0][1], 1)
        key = label.replace(" ", "")
        rows.append(
            {
                "row_number": label,
                "row_number_position": "both",
                "position": at(first_x - left, first_y - top),
                "seats": [
                    {
                        "seat_guid": f"{one['id']}-{key}-{index + 1}",
                        "seat_number": str(index + 1),
                        "position": at(x - first_x, y - first_y),
                        "category": category,
                    }
                    for index, (x, y, category) in enumerate(seats)
                ],
            }
        )
    areas = [
        area | {"position": at(area["position"]["x"] - left, area["position"]["y"] - top)}
        for area in one["areas"]
    ]
    return {
        "name": one["name"],
        "zone_id": one["id"],
        "position": at(left, top),
        "rows": rows,
        "areas": areas,
    }


def apart(zones, width, height):
    """Fails if two seats overlap, or one is off the drawing."""
    cells = {}
    for one in zones:
        for label, seats in one["rows"]:
            for index, (x, y, _) in enumerate(seats):
                where = f"{one['name']} {label}-{index + 1}"
                assert 10 <= x <= width - 10 and 10 <= y <= height - 10, f"{where} is off the drawing"
                column, line = int(x // SEAT), int(y // SEAT)
                for near in ((column + dx, line + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)):
                    for other_x, other_y, other in cells.get(near, ()):
                        gap = math.hypot(x - other_x, y - other_y)
                        assert gap >= 17, f"{where} and {other} are {gap:.1f} apart"
                cells.setdefault((column, line), []).append((x, y, where))


def lines(seat_map):
    """JSON with a line for each row of seats: small, and readable in a diff."""
    dump = lambda value: json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    head = {key: seat_map[key] for key in ("name", "size", "categories")}
    yield dump(head)[:-1] + ',"zones":['
    for index, one in enumerate(seat_map["zones"]):
        comma = "," if index + 1 < len(seat_map["zones"]) else ""
        yield dump({key: one[key] for key in ("name", "zone_id", "position")})[:-1] + ',"rows":['
        yield ",\n".join(dump(row) for row in one["rows"])
        yield '],"areas":' + dump(one["areas"]) + "}" + comma
    yield "]}"


def main():
    houses = {"cellar": cellar, "club": club, "theatre": theatre, "arena": arena, "stadium": stadium}
    match sys.argv[1:]:
        case ["--write"]:
            for name in COMMITTED:
                file = pathlib.Path(__file__).with_name(f"{name}.json")
                file.write_text("\n".join(lines(houses[name]())) + "\n", encoding="utf-8")
        case [name] if name in houses:
            sys.stdout.reconfigure(encoding="utf-8")
            for line in lines(houses[name]()):
                print(line)
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
