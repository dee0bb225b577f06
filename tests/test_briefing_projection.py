import pytest
from shapely import LineString, Point, box

from geo.briefing.projection import Frame, frame_of
from geo.geometry import WORLD, Bbox, distance_km

PANEL = (100.0, 50.0, 1400.0, 800.0)
BOXES = {
    "Syria": (35.0, 32.0, 43.0, 38.0),
    "Fiji": (177.0, -20.0, -178.0, -15.0),
    "Arctic": (-60.0, 70.0, 60.0, 89.0),
    "south": (-70.0, -55.0, -60.0, -50.0),
    "world": WORLD,
    "a point": (36.7, 34.7, 36.7, 34.7),
}


@pytest.mark.parametrize("bbox", BOXES.values(), ids=list(BOXES))
def test_frame_shows_all_corners_of_its_bbox(bbox: Bbox) -> None:
    frame = frame_of(bbox, PANEL)
    west, south, east, north = bbox
    for lon, lat in [(west, south), (west, north), (east, south), (east, north)]:
        x, y = frame.pixel(lon, lat)
        assert PANEL[0] <= x <= PANEL[0] + PANEL[2]
        assert PANEL[1] <= y <= PANEL[1] + PANEL[3]


@pytest.mark.parametrize("name", ["Syria", "Fiji", "south"])
def test_north_is_up_and_east_is_right(name: str) -> None:
    frame = frame_of(BOXES[name], PANEL)
    x, y = frame.pixel(frame.lon, frame.lat)
    assert frame.pixel(frame.lon, frame.lat + 0.5)[1] < y
    assert frame.pixel(frame.lon + 0.5, frame.lat)[0] > x


@pytest.mark.parametrize(("name", "kind"), [("Syria", "laea"), ("Arctic", "laea"), ("world", "eqearth")])
def test_projection_fits_the_extent(name: str, kind: str) -> None:
    assert frame_of(BOXES[name], PANEL).kind == kind


def test_distances_hold_at_the_centre() -> None:
    frame = frame_of(BOXES["Syria"], PANEL)
    x, _ = frame.pixel(frame.lon, frame.lat)
    x2, _ = frame.pixel(frame.lon + 0.5, frame.lat)
    expected = distance_km(frame.lon, frame.lat, frame.lon + 0.5, frame.lat)
    assert frame.km_across(x2 - x) == pytest.approx(expected, rel=0.002)


def test_shapes_are_clipped_to_the_panel() -> None:
    frame = frame_of(BOXES["Syria"], PANEL)
    assert frame.pixels(box(0, 0, 90, 80)).bounds == (100, 50, 1500, 850)
    assert frame.pixels(box(0, 0, 1, 1)).is_empty
    assert frame.pixels(Point(-100, 40)).is_empty


def test_hole_stays_a_hole() -> None:
    frame = frame_of(BOXES["Syria"], PANEL)
    shape = frame.pixels(box(36, 33, 40, 37).difference(box(37, 34, 38, 35)))
    assert not shape.intersects(frame.pixels(Point(37.5, 34.5)))
    assert shape.intersects(frame.pixels(Point(39, 36)))


def test_shape_across_the_antimeridian_is_one() -> None:
    shape = frame_of(BOXES["Fiji"], PANEL).pixels(box(178, -18, 180, -17).union(box(-180, -18, -179, -17)))
    assert shape.geom_type == "Polygon"


def test_empty_shape_stays_empty() -> None:
    assert frame_of(BOXES["Syria"], PANEL).pixels(LineString()).is_empty


@pytest.mark.parametrize("name", ["Syria", "south"])
def test_reach_holds_the_outline(name: str) -> None:
    frame: Frame = frame_of(BOXES[name], PANEL)
    west, south, east, north = frame.reach
    lons, lats = frame.outline().T
    assert (west, south, east, north) == (lons.min(), lats.min(), lons.max(), lats.max())


def test_reach_of_a_map_with_a_pole_goes_all_around() -> None:
    west, _, east, north = frame_of(BOXES["Arctic"], PANEL).reach
    assert (west, east, north) == (-180, 180, 90)
