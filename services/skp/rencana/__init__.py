"""Sasaran Kinerja Pegawai: RHK that intervene the atasan's RHK, agreed between both."""
