"""What assessment hears, and what it does once a month is complete."""

from services.assessment.penilaian.finalisasi import finalkan, kurang
from services.assessment.salinan import periode, skp
from services.assessment.salinan.nama import catat_nama
from services.assessment.salinan.pegawai import catat_pegawai
from shared.auth.generations import catat_akun, catat_sesi
from shared.contracts.keamanan import SesiEnded
from shared.contracts.pegawai import AkunChanged, KontakChanged, PegawaiChanged
from shared.contracts.periode import (
    PeriodeClosed,
    PeriodeOpened,
    PeriodeReopened,
    PeriodeRoster,
    PeriodeSubmissionClosed,
)
from shared.contracts.skp import RealisasiSubmitted, SkpApproved, SkpReturned, SkpSubmitted
from shared.inbox import Barrier, on

SUBSCRIPTIONS = (
    on(PegawaiChanged, catat_pegawai),
    on(KontakChanged, catat_nama),
    on(AkunChanged, catat_akun),
    on(SesiEnded, catat_sesi),
    on(SkpSubmitted, skp.catat_diajukan),
    on(SkpApproved, skp.catat_disetujui),
    on(SkpReturned, skp.catat_dikembalikan),
    on(RealisasiSubmitted, skp.catat_realisasi),
    on(PeriodeOpened, periode.catat_dibuka),
    on(PeriodeSubmissionClosed, periode.catat_pengiriman_ditutup),
    on(PeriodeRoster, periode.catat_roster),
    on(PeriodeClosed, periode.catat_ditutup),
    on(PeriodeReopened, periode.catat_dibuka_kembali),
)

BARRIERS = (Barrier(PeriodeClosed, finalise=finalkan, missing=kurang, voided_by=PeriodeReopened),)
