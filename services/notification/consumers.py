"""What notification hears."""

from services.notification.kotak_masuk import catat
from services.notification.kotak_masuk.colek import colek
from services.notification.kotak_masuk.keamanan import faktor
from services.notification.salinan.orang import catat_akun, catat_kontak, catat_pegawai
from shared.auth.generations import catat_sesi
from shared.contracts.colek import ColekSent
from shared.contracts.keamanan import FaktorChanged, SesiEnded
from shared.contracts.pegawai import AkunChanged, KontakChanged, PegawaiChanged
from shared.contracts.penilaian import PenilaianFinalised
from shared.contracts.periode import PeriodeClosed, PeriodeOpened, PeriodeReopened, PeriodeSubmissionClosed
from shared.contracts.skp import SkpApproved, SkpReturned, SkpSubmitted
from shared.contracts.tpp import (
    TppCalculated,
    TppCorrected,
    TppHeld,
    TppKeberatanDecided,
    TppPaid,
    TppPaymentFailed,
)
from shared.inbox import on

SUBSCRIPTIONS = (
    on(KontakChanged, catat_kontak),
    on(PegawaiChanged, catat_pegawai),
    on(AkunChanged, catat_akun),
    on(SesiEnded, catat_sesi),
    on(FaktorChanged, faktor),
    on(PeriodeOpened, catat.siaran("periode_dibuka")),
    on(PeriodeSubmissionClosed, catat.siaran("periode_pengiriman_ditutup")),
    on(PeriodeClosed, catat.siaran("periode_ditutup")),
    on(PeriodeReopened, catat.siaran("periode_dibuka_kembali")),
    on(SkpSubmitted, catat.skp_diajukan),
    on(SkpApproved, catat.skp_disetujui),
    on(SkpReturned, catat.skp_dikembalikan),
    on(PenilaianFinalised, catat.penilaian_final),
    on(TppCalculated, catat.tentang_tpp("tpp_dihitung")),
    on(TppHeld, catat.tentang_tpp("tpp_ditahan")),
    on(TppCorrected, catat.tentang_tpp("tpp_dikoreksi")),
    on(TppKeberatanDecided, catat.keberatan_dijawab),
    on(TppPaid, catat.tentang_tpp("tpp_dibayar")),
    on(TppPaymentFailed, catat.tentang_tpp("tpp_gagal_dibayar")),
    on(ColekSent, colek),
)
