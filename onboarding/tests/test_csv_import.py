"""Files of other programs: read in whatever way they were written, looked at line by line."""

import csv
from io import StringIO

import pytest

from bookings import csv_tables
from onboarding import csv_import

PLAIN = "service,duration,price,category\nCut,45,65,Hair\nBlow dry,30,45.50,Hair\n"


def items(text, *, currency="USD", taken=(), encoding="utf-8"):
    sheet = csv_import.read(text.encode(encoding))
    return csv_import.items(sheet, csv_import.guess(sheet.columns), currency=currency, taken=taken)


def values(text, **how):
    return [
        (item.values["category"], item.values["name"], item.values["duration_min"], item.values["price_cents"])
        for item in items(text, **how)
        if not item.problem
    ]


def problems(text, **how):
    return {item.line.number: item.problem for item in items(text, **how) if item.problem}


HAIR = [("Hair", "Cut", 45, 6500), ("Hair", "Blow dry", 30, 4550)]


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        PLAIN.replace("\n", "\r\n"),
        PLAIN.replace("\n", "\r"),
        PLAIN.replace(",", ";"),
        PLAIN.replace(",", "\t"),
        "sep=;\r\n" + PLAIN.replace(",", ";"),
        "\n\n" + PLAIN + "\n,,,\n",
        '"service","duration","price","category"\n"Cut","45","65","Hair"\n"Blow dry","30","45.50","Hair"\n',
        "SERVICE ,Duration (min.),Price,service_category\nCut,45,$65,Hair\nBlow  dry,0:30,$45.50,Hair\n",
    ],
    ids=["commas", "windows", "old mac", "semicolons", "tabs", "says so", "empty lines", "quoted", "other names"],
)
def test_the_same_table_is_read_however_it_is_written(text):
    assert values(text) == HAIR


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_letters_survive_their_encoding(encoding):
    assert values("service;dauer;preis\nHärchen für Zoë – kurz;45;65\n", encoding=encoding) == [
        ("", "Härchen für Zoë – kurz", 45, 6500)
    ]


def test_a_quoted_cell_may_have_lines_and_lines_keep_their_numbers():
    text = 'name,minutes,price,description\n"Cut",45,65,"First line\nsecond, line"\nOops,,,\n'

    found = items(text)

    assert found[0].values["description"] == "First line\nsecond, line"
    assert (found[1].line.number, found[1].problem) == (4, "Write how many minutes it takes. Write the price.")


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        (
            ["Treatment Name", "Duration", "Retail Price", "Treatment Category", "Treatment Description"],
            (0, 3, 1, 2, 4),
        ),
        (["Category", "Item name", "Description", "Price", "Duration (minutes)"], (1, 0, 4, 3, 2)),
        (["Leistung", "Dauer", "Preis", "Gruppe", "Beschreibung"], (0, 3, 1, 2, 4)),
        (["Prestation", "Durée", "Prix", "Catégorie", "SKU"], (0, 3, 1, 2, None)),
        (["a", "b", "c"], (None, None, None, None, None)),
        (["name", "service name", "price"], (0, None, None, 2, None)),
    ],
)
def test_columns_are_recognised_by_common_names(columns, found):
    guessed = csv_import.guess(columns)

    assert tuple(guessed[name] for name in ("name", "category", "duration_min", "price_cents", "description")) == found


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty."),
        (b"\n\n", "The file is empty."),
        (b"name,price\n", "no lines below its first one"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "not a CSV file"),
        (b"name\n\x81\x8d\x8f", "not a CSV file"),
        (b'name,price\n"Cut,5\n', "quotation mark"),
        (b"name\n" + b"x\n" * 501, "more than 500 lines"),
        (b"n," * 60 + b"n\n1\n", "more than 60 columns"),
        (b"name\n" + b"x" * csv_import.MAX_BYTES, "larger than 1 MB"),
    ],
    ids=["nothing", "blank", "names only", "picture", "bytes", "open quote", "long", "wide", "large"],
)
def test_a_file_that_cannot_be_used_is_refused_with_a_sentence(data, sentence):
    with pytest.raises(csv_import.FileRefused, match=sentence):
        csv_import.read(data)


def test_500_lines_are_taken():
    text = "name,minutes,price\n" + "".join(f"Service {number},45,65\n" for number in range(500))

    assert len(values(text)) == 500


def test_what_is_wrong_is_said_line_by_line():
    text = (
        "name,minutes,price,category\n"
        "Cut,soon,65,Hair\n"
        ",45,65,Hair\n"
        "Cut,3,65,Hair\n"
        "Cut,45,€65,Hair\n"
        f"{'x' * 121},45,65,{'y' * 81}\n"
        "Cut,45,2000000,Hair\n"
        "Cut,45\n"
        "Cut,45,65,Hair\n"
    )

    assert problems(text) == {
        2: "“soon” is not a length. Write minutes like 45, or hours like 1:30.",
        3: "Write the name of the service.",
        4: "A service takes 5 minutes at least, and 24 hours at most.",
        5: "“€65” is not in USD, the currency of your salon.",
        6: "The name is longer than 120 letters. The category is longer than 80 letters.",
        7: "The price is too high.",
        8: "Write the price.",
    }


def test_what_is_there_or_twice_in_the_file_is_left_out():
    text = "name,minutes,price,category\nCut,45,65,Hair\ncut ,60,80,HAIR\nCut,45,65,Men\nTrim,30,40,Hair\n"

    assert problems(text, taken=[("hair", "trim")]) == {
        3: "Left out: it is in line 2 already.",
        5: "Left out: it is on your menu already.",
    }


def test_the_column_of_prices_decides_what_a_comma_is():
    text = 'name;minutes;price\nCut;45;9,50\nColour;90;"1.250,00"\nLong;90;"1,250"\n'

    assert [row[3] for row in values(text, currency="EUR")] == [950, 125_000]
    assert list(problems(text, currency="EUR")) == [4]


FORMULAS = ["=cmd|' /C calc'!A0", "+1+1", "-2", "@SUM(A1)", "\t=1", " =1+1", "'=quoted"]


@pytest.mark.parametrize("cell", FORMULAS)
def test_a_formula_is_text_and_is_defused_in_the_file_of_problems(cell):
    out = StringIO()
    csv.writer(out).writerows([["name", "minutes", "price"], [cell, "45", "65"], [cell, "45", "none"]])
    sheet = csv_import.read(out.getvalue().encode())
    found = csv_import.items(sheet, csv_import.guess(sheet.columns), currency="USD")
    assert found[0].values["name"] == " ".join(cell.removeprefix("'").split())

    file = csv_import.problems_file(sheet, found[1:])

    written = list(csv.reader(StringIO(file.decode("utf-8-sig"))))
    assert written[0] == ["name", "minutes", "price", "problem"]
    assert written[1][0] == "'" + cell.removeprefix("'")
    assert not written[1][3].startswith(csv_tables.FORMULA)


def test_the_file_of_problems_is_read_again_as_it_was():
    sheet = csv_import.read("nom;durée;prix\n=Coupe;;65 €\nBrushing;30\n".encode("cp1252"))
    found = csv_import.items(sheet, csv_import.guess(sheet.columns), currency="EUR")

    again = csv_import.read(csv_import.problems_file(sheet, found))

    assert again.columns == ["nom", "durée", "prix"]
    assert [line.cells for line in again.lines] == [["=Coupe", "", "65 €"], ["Brushing", "30", ""]]
