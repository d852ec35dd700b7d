"""Every address that the program accepts is taken by the mailer and arrives at the mail server unchanged."""

from hypothesis import HealthCheck, given, settings

from surveyapp.foundation import clock
from surveyapp.foundation.mail.compose import compose_message
from surveyapp.foundation.mail.folder_transport import FolderTransport
from surveyapp.foundation.mail.outbox import Email
from surveyapp.foundation.mail.smtp_transport import SmtpTransport
from surveyapp.foundation.mail.transport import SMTP_OK
from tests.faults.conftest import FaultInstallation
from tests.foundation.mail.accepted_addresses import addresses


def test_p5_whatever_is_accepted_as_an_address_is_sent_to(installation: FaultInstallation) -> None:
    sink = installation.start_mail_server()
    sent: list[str] = []

    @settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None)
    @given(addresses())
    def send(address: str) -> None:
        message = compose_message(
            Email("test", to=address),
            message_id=f"<{len(sent)}@audits.example>",
            date_header="Mon, 30 Nov 2026 09:00:00 +0000",
        )
        for transport in (smtp, folder):
            transport.open()
            transport.offer(address)
            transport.give(message, len(sent))
            assert transport.answer().code == SMTP_OK
        sent.append(address)

    with installation.app.app_context():
        smtp, folder = SmtpTransport(), FolderTransport(installation.folder / "mail")
        send()
        smtp.close()
    assert clock.now()
    assert [message.to for message in sink.accepted] == sent
    assert len(list(folder.folder.glob("*.eml"))) == len(sent)
