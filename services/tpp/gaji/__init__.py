"""What pay is taxed and insured by: salaries and PTKP, each from a day on, and the year so far."""
