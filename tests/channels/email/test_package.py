import subprocess
import sys

import yizhan.channels.email as email

DELIVER = "import sys, yizhan.channels.email.spool; print(*(m for m in sys.modules if m.startswith('yizhan.')))"


def test_every_public_name_is_there() -> None:
    assert sorted(email.__all__) == sorted(email._HOME_OF)
    for name in email.__all__:
        assert getattr(email, name) is not None


def test_the_command_of_an_mta_loads_only_the_spool() -> None:
    loaded = subprocess.run([sys.executable, "-c", DELIVER], capture_output=True, text=True, check=True).stdout.split()
    assert not [name for name in loaded if "parsing" in name or "desk" in name or "transport" in name]
