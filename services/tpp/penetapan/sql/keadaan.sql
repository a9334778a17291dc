-- name: kembali_ke_draf(periode, opd, oleh, alasan)!
-- Decisions taken on figures that have changed since do not count any more.
WITH dulu AS (
    SELECT periode, opd_kode, keadaan, version FROM penetapan
    WHERE periode = :periode AND opd_kode = ANY (:opd::text[]) AND keadaan IN ('diverifikasi', 'disetujui')
    ORDER BY opd_kode FOR UPDATE
), jadi AS (
    UPDATE penetapan k
    SET keadaan = 'draf', version = k.version + 1, diverifikasi_oleh = NULL, disetujui_oleh = NULL
    FROM dulu WHERE k.periode = dulu.periode AND k.opd_kode = dulu.opd_kode
)
INSERT INTO penetapan_riwayat (periode, opd_kode, version, dari, menjadi, oleh, alasan)
SELECT periode, opd_kode, version + 1, keadaan, 'draf', :oleh, :alasan FROM dulu;
