-- The address of a page that is the id itself says nothing more.
UPDATE status SET url = NULL WHERE url = uri;
