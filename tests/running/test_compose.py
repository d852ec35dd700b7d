"""deploy/compose.yaml: two web servers, two workers, PostgreSQL and a broker; test_two_webs.py runs them."""

from tests.faults.machines.two_webs import COMPOSE


def test_compose_starts_two_web_servers_and_two_workers() -> None:
    services = COMPOSE["services"]
    assert [services[name]["deploy"]["replicas"] for name in ("web", "worker")] == [2, 2]
    assert {"database", "broker"} <= set(services)
    assert "volumes" not in services["broker"], "losing the broker loses nothing"


def test_every_service_of_the_program_is_read_only_and_without_rights() -> None:
    for name in ("upgrade", "web", "worker"):
        service = COMPOSE["services"][name]
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert service["user"] == "10001:10001", name


def test_no_secret_stands_in_compose() -> None:
    for service in COMPOSE["services"].values():
        written = service.get("environment", {})
        assert not [name for name in written if name.endswith("PASSWORD")]
        assert "@" not in written.get("FLASK_SQLALCHEMY_DATABASE_URI", "").replace("surveyapp@database", "")
