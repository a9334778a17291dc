"""Monitoring: OPDs worst first with a chart that is a table too, down to who is waited for."""

from tests.browser.conftest import Visit
from tests.browser.panduan import DESK
from tests.dunia import Dunia


def test_from_the_chart_to_the_person(visit: Visit, dunia: Dunia) -> None:
    path = f"/penilaian/monev/{dunia.pemda.periode}"
    with visit("bpkad", allow=("403",)) as who:
        who.open(path, 403)
    with visit("auditor") as who:
        who.open(path)
        who.check("monev")
        who.gambar("kepegawaian-monev", width=DESK)
        shares = [
            int(text.partition("(")[2].partition("%")[0])
            for text in who.page.locator("tbody").first.locator("td:nth-child(5)").all_inner_texts()
        ]
        assert shares == sorted(shares)
        assert len(shares) == 3
        assert who.page.locator(".grafik tbody tr").count() == who.page.locator(".grafik svg").count() == 3
        with who.page.expect_download() as waiting:
            who.page.get_by_role("link", name="Unduh CSV").click()
        assert waiting.value.path().read_bytes().decode("utf-8-sig").count("\n") == 4
        who.page.locator("tbody a").first.click()
        who.sees("Menunggu")
        who.check("monev-orang")
        waiting_rows = who.page.locator("tbody tr").count()
        who.press("Semua pegawai")
        assert who.page.locator("tbody tr").count() > waiting_rows
        who.page.locator("tbody a").first.click()
        who.sees("Riwayat penempatan")
    with visit("pengelola", javascript=False, width=360) as who:
        who.open("/penilaian/monev")
        assert who.page.locator("tbody").first.locator("tr").count() == 1
