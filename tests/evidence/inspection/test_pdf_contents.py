"""What a PDF holds beside its pages is told: files, programs, scripts, hidden layers, forms of another program."""

from __future__ import annotations

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from evidence.inspection.looking import look, pdf, told, with_files, words

PROGRAM = b"MZ\x90\0\3\0\0\0" + bytes(60)


def holding(*files: tuple[str, bytes], collection: bool = False, **entries: object) -> bytes:
    def put(document: Pdf) -> None:
        with_files(document, files, **entries)
        if collection:
            document.Root.Collection = Dictionary(Type=Name.Collection, View=Name.D)

    return pdf(1, put)


@pytest.mark.parametrize(
    "files",
    [
        [("setup.exe", b"inert")],
        [("แผน.pdf.js", b"x")],
        [("photo.jpg", PROGRAM)],
        [("run", b"#!/bin/sh\n")],
        [("a.pdf", pdf(1)), ("b.lnk", b"x")],
    ],
)
def test_a_program_inside_is_told(files):
    assert "program_inside" in told(holding(*files), "ก.pdf")


@pytest.mark.parametrize(
    "files", [[("แผน.docx", b"PK")], [("a.pdf", pdf(1)), ("b.txt", b"b")], [("scan.jpg", b"\xff\xd8")]]
)
def test_files_inside_are_told(files):
    assert told(holding(*files), "ก.pdf") == ["files_inside"]
    assert told(holding(*files, collection=True), "ก.pdf") == ["portfolio"]


@pytest.mark.parametrize("relation", ["/Data", "/Source", "/Alternative"])
def test_data_that_belongs_to_the_pages_is_no_file_of_its_own(relation):
    """As in electronic tax invoices (PDF/A-3)."""
    assert told(holding(("ETDA-invoice.xml", b"<x/>"), AFRelationship=Name(relation)), "ก.pdf") == []
    assert told(holding(("plan.docx", b"PK"), AFRelationship=Name(relation)), "ก.pdf") == ["files_inside"]


@pytest.mark.parametrize("of_page", [False, True])
def test_a_file_that_no_list_of_files_names_is_told(of_page):
    def put(document: Pdf) -> None:
        with_files(document, [("invoice.xml", b"<a/>")])
        file = document.Root.Names.EmbeddedFiles.Names[1]
        del document.Root.Names
        (document.pages[0].obj if of_page else document.Root).AF = Array([file])

    assert told(pdf(2, put), "ก.pdf") == ["files_inside"]


def test_a_file_that_hangs_on_a_page_is_told():
    def put(document: Pdf) -> None:
        stream = Stream(document, PROGRAM)
        held = Dictionary(Type=Name.Filespec, F=String("a.txt"), EF=Dictionary(F=stream))
        clip = Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=Array([0, 0, 9, 9]), FS=held)
        document.pages[1].Annots = Array([document.make_indirect(clip)])

    assert told(pdf(3, put), "ก.pdf") == ["program_inside"]


LAUNCH = Dictionary(S=Name.Launch, F=String("calc.exe"))


def opening(document: Pdf) -> None:
    document.Root.OpenAction = LAUNCH


def link(document: Pdf) -> None:
    document.pages[0].Annots = Array([Dictionary(Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=LAUNCH)])


def bookmark(document: Pdf) -> None:
    launch = Dictionary(S=Name.Launch, F=String("calc.exe"))
    root = document.make_indirect(Dictionary(Type=Name.Outlines))
    first = document.make_indirect(Dictionary(Title=String("a"), Parent=root))
    below = document.make_indirect(Dictionary(Title=String("b"), Parent=first, A=launch, Next=first))
    first.First = first.Last = below
    root.First = root.Last = first
    document.Root.Outlines = root


def page_is_left(document: Pdf) -> None:
    document.pages[2].AA = Dictionary(C=LAUNCH)


def one_after_another(document: Pdf) -> None:
    document.Root.OpenAction = Dictionary(S=Name.GoTo, D=Array([]), Next=Array([Dictionary(S=Name.Named), LAUNCH]))


@pytest.mark.parametrize("change", [opening, link, bookmark, page_is_left, one_after_another])
def test_what_starts_a_program_is_told(change):
    assert told(pdf(3, change), "ก.pdf") == ["launches"]


SCRIPT = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def script_at_opening(document: Pdf) -> None:
    document.Root.OpenAction = SCRIPT


def script_of_the_document(document: Pdf) -> None:
    document.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), SCRIPT])))


def script_of_a_page(document: Pdf) -> None:
    document.pages[1].AA = Dictionary(O=SCRIPT)


@pytest.mark.parametrize("change", [script_at_opening, script_of_the_document, script_of_a_page])
def test_a_script_that_runs_by_itself_is_told(change):
    assert told(pdf(3, change), "ก.pdf") == ["scripts_inside"]


def test_links_and_bookmarks_are_nothing_to_tell():
    def put(document: Pdf) -> None:
        document.Root.OpenAction = Array([document.pages[0].obj, Name.Fit])
        to = Dictionary(S=Name.URI, URI=String("https://www.go.th"))
        document.pages[0].Annots = Array([Dictionary(Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=to)])

    assert told(pdf(2, put), "ก.pdf") == []


# -- what is not shown -----------------------------------------------------------------------------------------------

WAIT = b"BT /F1 12 Tf 50 700 Td (Please wait... If this message is not eventually replaced by the proper) Tj ET"
LATER = b"BT /F1 12 Tf 50 700 Td (You need a later version of the PDF viewer to see this) Tj ET"
PROTECTED = b"BT /F1 12 Tf 50 700 Td (This PDF file is protected. You'll need a different reader to open it) Tj ET"


def rendered_elsewhere(document: Pdf) -> None:
    document.Root.AcroForm = Dictionary(Fields=Array([]), XFA=Stream(document, b"<xdp/>"))
    document.Root.NeedsRendering = True


def only_a_template(document: Pdf) -> None:
    document.Root.AcroForm = Dictionary(Fields=Array([]), XFA=Array([String("template"), Stream(document, b"<x/>")]))


def encrypted_inside(document: Pdf) -> None:
    with_files(document, [("protected.pdf", b"secret")], AFRelationship=Name.EncryptedPayload)
    document.Root.Collection = Dictionary(Type=Name.Collection, View=Name.H)


@pytest.mark.parametrize("change", [rendered_elsewhere, only_a_template, encrypted_inside])
def test_a_document_of_another_program_is_told(change):
    assert told(pdf(1, change), "ก.pdf") == ["shows_other"]


@pytest.mark.parametrize("page", [WAIT, LATER, PROTECTED])
def test_a_page_that_only_asks_for_another_program_is_told(page):
    assert told(pdf(1, draw=lambda number: page), "ก.pdf") == ["shows_other"]


def test_a_form_that_has_its_fields_and_a_report_about_forms_are_not():
    def both(document: Pdf) -> None:
        box = Dictionary(FT=Name.Tx, T=String("a"), Subtype=Name.Widget, Rect=Array([0, 0, 9, 9]))
        document.Root.AcroForm = Dictionary(Fields=Array([document.make_indirect(box)]), XFA=Stream(document, b"<x/>"))

    assert told(pdf(1, both), "ก.pdf") == []
    assert told(pdf(8, draw=lambda number: WAIT if number == 0 else words(number)), "ก.pdf") == []


def filled(
    document: Pdf, *, kind: Name = Name.Tx, value: str = "สมชาย", below: bool = False, **entries: object
) -> None:
    box = Dictionary(Subtype=Name.Widget, Rect=Array([50, 700, 300, 720]))
    field = Dictionary(FT=kind, T=String("name"), V=String(value))
    if entries.pop("AP", False):
        box.AP = Dictionary(N=Stream(document, b"q Q"))
    if below:
        box = document.make_indirect(box)
        field.Kids = Array([box])
        box.Parent = field = document.make_indirect(field)
    else:
        box = field = document.make_indirect(Dictionary({**box.as_dict(), **field.as_dict()}))
    document.pages[0].Annots = Array([box])
    document.Root.AcroForm = Dictionary(Fields=Array([field]), **entries)


@pytest.mark.parametrize("options", [{}, {"kind": Name.Ch}, {"below": True}, {"NeedAppearances": False}])
def test_a_form_whose_values_nobody_drew_is_told(options):
    assert told(pdf(2, lambda document: filled(document, **options)), "ก.pdf") == ["shows_other"]


@pytest.mark.parametrize(
    "options", [{"AP": True}, {"below": True, "AP": True}, {"value": ""}, {"NeedAppearances": True}]
)
def test_a_form_whose_values_are_drawn_or_empty_is_not(options):
    assert told(pdf(2, lambda document: filled(document, **options)), "ก.pdf") == []


def layers(document: Pdf, *, used: bool, **settings: str) -> None:
    made = [document.make_indirect(Dictionary(Type=Name.OCG, Name=String(str(number)))) for number in range(2)]
    first = {key: Array(made[:1]) if value == "first" else Name(value) for key, value in settings.items()}
    document.Root.OCProperties = Dictionary(OCGs=Array(made), D=Dictionary(**first))
    if used:
        document.pages[1].Resources.Properties = Dictionary(L0=made[0], L1=made[1])


@pytest.mark.parametrize("settings", [{"OFF": "first"}, {"BaseState": "/OFF"}, {"BaseState": "/OFF", "ON": "first"}])
def test_layers_that_are_hidden_at_opening_are_told_if_a_page_uses_them(settings):
    assert told(pdf(2, lambda document: layers(document, used=True, **settings)), "ก.pdf") == ["hidden_layers"]
    assert told(pdf(2, lambda document: layers(document, used=False, **settings)), "ก.pdf") == []


def test_layers_that_are_shown_are_not():
    for settings in ({}, {"ON": "first"}, {"BaseState": "/ON"}):
        assert told(pdf(2, lambda document, settings=settings: layers(document, used=True, **settings)), "ก.pdf") == []


def test_trees_that_lead_back_to_themselves_end():
    def put(document: Pdf) -> None:
        tree = document.make_indirect(Dictionary(Names=Array([])))
        tree.Kids = Array([tree, tree])
        action = document.make_indirect(Dictionary(S=Name.GoTo))
        action.Next = Array([action, action])
        field = document.make_indirect(Dictionary(T=String("a")))
        field.Kids = Array([field, field])
        document.Root.Names = Dictionary(EmbeddedFiles=tree, JavaScript=tree)
        document.Root.OpenAction = action
        document.Root.AcroForm = Dictionary(Fields=Array([field]))

    assert told(pdf(2, put), "ก.pdf") == []


def test_a_signature_is_known():
    def put(document: Pdf) -> None:
        value = Dictionary(Type=Name.Sig, Filter=Name("/Adobe.PPKLite"), Contents=pikepdf.String(b"\0" * 8))
        below = document.make_indirect(Dictionary(V=document.make_indirect(value)))
        above = document.make_indirect(Dictionary(FT=Name.Sig, T=String("s"), Kids=Array([below])))
        below.Parent = above
        document.Root.AcroForm = Dictionary(Fields=Array([above]))

    looked = look(pdf(2, put), "ก.pdf")
    assert looked.signed and looked.findings == ()
    assert not look(pdf(2), "ก.pdf").signed
