"""Documents without an office library: a letter as PDF, a table as XLSX, a forwarded mail as EML."""

import textwrap
import zipfile
from io import BytesIO
from typing import Final
from xml.sax.saxutils import escape

LINE: Final = 92
"""Characters a line of a letter holds."""

_SHEET_PARTS: Final = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="PV" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
    'Target="worksheets/sheet1.xml"/></Relationships>',
}


def pdf(text: str, size: int) -> bytes:
    """Return a one-page PDF of `size` bytes, padded before its cross-reference table, that holds `text`."""
    content = _page(text)
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources 6 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Font << /F1 5 0 R >> >>",
    )
    body, offsets = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", list[int]()
    for number, each in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    entries = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    table = (
        b"xref\n0 7\n0000000000 65535 f \n"
        + entries
        + b"trailer\n<< /Size 7 /Root 1 0 R >>\nstartxref\n%05d\n%%%%EOF\n"
    )
    start = size - len(table % 0)
    return body + b"%" + b" " * (start - len(body) - 2) + b"\n" + table % start


def _page(text: str) -> bytes:
    lines = [line for each in text.split("\n") for line in textwrap.wrap(each, LINE) or [""]]
    shown = "".join(f"({_pdf_text(line)}) '\n" for line in lines)
    return b"BT /F1 10 Tf 14 TL 60 780 Td\n" + shown.encode("cp1252") + b"ET"


def _pdf_text(line: str) -> str:
    # Helvetica in a PDF knows Windows' western characters only: no emoji, no Turkish dotless i.
    known = line.replace("ı", "i").encode("cp1252", "ignore").decode("cp1252")
    return known.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def xlsx(rows: list[list[str]], size: int) -> bytes:
    """Return a workbook of `size` bytes with one sheet, padded by the archive's comment."""
    cells = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in rows)
    sheet = f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{cells}</sheetData></worksheet>'
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, part in {**_SHEET_PARTS, "xl/worksheets/sheet1.xml": sheet}.items():
            _store(archive, name, '<?xml version="1.0" encoding="UTF-8"?>' + part)
        archive.comment = b" "
    data = stream.getvalue()
    padding = size - len(data) + 1
    return data[:-3] + padding.to_bytes(2, "little") + b" " * padding


def _store(archive: zipfile.ZipFile, name: str, text: str) -> None:
    entry = zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0))
    entry.create_system = 3  # else the bytes would tell the platform they were made on
    archive.writestr(entry, text)


def _cell(value: str) -> str:
    return f'<c t="inlineStr"><is><t>{escape(value)}</t></is></c>'


def eml(subject: str, sender: str, recipient: str, text: str) -> str:
    """Return a mail as a mail program stores it; the headers are ASCII."""
    head = f"From: {sender}\nTo: {recipient}\nSubject: {subject}\nMIME-Version: 1.0\n"
    kind = 'Content-Type: text/plain; charset="utf-8"\nContent-Transfer-Encoding: 8bit\n'
    return f"{head}{kind}\n{text}\n".replace("\n", "\r\n")
