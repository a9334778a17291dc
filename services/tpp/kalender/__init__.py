"""When people work: holidays, weekly hours, shifts, teams and their members; all dated, all as data."""
