"""What policies ask for and no other source tells: a region's own facts, eselon, place, zakat, other cuts."""
