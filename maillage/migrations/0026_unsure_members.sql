-- The first status here of which it is not known whether it is for this site, which could not be
-- asked then whether it still belongs to an audience that began elsewhere.
ALTER TABLE audience_member ADD COLUMN unsure_from BIGINT;
