import io
import zipfile
from xml.etree import ElementTree as ET

from layer_cast import LAYERS, mixed_layer, places_layer, zones_layer

from geo.exports import layer_bytes
from geo.exports.kml import colour, escaped
from geo.model import Layer

NS = "{http://www.opengis.net/kml/2.2}"


def _texts(layer: Layer, path: str) -> list[str | None]:
    root = ET.fromstring(layer_bytes(layer, "kml"))
    return [element.text for element in root.iterfind(".//" + path.replace("k:", NS))]


def test_colours_are_alpha_blue_green_red() -> None:
    assert [colour("#102030"), colour("#102030", 0), colour(None)] == ["ff302010", "00302010", "00ffffff"]


def test_document_says_title_date_sources_and_approximate() -> None:
    assert _texts(zones_layer(), "k:Document/k:name") == ["De-escalation zones"]
    about = str(_texts(zones_layer(), "k:Document/k:description")[0])
    assert all(
        words in about for words in ("As of 2017-09-15", "approximate", "legal status", "CC BY 4.0", "b=1&amp;c=2")
    )


def test_every_feature_says_approximate() -> None:
    balloons = _texts(zones_layer(), "k:Placemark/k:description")
    assert all("(approximate)" in str(text) for text in balloons)
    assert len(balloons) == 3


def test_styles_are_found_by_the_features_that_use_them() -> None:
    root = ET.fromstring(layer_bytes(zones_layer(), "kml"))
    styles = [f"#{element.get('id')}" for element in root.iter(f"{NS}Style")]
    assert (
        _texts(zones_layer(), "k:styleUrl")
        == styles
        == ["#zones-idlib-core", "#zones-idlib-zone", "#zones-idlib-possible"]
    )


def test_days_become_time_spans() -> None:
    assert _texts(zones_layer(), "k:TimeSpan/k:begin") == ["2017-05-06"] * 3
    assert _texts(zones_layer(), "k:TimeSpan/k:end") == ["2018-05-16"]


def test_extended_data_has_every_attribute_that_is_known() -> None:
    root = ET.fromstring(layer_bytes(places_layer(), "kml"))
    first = next(root.iter(f"{NS}ExtendedData"))
    found = {data.get("name"): data.findtext(f"{NS}value") for data in first}
    assert (found["name"], found["mentions"], found["articles"]) == ("Homs", "9", '["a", "b"]')
    assert [len(data) for data in root.iter(f"{NS}ExtendedData")] == [8, 7, 4]


def test_holes_and_parts_survive() -> None:
    assert len(_texts(zones_layer(), "k:innerBoundaryIs")) == 2
    assert len(_texts(zones_layer(), "k:outerBoundaryIs")) == 4
    assert len(_texts(mixed_layer(), "k:MultiGeometry")) == 1


def test_hostile_text_is_text() -> None:
    name, balloon = (
        _texts(places_layer(), "k:Placemark/k:name")[1],
        _texts(places_layer(), "k:Placemark/k:description")[1],
    )
    assert "<img src=x" in str(name)
    assert "<img" not in str(balloon)
    assert "$[" not in str(balloon)
    assert "حمص" in str(balloon)


def test_balloons_escape_markup_and_replacements() -> None:
    assert escaped("<b>$[x]&") == "&lt;b&gt;&#36;[x]&amp;"


def test_points_grow_with_their_count() -> None:
    scales = [float(str(text)) for text in _texts(places_layer(), "k:Placemark/k:Style/k:IconStyle/k:scale")]
    assert scales == [0.75, 0.25]


def test_unresolved_feature_has_no_geometry_but_is_there() -> None:
    assert "Atlantis" in _texts(places_layer(), "k:Placemark/k:name")
    assert len(_texts(places_layer(), "k:Placemark/k:Point")) == 2


def test_kmz_carries_its_own_picture() -> None:
    with zipfile.ZipFile(io.BytesIO(layer_bytes(places_layer(), "kmz"))) as archive:
        assert archive.namelist() == ["doc.kml", "files/disc.png"]
        document = archive.read("doc.kml").decode()
        assert archive.read("files/disc.png").startswith(b"\x89PNG")
    assert "<href>files/disc.png</href>" in document


def test_nothing_points_to_another_host_but_sources() -> None:
    empty = layer_bytes(LAYERS["empty"](), "kml").decode()
    assert empty.count("http") == 1  # the namespace


def test_balloons_show_lists_as_lists() -> None:
    balloon = str(_texts(zones_layer(), "k:Placemark/k:description")[0])
    assert "<ul><li>Idlib · 1</li></ul>" in balloon
