-- Statuses are looked up by the address of their page, too.
CREATE INDEX status_url ON status (url) WHERE url IS NOT NULL;
