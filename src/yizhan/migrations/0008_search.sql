-- Search (owner: desk/search): walking from the newest row, and statistics fine enough to know common words.
CREATE INDEX search_row_at ON search_row (at DESC);
ALTER TABLE search_row ALTER COLUMN words SET STATISTICS 1000;
