"""The shapes of wards: those committed fit the tables beside them, and a bad file is refused."""

import json

import pytest
import shapely

import made_releases as made
from safer_communities.datasets import load
from safer_communities.errors import InputError, leaves
from safer_communities.sources.ons import ward_shapes

pytestmark = pytest.mark.slow

# Of wards that touch: Childs Hill and Golders Green.
FIRST, SECOND = "E05013633", "E05013641"


def test_every_ward_with_residents_has_a_shape_and_no_other():
    residents = load.table("ward_mid_year_population")
    shapes = load.table("ward_shapes")
    key = ["ward_code", "area_code"]
    assert set(map(tuple, residents[key].to_numpy())) == set(map(tuple, shapes[key].to_numpy()))


def test_the_wards_of_each_borough_meet_without_gaps():
    shapes = load.table("ward_shapes")
    for code, rows in shapes.groupby("area_code"):
        wards = shapely.from_wkt(rows["shape"].to_numpy())
        assert shapely.coverage_is_valid(wards), code
        outline = shapely.coverage_union_all(wards)
        assert sum(len(part.interiors) for part in shapely.get_parts(outline)) == 0, code


@pytest.fixture(scope="module")
def text():
    return made.ward_shapes_text()


def _of(content, code):
    return next(f for f in content["features"] if f["properties"]["WD22CD"] == code)


def _ring(content, ring):
    _of(content, FIRST)["geometry"] = {"type": "Polygon", "coordinates": [ring]}


BOW = [[-0.2, 51.5], [-0.1, 51.6], [-0.1, 51.5], [-0.2, 51.6], [-0.2, 51.5]]
METRES = [[524000, 186000], [525000, 186000], [525000, 187000], [524000, 186000]]
WIDE = [[-0.3, 51.5], [-0.1, 51.5], [-0.1, 51.65], [-0.3, 51.65], [-0.3, 51.5]]
SPOILT = {
    "a ward twice": (lambda c: c["features"].append(_of(c, FIRST)), "a second row for E05013633"),
    "no name": (lambda c: _of(c, FIRST)["properties"].pop("WD22NM"), "no text in WD22NM"),
    "a number": (lambda c: _of(c, FIRST)["properties"].update(WD22CD=5), "no text in WD22CD"),
    "no properties": (lambda c: _of(c, FIRST).pop("properties"), "no text in WD22CD, WD22NM"),
    "another kind of code": (
        lambda c: _of(c, FIRST)["properties"].update(WD22CD="E06013633"),
        "'E06013633' is not the code of a ward",
    ),
    "another borough's name": (
        lambda c: _of(c, FIRST)["properties"].update(LAD22NM="Enfield"),
        "'E09000003 Enfield' is not the code and the name of a London borough",
    ),
    "a borough missing": (
        lambda c: c.update(
            features=[f for f in c["features"] if f["properties"]["LAD22NM"] != "Enfield"]
        ),
        "no ward of Enfield",
    ),
    "no shape": (lambda c: _of(c, FIRST).pop("geometry"), "no shape can be read"),
    "a point": (
        lambda c: _of(c, FIRST).update(geometry={"type": "Point", "coordinates": [-0.2, 51.5]}),
        "the shape is no area",
    ),
    "crossing itself": (lambda c: _ring(c, BOW), "crosses itself"),
    "in metres": (lambda c: _ring(c, METRES), "not within London, in degrees"),
    "latitude first": (lambda c: _ring(c, [p[::-1] for p in WIDE]), "not within London"),
    "over its neighbours": (lambda c: _ring(c, WIDE), "overlap, or their edges do not meet"),
    "half a coordinate": (lambda c: _ring(c, [[-0.2], *BOW[1:]]), "no shape can be read"),
    "text for a number": (lambda c: _ring(c, [["x", 51.5], *BOW[1:]]), "no shape can be read"),
    "no list": (lambda c: c.pop("features"), "it holds no list of features"),
    "an empty list": (lambda c: c.update(features=[]), "it holds no list of features"),
    "a feature that is text": (lambda c: c["features"].append("ward"), "no text in WD22CD"),
}


@pytest.mark.parametrize(("spoil", "said"), SPOILT.values(), ids=SPOILT)
def test_a_spoilt_file_is_refused(text, tmp_path, spoil, said):
    content = json.loads(text)
    spoil(content)
    path = tmp_path / "wards.geojson"
    path.write_text(json.dumps(content))
    _refused(path, said)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not GeoJSON"),
        (b"<html></html>", "not GeoJSON"),
        (b"[" * 100_000, "not GeoJSON"),
        (b"[1]", "it holds no list of features"),
        (b'{"features": [\xff]}', "not GeoJSON"),
    ],
    ids=["empty", "a page", "nested", "a list", "not UTF-8"],
)
def test_what_is_no_geojson_is_refused(tmp_path, content, said):
    path = tmp_path / "wards.geojson"
    path.write_bytes(content)
    _refused(path, said)


def _refused(path, said):
    with pytest.raises((InputError, ExceptionGroup)) as refused:
        ward_shapes.parse(path, load.table("boroughs"))
    assert any(said in str(leaf) for leaf in leaves(refused.value)), refused.value
