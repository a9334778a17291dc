"""What tpp hears, and what tells it that a month is complete."""

from services.tpp.kehadiran.presensi import catat_cabut, catat_hari
from services.tpp.pegawai import periode
from services.tpp.pegawai.nama import catat_nama
from services.tpp.pegawai.orang import catat_pegawai
from services.tpp.pembayaran.catat import catat_dibayar, catat_gagal
from services.tpp.perhitungan.pekerja import kerjakan
from services.tpp.perhitungan.sementara import catat_final, catat_predikat
from shared.auth.generations import catat_akun, catat_sesi
from shared.contracts.keamanan import SesiEnded
from shared.contracts.kehadiran import KehadiranRecorded, KehadiranWithdrawn
from shared.contracts.payroll import ItemFailed, ItemPaid
from shared.contracts.pegawai import AkunChanged, KontakChanged, PegawaiChanged
from shared.contracts.penilaian import PenilaianFinalised, PenilaianPeriodFinalised, PredikatSet
from shared.contracts.periode import (
    PeriodeClosed,
    PeriodeOpened,
    PeriodeReopened,
    PeriodeRoster,
    PeriodeSubmissionClosed,
)
from shared.contracts.tpp import TppRunPart
from shared.inbox import Barrier, on

SUBSCRIPTIONS = (
    on(PegawaiChanged, catat_pegawai),
    on(KontakChanged, catat_nama),
    on(AkunChanged, catat_akun),
    on(SesiEnded, catat_sesi),
    on(KehadiranRecorded, catat_hari),
    on(KehadiranWithdrawn, catat_cabut),
    on(PredikatSet, catat_predikat),
    on(PenilaianFinalised, catat_final),
    on(PeriodeOpened, periode.catat_dibuka),
    on(PeriodeSubmissionClosed, periode.catat_pengiriman_ditutup),
    on(PeriodeRoster, periode.catat_roster),
    on(PeriodeClosed, periode.catat_ditutup),
    on(PeriodeReopened, periode.catat_dibuka_kembali),
    on(ItemPaid, catat_dibayar),
    on(ItemFailed, catat_gagal),
    on(TppRunPart, kerjakan, alone=True),
)

BARRIERS = (
    Barrier(
        PeriodeClosed,
        finalise=periode.lengkap,
        missing=periode.kurang_pegawai,
        voided_by=PeriodeReopened,
    ),
    Barrier(PenilaianPeriodFinalised, finalise=periode.penilaian_final, voided_by=PeriodeReopened),
)
