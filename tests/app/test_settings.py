"""Settings: the environment over the file, and an error that names the key."""

from pathlib import Path

import pytest

from yizhan.app.settings import SettingsError, Written, env_name, load_settings


def test_nothing_set_is_a_working_laptop(tmp_path: Path) -> None:
    settings = load_settings({"YIZHAN_DATA": str(tmp_path / "fresh")})
    assert settings.data_dir == tmp_path / "fresh"
    assert settings.data_dir.stat().st_mode & 0o777 == 0o700
    assert (settings.data_dir / "keys.toml").stat().st_mode & 0o777 == 0o600
    assert settings.database_url is None
    assert (settings.host, settings.port, settings.public_url) == ("127.0.0.1", 8000, "http://127.0.0.1:8000")
    assert (settings.bus_url, settings.secure_cookies) == ("local", False)
    assert settings.blobs_url == f"file://{tmp_path}/fresh/blobs"


def test_the_default_folder_lies_in_the_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert load_settings({}).data_dir == tmp_path / ".local/share/yizhan"


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "yizhan.toml").write_text('port = 9000\nlog_level = "debug"\nallow_hosts = ["erp.local"]\n')
    settings = load_settings({"YIZHAN_DATA": str(tmp_path), "YIZHAN_PORT": "9001"})
    assert (settings.port, settings.log_level, settings.allow_hosts) == (9001, "debug", ("erp.local",))
    hosts = load_settings({"YIZHAN_DATA": str(tmp_path), "YIZHAN_ALLOW_HOSTS": "10.0.0.0/8, crm.local,"}).allow_hosts
    assert hosts == ("10.0.0.0/8", "crm.local")


def test_a_file_elsewhere_may_name_the_data_folder(tmp_path: Path) -> None:
    elsewhere = tmp_path / "etc.toml"
    elsewhere.write_text(f'data_dir = "{tmp_path}/var"\ndemo = true\n')
    by_env = load_settings({"YIZHAN_CONFIG": str(elsewhere)})
    assert by_env.data_dir == tmp_path / "var"
    assert by_env.demo
    assert load_settings({}, elsewhere).data_dir == tmp_path / "var"


def test_an_empty_variable_is_not_set(tmp_path: Path) -> None:
    (tmp_path / "yizhan.toml").write_text("port = 9000\n")
    settings = load_settings({"YIZHAN_DATA": str(tmp_path), "YIZHAN_DATABASE_URL": "", "YIZHAN_PORT": " "})
    assert (settings.database_url, settings.port) == (None, 9000)


def test_a_public_https_url_makes_cookies_secure(tmp_path: Path) -> None:
    env = {"YIZHAN_DATA": str(tmp_path), "YIZHAN_PUBLIC_URL": "https://help.example.com/"}
    assert load_settings(env).secure_cookies
    assert load_settings(env).public_url == "https://help.example.com"
    assert not load_settings({**env, "YIZHAN_SECURE_COOKIES": "false"}).secure_cookies


def test_a_node_never_makes_keys_of_its_own(tmp_path: Path) -> None:
    env = {"YIZHAN_DATA": str(tmp_path), "YIZHAN_DATABASE_URL": "postgresql://yizhan@db/yizhan"}
    with pytest.raises(SettingsError, match="copy the one that all nodes"):
        load_settings(env, new_keys=False)
    made = load_settings(env)
    assert load_settings(env, new_keys=False).keys == made.keys
    assert made.bus_url == "postgres", "where others may be, they are told"


def test_several_web_processes_need_a_bus_between_them(tmp_path: Path) -> None:
    env = {"YIZHAN_DATA": str(tmp_path), "YIZHAN_WEB": "4"}
    assert load_settings(env).bus_url == "postgres"
    assert load_settings({**env, "YIZHAN_BUS_URL": "nats://bus:4222"}).bus_url == "nats://bus:4222"
    with pytest.raises(SettingsError, match="bus_url"):
        load_settings({**env, "YIZHAN_BUS_URL": "local"})


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("YIZHAN_PORT", "http", "0 to 65535"),
        ("YIZHAN_PORT", "70000", "0 to 65535"),
        ("YIZHAN_DEMO", "perhaps", "true or false"),
        ("YIZHAN_SECURE_COOKIES", "perhaps", "true or false"),
        ("YIZHAN_LOG_LEVEL", "loud", '"warning"'),
        ("YIZHAN_DATABASE_URL", "mysql://x", "postgresql://"),
        ("YIZHAN_BUS_URL", "redis://x", "nats://"),
        ("YIZHAN_BLOBS", "ftp://x", "s3://"),
        ("YIZHAN_PUBLIC_URL", "help.example.com", "https://"),
        ("YIZHAN_MAX_BODY_BYTES", "1", "65536"),
        ("YIZHAN_RATE_LIMIT", "-1", "requests a minute"),
        ("YIZHAN_WEB", "65", "0 to 64"),
    ],
)
def test_a_malformed_value_is_named_with_what_is_allowed(tmp_path: Path, name: str, value: str, allowed: str) -> None:
    with pytest.raises(SettingsError, match=name) as refused:
        load_settings({"YIZHAN_DATA": str(tmp_path), name: value})
    assert allowed in refused.value.allowed


def test_every_key_says_what_it_allows(tmp_path: Path) -> None:
    wrong = tmp_path / "yizhan.toml"
    for field in Written.__struct_fields__:
        wrong.write_text(f"[{field}]\nno = 1\n")
        with pytest.raises(SettingsError, match=f"{field}: must be"):
            load_settings({"YIZHAN_DATA": str(tmp_path)})


def test_an_unknown_name_stops_the_start_and_suggests(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="did you mean YIZHAN_DATABASE_URL"):
        load_settings({"YIZHAN_DATA": str(tmp_path), "YIZHAN_DATABSE_URL": "postgresql://x"})
    (tmp_path / "yizhan.toml").write_text("prot = 9000\n")
    with pytest.raises(SettingsError, match=r"prot.*did you mean port"):
        load_settings({"YIZHAN_DATA": str(tmp_path)})


def test_names_of_others_and_of_tests_are_left_alone(tmp_path: Path) -> None:
    load_settings({"YIZHAN_DATA": str(tmp_path), "YIZHAN_TEST_DSN": "x", "PATH": "/bin"})


def test_a_file_that_is_absent_or_not_toml_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"gone\.toml"):
        load_settings({"YIZHAN_CONFIG": str(tmp_path / "gone.toml")})
    (tmp_path / "yizhan.toml").write_text("port = = 1")
    with pytest.raises(SettingsError, match="not TOML"):
        load_settings({"YIZHAN_DATA": str(tmp_path)})


def test_the_file_has_types(tmp_path: Path) -> None:
    (tmp_path / "yizhan.toml").write_text("demo = 1\n")
    with pytest.raises(SettingsError, match="demo"):
        load_settings({"YIZHAN_DATA": str(tmp_path)})


def test_keys_are_made_once_and_never_shown(tmp_path: Path) -> None:
    env = {"YIZHAN_DATA": str(tmp_path), "YIZHAN_DATABASE_URL": "postgresql://me:hush@db/x"}
    settings = load_settings(env)
    assert load_settings(env).keys == settings.keys
    assert "hush" not in repr(settings)
    assert settings.keys.blind.hex() not in repr(settings)


def test_lost_keys_beside_a_database_are_not_replaced(tmp_path: Path) -> None:
    env = {"YIZHAN_DATA": str(tmp_path)}
    load_settings(env)
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("18\n")
    load_settings(env)
    (tmp_path / "keys.toml").unlink()
    with pytest.raises(SettingsError, match="restore it"):
        load_settings(env)


def test_keys_others_can_read_stop_the_start(tmp_path: Path) -> None:
    env = {"YIZHAN_DATA": str(tmp_path)}
    load_settings(env)
    (tmp_path / "keys.toml").chmod(0o644)
    with pytest.raises(SettingsError, match="chmod 600"):
        load_settings(env)


def test_a_data_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="data_dir"):
        load_settings({"YIZHAN_DATA": str(tmp_path / "file")})


def test_names_in_the_environment() -> None:
    assert env_name("data_dir") == "YIZHAN_DATA"
    assert env_name("web") == "YIZHAN_WEB"
