-- migrate:up

-- Of an extra payment the month that it is paid in, with whose tax it goes; empty: the month it is based on.
ALTER TABLE periode ADD COLUMN dibayar text;
CREATE FUNCTION bulan_bayar(text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT coalesce(dibayar, dasar) FROM periode WHERE periode = $1), $1)
$$;
