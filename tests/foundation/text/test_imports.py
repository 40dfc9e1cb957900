import subprocess
import sys


def test_heavy_libraries_wait_for_their_first_use() -> None:
    check = (
        "import sys; import yizhan.foundation.text as text; text.strip_quoted('a'); text.asks_human('a');"
        "text.pii.mask('a'); text.decode(b'a');"
        "sys.exit(' '.join({'rjieba', 'nh3', 'charset_normalizer'} & set(sys.modules)) or 0)"
    )
    outcome = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=False)
    assert outcome.returncode == 0, outcome.stderr
