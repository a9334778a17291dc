"""Dated facts from files: compared, stored with a version, the replaced ones kept, months counted anew."""
