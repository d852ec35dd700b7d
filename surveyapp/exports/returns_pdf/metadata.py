"""PDF metadata: the information dictionary, and the XMP packet with title, author, dates and PDF/UA-1."""

from datetime import datetime
from xml.sax.saxutils import escape

from surveyapp.exports.returns_pdf.pdf_objects import PdfWriter, text_string
from surveyapp.foundation.clock import local_timestamp

PROGRAM = "surveyapp"


def add_metadata(file: PdfWriter, title: str, author: str, made_at: datetime) -> tuple[int, int]:
    """Write both forms of the metadata, and give the object numbers of the XMP packet and the dictionary.

    `made_at` is UTC.
    """
    day = made_at.strftime("D:%Y%m%d%H%M%SZ").encode()
    dictionary = b"<</Title %s/Author %s/Producer %s/CreationDate(%s)/ModDate(%s)>>" % (
        *(text_string(title), text_string(author), text_string(PROGRAM)),
        *(day, day),
    )
    packet = file.stream(
        _packet(title, author, local_timestamp(made_at)).encode(),
        b"/Type/Metadata/Subtype/XML",
        packed=False,
    )
    return packet, file.add(dictionary)


def _packet(title: str, author: str, day: str) -> str:
    """The XMP packet."""
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
