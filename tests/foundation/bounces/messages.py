"""Messages as mail servers and mail programs send them about an email of ours."""

DSN = """\
From: Mail Delivery System <MAILER-DAEMON@mx.agency.example>
To: audits@partnership.example
Subject: Undelivered Mail Returned to Sender
Message-ID: <20261201.1@mx.agency.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=us-ascii

I am sorry to have to inform you that your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.agency.example

Final-Recipient: rfc822; {to}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 <{to}>: user unknown

--b
Content-Type: text/rfc822-headers

Message-ID: {id}
Subject: Audit request

--b--
"""
AWAY = """\
From: Pat Lowe <pat@agency.example>
To: audits@partnership.example
Subject: Automatic reply: Audit request
In-Reply-To: {id}
Auto-Submitted: auto-replied
Content-Type: text/plain; charset={charset}

I am away until 14 December. Ring the office.
"""
# Exim's report keeps to no standard.
EXIM = """\
From: Mail Delivery System <Mailer-Daemon@mx.agency.example>
To: audits@partnership.example
Subject: Mail delivery failed: returning message to sender
X-Failed-Recipients: {to}
Auto-Submitted: auto-replied
Content-Type: text/plain

This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  {to}
    Unrouteable address

------ This is a copy of the message, including all the headers. ------

Message-ID: {id}
Subject: Audit request
"""
REPLY = """\
From: Pat Lowe <pat@agency.example>
To: audits@partnership.example
Subject: Re: Audit request
In-Reply-To: {id}
Content-Type: text/plain

A question about Child 3.
"""


def dsn(id_: str, *, to: str = "a@agency.example", action: str = "failed", status: str = "5.1.1") -> bytes:
    """A report of a delivery by RFC 3464."""
    return DSN.format(id=id_, to=to, action=action, status=status).encode()


def away(id_: str, *, charset: str = "utf-8") -> bytes:
    """An automatic reply by RFC 3834."""
    return AWAY.format(id=id_, charset=charset).encode()
