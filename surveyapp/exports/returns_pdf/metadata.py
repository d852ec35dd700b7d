"""What a PDF says of itself: title, author, language, when it was made, and that it keeps to PDF/UA-1."""

from datetime import datetime
from xml.sax.saxutils import escape

from surveyapp.exports.returns_pdf.pdf_objects import PdfWriter, text_string
from surveyapp.foundation.clock import local_time

PROGRAM = "surveyapp"


def add_metadata(file: PdfWriter, title: str, author: str, made_at: datetime) -> tuple[int, int]:
    """Write it in both forms that readers look for; `made_at` is UTC. The numbers of the two."""
    day = made_at.strftime("D:%Y%m%d%H%M%SZ").encode()
    said = b"<</Title %s/Author %s/Producer %s/CreationDate(%s)/ModDate(%s)>>" % (
        *(text_string(title), text_string(author), text_string(PROGRAM)),
        *(day, day),
    )
    known = file.stream(
        _packet(title, author, local_time(made_at).isoformat(timespec="seconds")).encode(),
        b"/Type/Metadata/Subtype/XML",
        packed=False,
    )
    return known, file.add(said)


def _packet(title: str, author: str, day: str) -> str:
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"'
        ' xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">'
        f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(title)}</rdf:li></rdf:Alt></dc:title>'
        f"<dc:creator><rdf:Seq><rdf:li>{escape(author)}</rdf:li></rdf:Seq></dc:creator>"
        "<dc:language><rdf:Bag><rdf:li>en-GB</rdf:li></rdf:Bag></dc:language>"
        f"<xmp:CreateDate>{day}</xmp:CreateDate><xmp:ModifyDate>{day}</xmp:ModifyDate>"
        f"<pdf:Producer>{PROGRAM}</pdf:Producer><pdfuaid:part>1</pdfuaid:part>"
        '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    )
