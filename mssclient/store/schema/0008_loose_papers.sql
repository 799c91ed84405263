-- A line that stands for a PDF which came without archive: nobody but a person says whose it is.
ALTER TABLE document ADD COLUMN loose INTEGER NOT NULL DEFAULT 0;
CREATE INDEX document_loose ON document (sha1) WHERE loose;
